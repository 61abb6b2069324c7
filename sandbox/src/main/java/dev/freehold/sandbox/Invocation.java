package dev.freehold.sandbox;

import org.jspecify.annotations.Nullable;

/// One call of a function.
///
/// @param requestId its id
/// @param payload the event, JSON
/// @param functionArn the ARN by which it was called
/// @param clientContext JSON, or null
/// @param traceId the trace header, or null
/// @param tenantId for whom a function with an environment for each tenant runs; else null
public record Invocation(
        String requestId,
        byte[] payload,
        String functionArn,
        @Nullable String clientContext,
        @Nullable String traceId,
        @Nullable String tenantId) {

    /// One of a function that has no tenants.
    public Invocation(
            String requestId,
            byte[] payload,
            String functionArn,
            @Nullable String clientContext,
            @Nullable String traceId) {
        this(requestId, payload, functionArn, clientContext, traceId, null);
    }
}
