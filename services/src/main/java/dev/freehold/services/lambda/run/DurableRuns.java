package dev.freehold.services.lambda.run;

import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.rules.Lookup;
import org.jspecify.annotations.Nullable;

/// How durable functions are invoked: an execution is started, whose end is the answer.
@FunctionalInterface
public interface DurableRuns {
    /// @param name the execution's name, or null
    /// @param found a version of a durable function
    Answer run(Call call, @Nullable String name, Lookup.Found found, Caller caller);
}
