package dev.freehold.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How an invocation ended.
///
/// @param payload the answer, or the error as JSON
/// @param failed whether the function failed
/// @param timings where the time went
/// @param maxMemory the most memory that was seen, in MiB
/// @param logTail the last 4 KB of its log
public record InvocationResult(
        byte[] payload, boolean failed, Timings timings, long maxMemory, String logTail) {

    /// Where the time went. The parts of a cold start are null for a warm one.
    ///
    /// @param duration the handler's
    /// @param sandbox from the request to an environment that runs
    /// @param init of the user's code
    public record Timings(Duration duration, @Nullable Duration sandbox, @Nullable Duration init) {
        /// Whether the environment was new.
        public boolean cold() {
            return init != null;
        }

        /// What AWS bills: the handler and, since August 2025, the init too, in whole milliseconds.
        public long billedMillis() {
            Duration all = init == null ? duration : duration.plus(init);
            return Math.max(1, (all.toNanos() + 999_999) / 1_000_000);
        }
    }
}
