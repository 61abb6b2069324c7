package dev.freehold.services.sqs;

import dev.freehold.api.sqs.CancelMessageMoveTaskRequest;
import dev.freehold.api.sqs.CancelMessageMoveTaskResponse;
import dev.freehold.api.sqs.ListMessageMoveTasksRequest;
import dev.freehold.api.sqs.ListMessageMoveTasksResponse;
import dev.freehold.api.sqs.ListMessageMoveTasksResultEntry;
import dev.freehold.api.sqs.StartMessageMoveTaskRequest;
import dev.freehold.api.sqs.StartMessageMoveTaskResponse;
import dev.freehold.protocol.Blob;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.deliveries.RetryPolicy;
import dev.freehold.services.json.Json;
import dev.freehold.services.sqs.Messages.Outgoing;
import dev.freehold.services.sqs.SqsTables.MessageKey;
import dev.freehold.services.sqs.SqsTables.Queue;
import dev.freehold.services.sqs.SqsTables.QueueKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Moves the messages of dead-letter queues back to where they came from, or elsewhere. A running
/// task is a delivery to itself: after a crash it goes on.
final class MoveTasks {
    static final String KIND = "sqs.move";

    /// The most messages of one step of a task that has no limit.
    private static final int STEP = 20;

    private static final int MAX_PER_SECOND = 500;
    private static final int MAX_LISTED = 10;
    private static final Duration MAX_AGE = Duration.ofHours(36);

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final Deliveries deliveries;
    private final Messages messages;

