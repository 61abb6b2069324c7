package dev.freehold.services.logs;

import dev.freehold.api.logs.AccessDeniedException;
import dev.freehold.api.logs.InputLogEvent;
import dev.freehold.api.logs.InvalidParameterException;
import dev.freehold.api.logs.LimitExceededException;
import dev.freehold.api.logs.PutSubscriptionFilterRequest;
import dev.freehold.api.logs.ResourceNotFoundException;
import dev.freehold.api.logs.SubscriptionFilter;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.RetryPolicy;
import dev.freehold.services.json.Json;
import dev.freehold.services.logs.LogsTables.Group;
import dev.freehold.services.logs.LogsTables.GroupKey;
import dev.freehold.services.logs.LogsTables.NamedKey;
import dev.freehold.services.logs.LogsTables.Scope;
import dev.freehold.services.logs.LogsTables.StreamKey;
import dev.freehold.services.structures.Copies;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/// Subscription filters: what matches goes to a function, through the queue of deliveries, written
/// with the events themselves.
///
/// See <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html>.
final class Subscriptions {
    private static final int MAX_PER_GROUP = 2;
    private static final RetryPolicy RETRY =
            new RetryPolicy(
                    1_000,
                    Duration.ofHours(24),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(5),
                    null);

    private final Store store;
    private final InstantSource clock;
    private final Deliveries deliveries;

    Subscriptions(Store store, InstantSource clock, Deliveries deliveries) {
        this.store = store;
        this.clock = clock;
        this.deliveries = deliveries;
    }

    void wake() {
        deliveries.wake();
    }

    void put(PutSubscriptionFilterRequest in, Caller caller) {
        check(in, caller);
        Scope scope = new Scope(caller.account(), caller.region());
        long now = clock.millis();
        store.updateOnly(tx -> {
            Group group = LogsService.group(tx, scope, in.logGroupName());
            NamedKey key = new NamedKey(scope, in.logGroupName(), in.filterName());
            SubscriptionFilter known = tx.get(LogsTables.SUBSCRIPTIONS, key);
            if (known == null) {
                if (group.subscriptions() >= MAX_PER_GROUP) {
                    throw new LimitExceededException("Resource limit exceeded.");
                }
                tx.put(
                        LogsTables.GROUPS,
                        new GroupKey(scope, in.logGroupName()),
                        group.withSubscriptions(group.subscriptions() + 1));
            }
            SubscriptionFilter filter =
                    Copies.of(in, SubscriptionFilter.builder())
                            .distribution(
                                    in.distribution() == null ? "ByLogStream" : in.distribution())
                            .applyOnTransformedLogs(false)
                            .creationTime(
                                    known == null || known.creationTime() == null
                                            ? now
                                            : known.creationTime())
                            .build();
            tx.put(LogsTables.SUBSCRIPTIONS, key, filter);
        });
    }

    private static void check(PutSubscriptionFilterRequest in, Caller caller) {
        FilterPattern.checked(in.filterPattern());
        Arn arn = Arn.parse(in.destinationArn());
        if (arn == null) {
            throw new InvalidParameterException(
                    "1 validation error detected: Value '"
                            + in.destinationArn()
                            + "' at 'destinationArn' failed to satisfy constraint: Member must be"
                            + " an ARN");
        }
        boolean needsRole = arn.service().equals("kinesis") || arn.service().equals("firehose");
        if (needsRole && in.roleArn() == null) {
            throw new InvalidParameterException(
                    "destinationArn for vendor "
                            + arn.service()
                            + " cannot be used without roleArn");
        }
        if (!arn.service().equals("lambda")) {
            throw new NotImplementedError(
                    "A subscription filter with a destination of " + arn.service());
        }
        if (!arn.account().equals(caller.account())) {
            throw new AccessDeniedException(
                    "Cross-account lambda invocation passing is not allowed. You must use"
                            + " DestinationPolicies to create cross account lambda triggers.");
        }
        if (in.roleArn() != null) {
            throw new InvalidParameterException(
                    "destinationArn for vendor lambda cannot be used with roleArn");
        }
        if (Boolean.TRUE.equals(in.applyOnTransformedLogs())
                || in.fieldSelectionCriteria() != null
                || (in.emitSystemFields() != null && !in.emitSystemFields().isEmpty())) {
            throw new NotImplementedError(
                    "ApplyOnTransformedLogs, FieldSelectionCriteria or EmitSystemFields of a"
                            + " subscription filter");
        }
    }

