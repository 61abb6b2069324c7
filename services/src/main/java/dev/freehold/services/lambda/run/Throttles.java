package dev.freehold.services.lambda.run;

import dev.freehold.api.lambda.TooManyRequestsException;

/// The errors of calls that may not start now.
public final class Throttles {
    static final String ACCOUNT = "ConcurrentInvocationLimitExceeded";
    static final String RESERVED = "ReservedFunctionConcurrentInvocationLimitExceeded";
    static final String RATE = "FunctionInvocationRateLimitExceeded";
    static final String RESERVED_RATE = "ReservedFunctionInvocationRateLimitExceeded";

    private Throttles() {}

    /// A call for which there is no place.
    ///
    /// @param reason AWS's
    static TooManyRequestsException of(String reason) {
        return of(reason, "Rate Exceeded.", 1);
    }

    static TooManyRequestsException of(String reason, String message, long retryAfterSeconds) {
        return new TooManyRequestsException(
                message,
                TooManyRequestsException.Members.builder()
                        .reason(reason)
                        .type("User")
                        .retryAfterSeconds(String.valueOf(retryAfterSeconds))
                        .build());
    }
}
