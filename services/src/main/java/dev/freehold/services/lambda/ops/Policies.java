package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.AddPermissionRequest;
import dev.freehold.api.lambda.GetPolicyRequest;
import dev.freehold.api.lambda.GetPolicyResponse;
import dev.freehold.api.lambda.RemovePermissionRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.rules.Statements;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.PolicyRow;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The resource policies of functions, versions and aliases.
public final class Policies {
    /// The most bytes that a policy may have.
    private static final int MAX_BYTES = 20 * 1024;

    private final Context context;

    public Policies(Context context) {
        this.context = context;
    }

    /// @return the statement that was added
    public String add(AddPermissionRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        if (VersionKey.LATEST.equals(name.qualifier())) {
            throw Errors.invalid("We currently do not support adding policies for $LATEST.");
        }
        String statement = Statements.of(in, name.arn());
        String revision = context.ids().get();
        QualifiedKey key = key(name);
        context.store()
                .updateOnly(tx -> {
                    requireForAdd(tx, name);
                    PolicyRow row = tx.get(LambdaTables.POLICIES, key);
                    requireRevision(row == null ? bare(tx, name) : row.revision(), in.revisionId());
                    PolicyRow next = added(row, in.statementId(), statement, revision);
                    if (next.document().getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
                        throw new dev.freehold.api.lambda.PolicyLengthExceededException(
                                "The final policy size is bigger than the limit ("
                                        + MAX_BYTES
                                        + ").");
                    }
                    tx.put(LambdaTables.POLICIES, key, next);
                });
        return statement;
    }

    static PolicyRow added(@Nullable PolicyRow row, String id, String statement, String revision) {
        if (row == null) {
            return new PolicyRow(revision, Map.of(id, statement));
        }
        if (row.statements().containsKey(id)) {
            throw Errors.conflict(
                    "The statement id ("
                            + id
                            + ") provided already exists. Please provide a new statement id, or"
                            + " remove the existing statement.");
        }
        return row.with(id, statement, revision);
    }

    private static void requireRevision(String current, @Nullable String revision) {
        if (revision != null && !revision.equals(current)) {
            throw Errors.revision("GetPolicy");
        }
    }

    /// Without a policy it is the revision of the function or alias itself.
    private String bare(Transaction tx, FunctionName name) {
        Lookup.Found found = Lookup.find(tx, name);
        return found.alias() == null
                ? found.version().revision(context.clock().instant())
                : String.valueOf(found.alias().revisionId());
    }

    private static QualifiedKey key(FunctionName name) {
        return new QualifiedKey(name.id(), name.qualifier() == null ? "" : name.qualifier());
    }

    /// A version that is missing is another error than an alias that is.
    private static void requireForAdd(Transaction tx, FunctionName name) {
        Lookup.function(tx, new FunctionName(name.id(), null));
        String qualifier = name.qualifier();
        if (qualifier == null || Lookup.findOrNull(tx, name) != null) {
            return;
        }
        boolean alias = !FunctionName.numeric(qualifier) && qualifier.indexOf('$') < 0;
        throw alias ? Aliases.missing(name.id(), qualifier) : Errors.noFunction(name.arn());
    }

    public void remove(RemovePermissionRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        String revision = context.ids().get();
        QualifiedKey key = key(name);
        context.store()
                .updateOnly(tx -> {
                    if (tx.get(LambdaTables.FUNCTIONS, name.id()) == null) {
                        throw Errors.notFound("No policy found for: " + name.arn());
                    }
                    if (name.qualifier() != null) {
                        requireForAdd(tx, name);
                    }
                    PolicyRow row = tx.get(LambdaTables.POLICIES, key);
                    if (row == null) {
                        throw Errors.notFound("No policy is associated with the given resource.");
                    }
                    if (!row.statements().containsKey(in.statementId())) {
                        throw Errors.notFound(
                                "Statement "
                                        + in.statementId()
                                        + " is not found in resource policy.");
                    }
                    requireRevision(row.revision(), in.revisionId());
                    PolicyRow next = row.without(in.statementId(), revision);
                    if (next.statements().isEmpty()) {
                        tx.delete(LambdaTables.POLICIES, key);
                    } else {
                        tx.put(LambdaTables.POLICIES, key, next);
                    }
                });
    }

    public GetPolicyResponse get(GetPolicyRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        PolicyRow row = context.store().read(tx -> tx.get(LambdaTables.POLICIES, key(name)));
        if (row == null) {
            throw Errors.noResource();
        }
        return GetPolicyResponse.builder()
                .policy(row.document())
                .revisionId(row.revision())
                .build();
    }
}
