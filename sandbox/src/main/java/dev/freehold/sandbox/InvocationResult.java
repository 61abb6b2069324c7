package dev.freehold.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How an invocation ended.
///
/// @param payload the answer, or the error as JSON; empty when a [ResponseSink] has had the answer
/// @param failed whether the function failed
/// @param timings where the time went
/// @param maxMemory the most memory that was seen, in MiB
/// @param logTail the last 4 KB of its log
public record InvocationResult(
        byte[] payload, boolean failed, Timings timings, long maxMemory, String logTail) {

    /// Where the time went.
    ///
    /// @param waited from the request until it had an environment
    /// @param duration the handler's, by the wall's clock
    /// @param cpu what the runtime's process computed meanwhile
    /// @param coldStart how the environment came up, when this was its first invocation
    public record Timings(
            Duration waited, Duration duration, Duration cpu, @Nullable ColdStart coldStart) {
        /// Whether the environment was new.
        public boolean cold() {
            return coldStart != null;
        }

        /// What AWS bills: the handler and, since August 2025, the init too, in whole milliseconds.
        public long billedMillis() {
            Duration all = coldStart == null ? duration : duration.plus(coldStart.init());
            return Math.max(1, (all.toNanos() + 999_999) / 1_000_000);
        }
    }

    /// The phases of a cold start.
    ///
    /// @param queue from the request to the beginning of the start
    /// @param sandbox until there was an empty sandbox; next to nothing from the pool
    /// @param runtime until its interpreter was ready; nothing from the pool
    /// @param code until the function's code and variables were there
    /// @param init the user's code outside the handler
    public record ColdStart(
            Duration queue, Duration sandbox, Duration runtime, Duration code, Duration init) {
        /// All of them together.
        public Duration total() {
            return queue.plus(sandbox).plus(runtime).plus(code).plus(init);
        }
    }
}
