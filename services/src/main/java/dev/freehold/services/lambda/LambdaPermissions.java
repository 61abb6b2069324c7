package dev.freehold.services.lambda;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Structure;
import dev.freehold.services.lambda.durable.state.CallbackId;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.LambdaValidation;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LayerKey;
import dev.freehold.services.lambda.state.PolicyRow;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.storage.Store;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What Lambda's operations ask to be allowed: the operation on the function or layer that it
/// names, whose own policy may allow it too.
///
/// What names nothing can't be allowed, so input is checked here first, in Lambda's own words.
public record LambdaPermissions(Store store) implements Permissions {
    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        LambdaValidation.check(input);
        List<Permission> asked = new ArrayList<>();
        asked.add(main(operation, input, caller));
        String role = text(input, "Role");
        if (role != null) {
            asked.add(new Permission("iam:PassRole", role));
        }
        return asked;
    }

    private Permission main(Operation operation, Structure input, Caller caller) {
        String action = action(operation.name());
        String layer = text(input, "LayerName");
        if (layer != null) {
            LayerKey key = LayerKey.parse(layer, caller.account(), caller.region());
            return new Permission(action, key == null ? "*" : key.layerArn());
        }
        String function = text(input, "FunctionName");
        boolean mapping = operation.name().contains("EventSourceMapping");
        if (function == null || mapping) {
            String execution = execution(input);
            String resource = execution == null ? text(input, "Resource") : execution;
            return new Permission(action, resource == null ? "*" : resource);
        }
        FunctionName name = FunctionName.parse(function, text(input, "Qualifier"), caller);
        return new Permission(action, name.arn(), Map.of(), policy(name));
    }

    /// The durable execution that a request or its callback names, or null.
    private static @Nullable String execution(Structure input) {
        CallbackId callback = CallbackId.parse(text(input, "CallbackId"));
        return callback == null
                ? text(input, "DurableExecutionArn")
                : callback.execution().toString();
    }

    private static String action(String operation) {
        return switch (operation) {
            case "Invoke", "InvokeWithResponseStream" -> "lambda:InvokeFunction";
            case "GetLayerVersionByArn" -> "lambda:GetLayerVersion";
            default -> "lambda:" + operation;
        };
    }

    /// AWS: a version or alias has a policy of its own, and not the function's.
    private @Nullable String policy(FunctionName name) {
        String qualifier = name.unqualified() ? "" : String.valueOf(name.qualifier());
        QualifiedKey key = new QualifiedKey(name.id(), qualifier);
        PolicyRow row = store.read(tx -> tx.peek(LambdaTables.POLICIES, key));
        return row == null ? null : row.document();
    }

    private static @Nullable String text(Structure input, String name) {
        Member member = input.schema().member(name);
        return member != null && input.member(member.index()) instanceof String text ? text : null;
    }
}
