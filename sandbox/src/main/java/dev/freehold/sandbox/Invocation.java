package dev.freehold.sandbox;

import org.jspecify.annotations.Nullable;

/// One call of a function.
///
/// @param requestId its id
/// @param payload the event, JSON
/// @param functionArn the ARN by which it was called
/// @param clientContext JSON, or null
/// @param traceId the trace header, or null
public record Invocation(
        String requestId,
        byte[] payload,
        String functionArn,
        @Nullable String clientContext,
        @Nullable String traceId) {}