    void delete(Caller caller, String groupName, String name) {
        Scope scope = new Scope(caller.account(), caller.region());
        store.updateOnly(tx -> {
            Group group = LogsService.group(tx, scope, groupName);
            NamedKey key = new NamedKey(scope, groupName, name);
            if (tx.get(LogsTables.SUBSCRIPTIONS, key) == null) {
                throw new ResourceNotFoundException(
                        "The specified subscription filter does not exist.");
            }
            tx.delete(LogsTables.SUBSCRIPTIONS, key);
            tx.put(
                    LogsTables.GROUPS,
                    new GroupKey(scope, groupName),
                    group.withSubscriptions(group.subscriptions() - 1));
        });
    }

    List<SubscriptionFilter> list(Caller caller, String group, @Nullable String prefix) {
        Scope scope = new Scope(caller.account(), caller.region());
        return store.read(tx -> {
            LogsService.group(tx, scope, group);
            return all(tx, scope, group).stream()
                    .filter(f ->
                            prefix == null || String.valueOf(f.filterName()).startsWith(prefix))
                    .toList();
        });
    }

    private static List<SubscriptionFilter> all(Transaction tx, Scope scope, String group) {
        List<SubscriptionFilter> found = new ArrayList<>();
        KeyRange range = LogsTables.inGroup(scope, group);
        try (Cursor<NamedKey, SubscriptionFilter> cursor =
                tx.scan(LogsTables.SUBSCRIPTIONS, range, MAX_PER_GROUP)) {
            while (cursor.next()) {
                found.add(cursor.value());
            }
        }
        return found;
    }

    /// Enqueues what the group's filters let through, in the transaction that writes the events.
    void deliver(
            Transaction tx,
            StreamKey stream,
            List<InputLogEvent> lines,
            List<String> sequences,
            long now) {
        for (SubscriptionFilter filter : all(tx, stream.scope(), stream.group())) {
            FilterPattern pattern = FilterPattern.parse(String.valueOf(filter.filterPattern()));
            List<Map<String, Object>> events = new ArrayList<>();
            for (int i = 0; i < lines.size(); i++) {
                InputLogEvent line = lines.get(i);
                if (pattern.matches(line.message())) {
                    Map<String, Object> event = new LinkedHashMap<>();
                    event.put("id", Reading.eventId(line.timestamp(), sequences.get(i)));
                    event.put("timestamp", line.timestamp());
                    event.put("message", line.message());
                    events.add(event);
                }
            }
            if (!events.isEmpty()) {
                String id = sequences.getFirst() + "-" + filter.filterName();
                Instant created = Instant.ofEpochMilli(now);
                deliveries.enqueue(tx, delivery(id, stream, filter, events, created), created);
            }
        }
    }

    private static Delivery delivery(
            String id,
            StreamKey stream,
            SubscriptionFilter filter,
            List<Map<String, Object>> events,
            Instant created) {
        Scope scope = stream.scope();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("messageType", "DATA_MESSAGE");
        data.put("owner", scope.account());
        data.put("logGroup", stream.group());
        data.put("logStream", stream.stream());
        data.put("subscriptionFilters", List.of(String.valueOf(filter.filterName())));
        data.put("logEvents", events);
        String packed = Base64.getEncoder().encodeToString(gzip(Json.write(data)));
        String source =
                new Arn(
                                "aws",
                                "logs",
                                scope.region(),
                                scope.account(),
                                "log-group:" + stream.group() + ":*")
                        .toString();
        return new Delivery(
                id,
                "target",
                scope.account(),
                scope.region(),
                String.valueOf(filter.destinationArn()),
                Map.of(
                        "principal",
                        "logs.amazonaws.com",
                        "sourceArn",
                        source,
                        "sourceAccount",
                        scope.account()),
                Blob.ofUtf8(Json.write(Map.of("awslogs", Map.of("data", packed)))),
                created,
                0,
                RETRY);
    }

    private static byte[] gzip(String text) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }
}
