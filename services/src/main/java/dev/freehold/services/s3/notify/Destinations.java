package dev.freehold.services.s3.notify;

import org.jspecify.annotations.Nullable;

/// Knows the queues, topics and functions that notifications may go to.
@FunctionalInterface
public interface Destinations {
    /// Why a destination can't be told, in AWS's words, or null when it can.
    @Nullable String refusal(Rule rule);
}
