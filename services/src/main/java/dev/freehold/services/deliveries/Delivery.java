package dev.freehold.services.deliveries;

import dev.freehold.protocol.Blob;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that happens because of something else: a row written in the transaction of its cause,
/// performed later by the [Dispatcher] through the handler of its kind, at least once.
///
/// @param id unique; what is shown to people and passed on for deduplication
/// @param kind names the [DeliveryHandler]: `sns.http`, `lambda.async`, `target`
/// @param account the account it belongs to
/// @param region the region it belongs to
/// @param target the ARN (or URL) that receives it
/// @param attributes small facts for the handler
/// @param payload what is delivered, up to 8 MiB
/// @param created when its cause happened
/// @param attempt how many attempts have failed
/// @param retry how it is retried and where it goes when it is dead
/// @param lane deliveries of one lane are performed one after the other, in the order in which they
///   were written: each waits until the one before is done or dead. Null: it waits for none
public record Delivery(
        String id,
        String kind,
        String account,
        String region,
        String target,
        Map<String, String> attributes,
        Blob payload,
        Instant created,
        int attempt,
        RetryPolicy retry,
        @Nullable String lane) {
    public Delivery {
        attributes = Map.copyOf(attributes);
    }

    /// A delivery that waits for no other.
    public Delivery(
            String id,
            String kind,
            String account,
            String region,
            String target,
            Map<String, String> attributes,
            Blob payload,
            Instant created,
            int attempt,
            RetryPolicy retry) {
        this(id, kind, account, region, target, attributes, payload, created, attempt, retry, null);
    }

    /// The same delivery in a lane.
    public Delivery inLane(String name) {
        return new Delivery(
                id,
                kind,
                account,
                region,
                target,
                attributes,
                payload,
                created,
                attempt,
                retry,
                name);
    }

    Delivery withPayload(Blob other) {
        return new Delivery(
                id,
                kind,
                account,
                region,
                target,
                attributes,
                other,
                created,
                attempt,
                retry,
                lane);
    }

    Delivery withAttempt(int failures) {
        return new Delivery(
                id,
                kind,
                account,
                region,
                target,
                attributes,
                payload,
                created,
                failures,
                retry,
                lane);
    }
}
