package dev.freehold.services.lambda.events;

import dev.freehold.api.lambda.DeadLetterConfig;
import dev.freehold.api.lambda.DestinationConfig;
import dev.freehold.api.lambda.FunctionEventInvokeConfig;
import dev.freehold.protocol.Blob;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.RetryPolicy;
import dev.freehold.services.lambda.events.InvocationRecord.Condition;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.run.Answer;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.storage.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Tells destinations and dead-letter targets how events ended: writes a delivery for each, which
/// [RecordSender] performs.
public final class Destinations {
    /// The kind of these deliveries.
    public static final String KIND = "lambda.record";

    /// The most characters of an error in a dead letter's attributes.
    private static final int MAX_ERROR = 1024;

    private static final RetryPolicy RETRY =
            new RetryPolicy(
                    10, Duration.ofHours(6), Duration.ofSeconds(1), Duration.ofMinutes(5), null);

    private final Store store;
    private final Deliveries deliveries;
    private final InstantSource clock;
    private final Supplier<String> ids;

    public Destinations(
            Store store, Deliveries deliveries, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.deliveries = deliveries;
        this.clock = clock;
        this.ids = ids;
    }

    /// Tells how a durable execution ended that an event had begun.
    ///
    /// @param requestId the event's
    /// @param request the event
    public void tell(FunctionName name, String requestId, Blob request, Answer answer) {
        Lookup.Found found = store.read(tx -> Lookup.findOrNull(tx, name));
        if (found != null) {
            boolean failed = answer.result().failed();
            Condition condition = failed ? Condition.RETRIES_EXHAUSTED : Condition.SUCCESS;
            tell(name, found, new InvocationRecord(condition, requestId, 1, request, answer));
        }
    }

    /// Tells whom it concerns, if anybody.
    void tell(FunctionName name, Lookup.Found found, InvocationRecord record) {
        String qualifier = name.qualifier() == null ? VersionKey.LATEST : name.qualifier();
        QualifiedKey key = new QualifiedKey(name.id(), qualifier);
        FunctionEventInvokeConfig config =
                store.read(tx -> tx.get(LambdaTables.EVENT_CONFIGS, key));
        Instant now = clock.instant();
        String role = String.valueOf(found.version().configuration().role());
        String destination = destination(config, record.success());
        if (destination != null) {
            String json = record.json(name.id().arn(qualifier), now);
            Map<String, String> attributes = Map.of("role", role, "function", name.id().name());
            write(name, destination, attributes, Blob.ofUtf8(json), now);
        }
        DeadLetterConfig letters = found.version().configuration().deadLetterConfig();
        String target = letters == null ? null : letters.targetArn();
        if (!record.success() && target != null) {
            Map<String, String> attributes = new LinkedHashMap<>();
            attributes.put("role", role);
            attributes.put("function", name.id().name());
            attributes.put("RequestID", record.requestId());
            attributes.put("ErrorCode", "200");
            String error = record.error();
            attributes.put("ErrorMessage", error.substring(0, Math.min(error.length(), MAX_ERROR)));
            write(name, target, attributes, record.request(), now);
        }
    }

    private static @Nullable String destination(
            @Nullable FunctionEventInvokeConfig config, boolean success) {
        DestinationConfig both = config == null ? null : config.destinationConfig();
        if (both == null) {
            return null;
        }
        String found =
                success
                        ? both.onSuccess() == null ? null : both.onSuccess().destination()
                        : both.onFailure() == null ? null : both.onFailure().destination();
        return found == null || found.isEmpty() ? null : found;
    }

    private void write(
            FunctionName name,
            String target,
            Map<String, String> attributes,
            Blob payload,
            Instant now) {
        Delivery delivery =
                new Delivery(
                        ids.get(),
                        KIND,
                        name.id().account(),
                        name.id().region(),
                        target,
                        attributes,
                        payload,
                        now,
                        0,
                        RETRY);
        store.updateOnly(tx -> deliveries.enqueue(tx, delivery, now));
        deliveries.wake();
    }
}