    MoveTasks(
            Store store,
            InstantSource clock,
            Supplier<String> ids,
            Deliveries deliveries,
            Messages messages) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.deliveries = deliveries;
        this.messages = messages;
    }

    StartMessageMoveTaskResponse start(StartMessageMoveTaskRequest in) {
        QueueKey source = source(in.sourceArn());
        Integer asked = in.maxNumberOfMessagesPerSecond();
        int limit = asked == null ? 0 : perSecond(asked);
        Instant now = clock.instant();
        String id = ids.get();
        MoveTask.Key key = new MoveTask.Key(source.arn(), now.toEpochMilli());
        Delivery delivery =
                new Delivery(
                        id,
                        KIND,
                        source.account(),
                        source.region(),
                        source.arn(),
                        Map.of("started", String.valueOf(key.started())),
                        Blob.EMPTY,
                        now,
                        0,
                        new RetryPolicy(
                                1000, MAX_AGE, Duration.ofSeconds(1), Duration.ofMinutes(1), null));
        store.updateOnly(tx -> {
            Queue queue = require(tx, source, "SourceArn");
            require(tx, in.destinationArn());
            if (sources(tx, source).isEmpty()) {
                throw Refused.value("Source queue must be configured as a Dead Letter Queue.");
            }
            if (tasks(tx, source.arn()).values().stream().anyMatch(MoveTask::running)) {
                throw Refused.value(
                        "There is already a task running. Only one active task is allowed for a"
                                + " source queue arn at a given time.");
            }
            long total = Messages.seen(tx, queue, now.toEpochMilli(), 10_000).size();
            tx.put(
                    SqsTables.TASKS,
                    key,
                    new MoveTask(id, in.destinationArn(), limit, "RUNNING", 0, total, null));
            deliveries.enqueue(tx, delivery, now);
        });
        deliveries.wake();
        return StartMessageMoveTaskResponse.builder().taskHandle(handle(id, source.arn())).build();
    }

    private static int perSecond(int limit) {
        if (limit < 1 || limit > MAX_PER_SECOND) {
            throw Refused.value(
                    limit,
                    "MaxNumberOfMessagesPerSecond",
                    "You must enter a value that's greater than 0 and at most 500.");
        }
        return limit;
    }

    private static QueueKey source(String arn) {
        QueueKey key = QueueKey.ofArn(arn);
        if (key == null) {
            throw Refused.noResource(
                    "The resource that you specified for the SourceArn parameter doesn't exist.");
        }
        return key;
    }

    private static Queue require(Transaction tx, QueueKey key, String parameter) {
        Queue queue = tx.get(SqsTables.QUEUES, key);
        if (queue == null) {
            throw Refused.noResource(
                    "The resource that you specified for the "
                            + parameter
                            + " parameter doesn't exist.");
        }
        return queue;
    }

    private static void require(Transaction tx, @Nullable String destination) {
        if (destination != null) {
            QueueKey key = QueueKey.ofArn(destination);
            if (key == null) {
                throw Refused.noResource(
                        "The resource that you specified for the DestinationArn parameter doesn't"
                                + " exist.");
            }
            require(tx, key, "DestinationArn");
        }
    }

    /// The queues of the same account and region whose dead-letter queue that is.
    static List<QueueKey> sources(Transaction tx, QueueKey dead) {
        List<QueueKey> sources = new ArrayList<>();
        KeyRange all = KeyRange.prefix(out -> out.string(dead.account()).string(dead.region()));
        try (Cursor<QueueKey, Queue> cursor = tx.scan(SqsTables.QUEUES, all, 100_000)) {
            while (cursor.next()) {
                Attributes.Redrive redrive = Attributes.redrive(cursor.value());
                if (redrive != null && redrive.target().equals(dead.arn())) {
                    sources.add(cursor.key());
                }
            }
        }
        return sources;
    }

    private static Map<MoveTask.Key, MoveTask> tasks(Transaction tx, String source) {
        Map<MoveTask.Key, MoveTask> tasks = new LinkedHashMap<>();
        try (Cursor<MoveTask.Key, MoveTask> cursor =
                tx.scan(
                        SqsTables.TASKS,
                        KeyRange.prefix(out -> out.string(source)),
                        Transaction.Direction.REVERSE,
                        MAX_LISTED)) {
            while (cursor.next()) {
                tasks.put(cursor.key(), cursor.value());
            }
        }
        return tasks;
    }

    private static String handle(String id, String source) {
        Map<String, String> members = new LinkedHashMap<>();
        members.put("taskId", id);
        members.put("sourceArn", source);
        byte[] json = Json.write(members).getBytes(StandardCharsets.UTF_8);
        return Base64.getEncoder().encodeToString(json);
    }

    CancelMessageMoveTaskResponse cancel(CancelMessageMoveTaskRequest in) {
        Object id;
        Object source;
        try {
            byte[] json = Base64.getDecoder().decode(in.taskHandle());
            Map<String, @Nullable Object> members =
                    Json.readObject(new String(json, StandardCharsets.UTF_8));
            id = members.get("taskId");
            source = members.get("sourceArn");
        } catch (IllegalArgumentException e) {
            throw Refused.value("Value for parameter TaskHandle is invalid.");
        }
        if (id == null || source == null) {
            throw Refused.value("Value for parameter TaskHandle is invalid.");
        }
        QueueKey queue = source(source.toString());
        long moved =
                store.update(tx -> {
                    require(tx, queue, "SourceArn");
                    for (Map.Entry<MoveTask.Key, MoveTask> entry :
                            tasks(tx, queue.arn()).entrySet()) {
                        MoveTask task = entry.getValue();
                        if (task.id().equals(id) && task.running()) {
                            tx.put(
                                    SqsTables.TASKS,
                                    entry.getKey(),
                                    task.with("CANCELLED", 0, null));
                            return task.moved();
                        }
                    }
                    throw Refused.noResource("Task does not exist.");
                });
        return CancelMessageMoveTaskResponse.builder()
                .approximateNumberOfMessagesMoved(moved)
                .build();
    }

    ListMessageMoveTasksResponse list(ListMessageMoveTasksRequest in) {
        QueueKey source = source(in.sourceArn());
        int max = in.maxResults() == null ? 1 : in.maxResults();
        if (max < 1 || max > MAX_LISTED) {
            throw Refused.value(
                    "Value for parameter MaxResults is invalid. Reason: Must be between 1 and 10.");
        }
        List<ListMessageMoveTasksResultEntry> results = new ArrayList<>();
        store.read(
                        tx -> {
                            require(tx, source, "SourceArn");
                            return tasks(tx, source.arn());
                        })
                .forEach((key, task) -> {
                    if (results.size() < max) {
                        results.add(view(key, task));
                    }
                });
        return ListMessageMoveTasksResponse.builder().results(results).build();
    }

    private static ListMessageMoveTasksResultEntry view(MoveTask.Key key, MoveTask task) {
        return ListMessageMoveTasksResultEntry.builder()
                .taskHandle(task.running() ? handle(task.id(), key.source()) : null)
                .status(task.status())
                .sourceArn(key.source())
                .destinationArn(task.destination())
                .maxNumberOfMessagesPerSecond(task.perSecond() == 0 ? null : task.perSecond())
                .approximateNumberOfMessagesMoved(task.moved())
                .approximateNumberOfMessagesToMove(task.total())
                .failureReason(task.failure())
                .startedTimestamp(key.started())
                .build();
    }

    /// One step of a task.
    DeliveryHandler.Outcome step(Delivery delivery) {
        QueueKey source = source(delivery.target());
        long started = Long.parseLong(delivery.attributes().getOrDefault("started", "0"));
        MoveTask.Key key = new MoveTask.Key(source.arn(), started);
        long now = messages.heads().begin();
        try {
            return step(source, key, now);
        } finally {
            messages.heads().end(now);
        }
    }

    private DeliveryHandler.Outcome step(QueueKey source, MoveTask.Key key, long now) {
        List<Queue> told = new ArrayList<>();
        List<String> fresh = new ArrayList<>();
        for (int i = 0; i < STEP; i++) {
            fresh.add(ids.get());
        }
        MoveTask after =
                store.update(tx -> {
                    told.clear();
                    MoveTask task = tx.get(SqsTables.TASKS, key);
                    if (task == null || !task.running()) {
                        return null;
                    }
                    MoveTask next = step(tx, source, task, new Step(now, fresh, told));
                    tx.put(SqsTables.TASKS, key, next);
                    return next;
                });
        told.forEach(messages::arrived);
        if (after == null || !after.running()) {
            return new DeliveryHandler.Outcome.Done();
        }
        return new DeliveryHandler.Outcome.Later(
                after.perSecond() == 0
                        ? Duration.ofMillis(1)
                        : Duration.ofMillis(
                                1000L * Math.min(after.perSecond(), STEP) / after.perSecond()));
    }

    /// What a step has: the time, ids for the messages, and the queues that got some.
    private record Step(long now, List<String> fresh, List<Queue> told) {}

    private static MoveTask step(Transaction tx, QueueKey source, MoveTask task, Step step) {
        long now = step.now;
        Queue from = tx.get(SqsTables.QUEUES, source);
        if (from == null) {
            return task.with("FAILED", 0, "AWS.SimpleQueueService.NonExistentQueue");
        }
        int max = task.perSecond() == 0 ? STEP : Math.min(task.perSecond(), STEP);
        List<String> found = Messages.seen(tx, from, now, max);
        int moved = 0;
        for (String id : found) {
            MessageKey at = new MessageKey(from.id(), id);
            SqsTables.Message message = tx.get(SqsTables.MESSAGES, at);
            if (message == null) {
                continue;
            }
            Map<String, String> system = new LinkedHashMap<>(message.system());
            String origin = system.remove("DeadLetterQueueSourceArn");
            String target = task.destination() == null ? origin : task.destination();
            QueueKey to = target == null ? null : QueueKey.ofArn(target);
            Queue destination = to == null ? null : tx.get(SqsTables.QUEUES, to);
            if (destination == null) {
                return task.with("FAILED", moved, "AWS.SimpleQueueService.NonExistentQueue");
            }
            Outgoing one = new Outgoing(SqsTables.content(tx, at, message), system, 0);
            Messages.resend(tx, from, at, destination, one, step.fresh.get(moved), now);
            step.told.add(destination);
            moved++;
        }
        boolean more = found.size() == max;
        return task.with(more ? "RUNNING" : "COMPLETED", moved, null);
    }
}
