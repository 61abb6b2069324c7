package dev.freehold.services.lambda.rules;

import dev.freehold.api.lambda.TooManyRequestsException;
import org.jspecify.annotations.Nullable;

/// The errors of calls that may not start now.
public final class Throttles {
    public static final String ACCOUNT = "ConcurrentInvocationLimitExceeded";
    public static final String RESERVED = "ReservedFunctionConcurrentInvocationLimitExceeded";
    public static final String RATE = "FunctionInvocationRateLimitExceeded";
    public static final String RESERVED_RATE = "ReservedFunctionInvocationRateLimitExceeded";

    private Throttles() {}

    /// A call for which there is no place.
    ///
    /// @param reason AWS's
    public static TooManyRequestsException of(String reason) {
        return of(reason, "Rate Exceeded.", null);
    }

    /// @param retryAfterSeconds when to try again, or null where AWS does not say
    public static TooManyRequestsException of(
            String reason, String message, @Nullable Long retryAfterSeconds) {
        return new TooManyRequestsException(
                message,
                TooManyRequestsException.Members.builder()
                        .reason(reason)
                        .type("User")
                        .retryAfterSeconds(
                                retryAfterSeconds == null
                                        ? null
                                        : String.valueOf(retryAfterSeconds))
                        .build());
    }
}
