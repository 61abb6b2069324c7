package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.DeleteFunctionConcurrencyRequest;
import dev.freehold.api.lambda.GetFunctionConcurrencyRequest;
import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.lambda.PutFunctionConcurrencyRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.run.Gate;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.storage.Transaction;
import org.jspecify.annotations.Nullable;

/// Reserved concurrency: what a function has for itself, and not more.
public final class ReservedConcurrency {
    private final Context context;

    public ReservedConcurrency(Context context) {
        this.context = context;
    }

    public void put(PutFunctionConcurrencyRequest in, Caller caller) {
        FunctionName name = unqualified(in.functionName(), caller);
        int wanted = in.reservedConcurrentExecutions();
        int others = context.gate().reserved(caller.account(), caller.region());
        context.store()
                .updateOnly(tx -> {
                    FunctionRow row = tx.get(LambdaTables.FUNCTIONS, name.id());
                    if (row == null) {
                        throw Errors.noFunction(name.id().arn(VersionKey.LATEST));
                    }
                    int provisioned = ProvisionedConcurrency.total(tx, name.id());
                    if (wanted < provisioned) {
                        throw Errors.invalid(
                                " ReservedConcurrentExecutions  "
                                        + wanted
                                        + " should not be lower than function's total provisioned"
                                        + " concurrency ["
                                        + provisioned
                                        + "].");
                    }
                    int own = row.reserved() == null ? 0 : row.reserved();
                    int left = Gate.ACCOUNT_CONCURRENCY - (others - own + wanted);
                    if (left < Gate.MIN_UNRESERVED) {
                        throw new InvalidParameterValueException(
                                "Specified ReservedConcurrentExecutions for function decreases account's"
                                        + " UnreservedConcurrentExecution below its minimum value of ["
                                        + Gate.MIN_UNRESERVED
                                        + "].");
                    }
                    tx.put(LambdaTables.FUNCTIONS, name.id(), row.withReserved(wanted));
                });
        context.gate().reservationsChanged(name.id());
    }

    private static FunctionName unqualified(String text, Caller caller) {
        FunctionName name = FunctionName.parse(text, null, caller);
        if (name.qualifier() != null) {
            throw Errors.invalid(
                    "This operation is permitted on Lambda functions only. Aliases and versions do"
                            + " not support this operation. Please specify either a function name"
                            + " or an unqualified function ARN.");
        }
        return name;
    }

    /// The reservation, or null when there is none.
    public @Nullable Integer get(GetFunctionConcurrencyRequest in, Caller caller) {
        FunctionName name = unqualified(in.functionName(), caller);
        return context.store().read(tx -> Lookup.function(tx, name)).reserved();
    }

    public void delete(DeleteFunctionConcurrencyRequest in, Caller caller) {
        FunctionName name = unqualified(in.functionName(), caller);
        context.store().updateOnly(tx -> clear(tx, name));
        context.gate().reservationsChanged(name.id());
    }

    private static void clear(Transaction tx, FunctionName name) {
        FunctionRow row = Lookup.function(tx, name);
        tx.put(LambdaTables.FUNCTIONS, name.id(), row.withReserved(null));
    }
}
