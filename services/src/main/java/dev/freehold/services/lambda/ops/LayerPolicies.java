package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.AddLayerVersionPermissionRequest;
import dev.freehold.api.lambda.RemoveLayerVersionPermissionRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.Statements;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LayerKey;
import dev.freehold.services.lambda.state.PolicyRow;
import dev.freehold.storage.Transaction;
import org.jspecify.annotations.Nullable;

/// The resource policies of layer versions.
public final class LayerPolicies {
    private final Context context;

    public LayerPolicies(Context context) {
        this.context = context;
    }

    /// What was added, and the policy's revision after it.
    public record Added(String statement, String revision) {}

    public Added add(AddLayerVersionPermissionRequest in, Caller caller) {
        LayerKey key = Layers.layer(in.layerName(), caller).at(in.versionNumber().intValue());
        String statement = Statements.of(in, key.arn());
        String revision = context.ids().get();
        context.store()
                .updateOnly(tx -> {
                    requireLayer(tx, key);
                    PolicyRow row = tx.get(LambdaTables.LAYER_POLICIES, key);
                    PolicyRow next = Policies.added(row, in.statementId(), statement, revision);
                    requireRevision(row, in.revisionId());
                    tx.put(LambdaTables.LAYER_POLICIES, key, next);
                });
        return new Added(statement, revision);
    }

    private static void requireLayer(Transaction tx, LayerKey key) {
        if (tx.get(LambdaTables.LAYERS, key) == null) {
            throw Errors.notFound("Layer version " + key.arn() + " does not exist.");
        }
    }

    private static void requireRevision(@Nullable PolicyRow row, @Nullable String revision) {
        if (revision != null && (row == null || !revision.equals(row.revision()))) {
            throw Errors.revision("GetLayerPolicy");
        }
    }

    public void remove(RemoveLayerVersionPermissionRequest in, Caller caller) {
        LayerKey key = Layers.layer(in.layerName(), caller).at(in.versionNumber().intValue());
        String revision = context.ids().get();
        context.store()
                .updateOnly(tx -> {
                    requireLayer(tx, key);
                    PolicyRow row = tx.get(LambdaTables.LAYER_POLICIES, key);
                    requireRevision(row, in.revisionId());
                    if (row == null || !row.statements().containsKey(in.statementId())) {
                        throw Errors.notFound(
                                "Statement "
                                        + in.statementId()
                                        + " is not found in resource policy.");
                    }
                    PolicyRow next = row.without(in.statementId(), revision);
                    if (next.statements().isEmpty()) {
                        tx.delete(LambdaTables.LAYER_POLICIES, key);
                    } else {
                        tx.put(LambdaTables.LAYER_POLICIES, key, next);
                    }
                });
    }

    public PolicyRow get(String name, long version, Caller caller) {
        LayerKey key = Layers.layer(name, caller).at((int) version);
        PolicyRow row =
                context.store()
                        .read(tx -> {
                            requireLayer(tx, key);
                            return tx.get(LambdaTables.LAYER_POLICIES, key);
                        });
        if (row == null) {
            throw Errors.notFound("No policy is associated with the given resource.");
        }
        return row;
    }
}
