package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.Layer;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.code.CodePackage;
import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LayerKey;
import dev.freehold.services.lambda.state.LayerRow;
import dev.freehold.services.lambda.state.PolicyRow;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The layers that a function refers to.
///
/// @param shown as they are answered
/// @param codes the packages, in the same order
record LayerRefs(List<Layer> shown, List<String> codes) {
    private static final int MAX_LAYERS = 5;

    /// @throws dev.freehold.protocol.ServiceError when the function can't have them
    static LayerRefs of(Transaction tx, List<String> arns, Caller caller) {
        if (arns.size() > MAX_LAYERS) {
            throw Errors.invalid("Cannot reference more than " + MAX_LAYERS + " layers.");
        }
        List<Layer> shown = new ArrayList<>();
        List<String> codes = new ArrayList<>();
        Map<String, String> seen = new HashMap<>();
        for (String arn : arns) {
            LayerKey key = LayerKey.parse(arn, caller.account(), caller.region());
            if (key == null || key.version() == 0) {
                throw missing(arn);
            }
            if (!key.region().equals(caller.region())) {
                throw Errors.invalid(
                        "Layers are not in the same region as the function. Layers are expected to"
                                + " be in region "
                                + caller.region()
                                + ".");
            }
            LayerRow row = tx.get(LambdaTables.LAYERS, key);
            if (row == null) {
                throw missing(arn);
            }
            allowed(tx, key, caller);
            String other = seen.put(key.layerArn(), arn);
            if (other != null) {
                throw Errors.invalid(
                        "Two different versions of the same layer are not allowed to be referenced"
                                + " in the same function. "
                                + other
                                + " and "
                                + arn
                                + " are versions of the same layer.");
            }
            shown.add(Layer.builder().arn(arn).codeSize(row.size()).build());
            codes.add(row.code());
        }
        return new LayerRefs(shown, codes);
    }

    private static RuntimeException missing(String arn) {
        return Errors.invalid("Layer version " + arn + " does not exist.");
    }

    /// Another account's layer must be shared by its policy.
    private static void allowed(Transaction tx, LayerKey key, Caller caller) {
        if (key.account().equals(caller.account())) {
            return;
        }
        PolicyRow policy = tx.get(LambdaTables.LAYER_POLICIES, key);
        boolean shared =
                policy != null
                        && policy.statements().values().stream()
                                .anyMatch(statement -> names(statement, caller.account()));
        if (!shared) {
            throw new CommonError(
                    "AccessDeniedException",
                    403,
                    "User: "
                            + caller.principal().arn()
                            + " is not authorized to perform: lambda:GetLayerVersion on resource: "
                            + key.arn()
                            + " because no resource-based policy allows the"
                            + " lambda:GetLayerVersion action");
        }
    }

    private static boolean names(String statement, String account) {
        @Nullable Object principal = Json.readObject(statement).get("Principal");
        Object who = principal instanceof Map<?, ?> map ? map.get("AWS") : principal;
        return "*".equals(who) || String.valueOf(who).contains("::" + account + ":");
    }

    /// @throws dev.freehold.protocol.ServiceError when code and layers are too large together
    void checkSize(long code, Packages packages) {
        long size = code;
        for (String sha : codes) {
            size += packages.find(sha).unpacked();
        }
        if (size > CodePackage.MAX_UNPACKED) {
            throw Errors.invalid(
                    "Function code combined with layers exceeds the maximum allowed size of "
                            + CodePackage.MAX_UNPACKED
                            + " bytes. The actual size is "
                            + size
                            + " bytes.");
        }
    }
}
