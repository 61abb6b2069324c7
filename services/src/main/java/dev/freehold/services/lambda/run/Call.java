package dev.freehold.services.lambda.run;

import dev.freehold.services.lambda.rules.FunctionName;
import org.jspecify.annotations.Nullable;

/// One invocation that somebody wants.
///
/// @param name the function, as it was named
/// @param payload the event, JSON
/// @param clientContext JSON, or null
/// @param trace the trace header of the cause, or null
/// @param tenant for whom, or null
public record Call(
        FunctionName name,
        byte[] payload,
        @Nullable String clientContext,
        @Nullable String trace,
        @Nullable String tenant) {

    /// One for no tenant.
    public Call(
            FunctionName name,
            byte[] payload,
            @Nullable String clientContext,
            @Nullable String trace) {
        this(name, payload, clientContext, trace, null);
    }
}
