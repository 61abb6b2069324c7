package dev.freehold.services.s3.notify;

import dev.freehold.services.s3.state.Bucket;
import org.jspecify.annotations.Nullable;

/// Knows the queues, topics and functions that notifications may go to.
@FunctionalInterface
public interface Destinations {
    /// Why a destination can't be told of a bucket's changes, in AWS's words, or null when it can.
    /// A queue and a topic are told something to find that out, as AWS does.
    ///
    /// @param testMessage what they are told
    /// @param requestId the request that configures them
    @Nullable String refusal(Rule rule, Bucket bucket, String testMessage, String requestId);
}
