package dev.freehold.services.lambda.run;

import dev.freehold.sandbox.InvocationResult;
import org.jspecify.annotations.Nullable;

/// How an invocation ended.
///
/// @param version which version ran: `$LATEST` or a number
/// @param execution the ARN of the durable execution that it was, or null
public record Answer(InvocationResult result, String version, @Nullable String execution) {
    public Answer(InvocationResult result, String version) {
        this(result, version, null);
    }
}
