package dev.freehold.services.lambda.durable.ops;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.lambda.durable.state.CallbackId;
import dev.freehold.services.lambda.durable.state.ExecutionArn;
import dev.freehold.services.lambda.rules.Errors;
import org.jspecify.annotations.Nullable;

/// Executions as requests name them.
final class ExecutionArns {
    private ExecutionArns() {}

    /// @throws dev.freehold.protocol.ServiceError when it is no execution's ARN, or another
    ///   account's or region's
    static ExecutionArn of(String text, Caller caller) {
        return own(ExecutionArn.parse(text), "Invalid Durable Execution ARN", caller);
    }

    /// @throws dev.freehold.protocol.ServiceError when it is no callback's id, or another account's
    ///   or region's
    static CallbackId callback(String text, Caller caller) {
        CallbackId id = CallbackId.parse(text);
        ExecutionArn arn = id == null ? null : id.execution();
        return new CallbackId(
                own(arn, "Invalid callback ID", caller), id == null ? "" : id.operation());
    }

    private static ExecutionArn own(@Nullable ExecutionArn arn, String message, Caller caller) {
        if (arn == null || !arn.key().function().region().equals(caller.region())) {
            throw Errors.invalid(message);
        }
        if (!arn.key().function().account().equals(caller.account())) {
            throw new CommonError("AccessDeniedException", 403, null);
        }
        return arn;
    }
}
