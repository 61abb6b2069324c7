package dev.freehold.services.deliveries;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How a delivery is retried.
///
/// @param maxAttempts the most attempts, the first included; at least 1
/// @param maxAge how old it may get before it is dead
/// @param firstBackoff the pause after the first failure, doubled after each further one
/// @param maxBackoff the longest pause
/// @param deadLetterArn the queue or topic that gets the dead ones, or null
public record RetryPolicy(
        int maxAttempts,
        Duration maxAge,
        Duration firstBackoff,
        Duration maxBackoff,
        @Nullable String deadLetterArn) {
    public RetryPolicy {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts: " + maxAttempts);
        }
    }

    /// The pause after `failures` failed attempts.
    public Duration backoff(int failures) {
        int doublings = Math.min(failures - 1, 20);
        Duration pause = firstBackoff.multipliedBy(1L << Math.max(doublings, 0));
        return pause.compareTo(maxBackoff) > 0 ? maxBackoff : pause;
    }
}
