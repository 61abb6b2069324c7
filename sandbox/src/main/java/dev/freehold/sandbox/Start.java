package dev.freehold.sandbox;

import dev.freehold.sandbox.InvocationResult.ColdStart;

/// What a request that waits for an environment gets.
sealed interface Start {
    /// An environment, which nobody else has now.
    record Up(Group group, Instance instance) implements Start {}

    /// The function's code can't be loaded.
    ///
    /// @param memory the most that was seen, in bytes
    record Failed(Failure failure, SystemLog log, ColdStart start, long memory) implements Start {}

    /// No environment could be had in time.
    record Full() implements Start {}
}
