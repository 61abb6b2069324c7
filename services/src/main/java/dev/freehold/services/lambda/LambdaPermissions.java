package dev.freehold.services.lambda;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Structure;
import dev.freehold.storage.Store;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What Lambda's operations ask to be allowed: the operation on the function that it names, whose
/// own policy may allow it too.
public record LambdaPermissions(Store store) implements Permissions {
    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        String text = text(input, "FunctionName");
        if (text == null) {
            text = text(input, "Resource");
        }
        FunctionName name = text == null ? null : FunctionName.parse(text, null, caller);
        String action =
                operation.name().equals("Invoke")
                        ? "lambda:InvokeFunction"
                        : "lambda:" + operation.name();
        if (name == null || operation.name().contains("EventSourceMapping")) {
            return List.of(new Permission(action, "*"));
        }
        FunctionRow row = store.read(tx -> tx.peek(LambdaTables.FUNCTIONS, name.key()));
        String policy = row == null ? null : row.policy();
        return List.of(new Permission(action, name.arn(), Map.of(), policy));
    }

    private static @Nullable String text(Structure input, String name) {
        Member member = input.schema().member(name);
        return member != null && input.member(member.index()) instanceof String text ? text : null;
    }
}
