package dev.freehold.services.deliveries;

import dev.freehold.protocol.Blob;
import java.time.Instant;
import java.util.Map;

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
        RetryPolicy retry) {
    public Delivery {
        attributes = Map.copyOf(attributes);
    }

    Delivery withPayload(Blob other) {
        return new Delivery(
                id, kind, account, region, target, attributes, other, created, attempt, retry);
    }

    Delivery withAttempt(int failures) {
        return new Delivery(
                id, kind, account, region, target, attributes, payload, created, failures, retry);
    }
}
