package dev.freehold.services.sqs;

import dev.freehold.api.sqs.CreateQueueRequest;
import dev.freehold.api.sqs.PurgeQueueInProgress;
import dev.freehold.api.sqs.QueueNameExists;
import dev.freehold.protocol.Caller;
import dev.freehold.services.sqs.SqsTables.Queue;
import dev.freehold.services.sqs.SqsTables.QueueKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Makes, finds, changes and deletes queues.
final class Queues {
    private static final int MAX_LISTED = 1000;
    private static final int MAX_TAGS = 50;
    private static final long PURGE_PAUSE_MILLIS = 60_000;

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;

    Queues(Store store, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    /// The key of a queue's URL: its last two parts are account and name, whatever the host.
    static QueueKey key(@Nullable String url, Caller caller) {
        if (url == null || url.isEmpty()) {
            throw Refused.missing("QueueUrl");
        }
        String[] parts = url.split("/", -1);
        String name = parts[parts.length - 1];
        String account = parts.length > 1 ? parts[parts.length - 2] : caller.account();
        boolean known = account.length() == 12 && account.chars().allMatch(Character::isDigit);
        return new QueueKey(known ? account : caller.account(), caller.region(), name);
    }

    /// A queue that must exist.
    Queue require(QueueKey key) {
        Queue queue = store.read(tx -> tx.get(SqsTables.QUEUES, key));
        if (queue == null) {
            throw Refused.noQueue();
        }
        return queue;
    }

    /// Makes a queue; one that is there already must have the attributes that are asked for.
    QueueKey create(CreateQueueRequest in, Caller caller) {
        if (in.queueName() == null) {
            throw Refused.missing("QueueName");
        }
        Map<String, String> given = in.attributes() == null ? Map.of() : in.attributes();
        Attributes.checkNew(in.queueName(), given);
        Map<String, String> attributes = Attributes.kept(given);
        Map<String, String> tags = in.tags() == null ? Map.of() : in.tags();
        checkTags(tags);
        QueueKey key = new QueueKey(caller.account(), caller.region(), in.queueName());
        String id = ids.get();
        long now = clock.instant().getEpochSecond();
        store.updateOnly(tx -> {
            Queue before = tx.get(SqsTables.QUEUES, key);
            if (before != null) {
                checkSame(before, attributes);
                return;
            }
            checkDeadLetterQueue(tx, key, attributes);
            tx.put(SqsTables.QUEUES, key, new Queue(id, attributes, tags, now, now, 0));
        });
        return key;
    }

    private static void checkSame(Queue before, Map<String, String> attributes) {
        Map<String, String> settled = Attributes.settled(before);
        attributes.forEach((attribute, value) -> {
            if (!value.equals(settled.getOrDefault(attribute, ""))) {
                throw new QueueNameExists(
                        "A queue already exists with the same name and a different value for"
                                + " attribute "
                                + attribute);
            }
        });
    }

    /// A dead-letter queue must be there, of the same kind, and let itself be used.
    private static void checkDeadLetterQueue(
            Transaction tx, QueueKey key, Map<String, String> attributes) {
        Attributes.Redrive redrive = Attributes.redriveOf(attributes);
        QueueKey target = redrive == null ? null : QueueKey.ofArn(redrive.target());
        if (redrive == null || target == null) {
            return;
        }
        String value = attributes.getOrDefault("RedrivePolicy", "");
        Queue dead = tx.get(SqsTables.QUEUES, target);
        if (dead == null) {
            throw Refused.value(value, "RedrivePolicy", "Dead letter target does not exist.");
        }
        if (dead.fifo() != key.name().endsWith(".fifo")) {
            throw Refused.value(
                    value,
                    "RedrivePolicy",
                    "Dead-letter queue must be same type of queue as the source.");
        }
        if (!Attributes.allow(dead).permits(key.arn())) {
            throw Refused.value(
                    value,
                    "RedrivePolicy",
                    "Queue does not have permission to use this dead-letter" + " queue.");
        }
    }

    private static void checkTags(Map<String, String> tags) {
        if (tags.size() > MAX_TAGS) {
            throw Refused.value("Too many tags added for queue.");
        }
    }

    /// A page of queues, and the token of the next.
    record Page(List<QueueKey> queues, @Nullable String next) {}

    /// @param max the most of a page, or null: 1,000 and no token
    static Page page(List<QueueKey> all, @Nullable Integer max, @Nullable String token) {
        if (max != null && (max < 1 || max > MAX_LISTED)) {
            throw Refused.value(
                    "Value for parameter MaxResults is invalid. Reason: MaxResults must be an"
                            + " integer between 1 and 1000.");
        }
        String after = token == null ? "" : decoded(token);
        List<QueueKey> rest = all.stream().filter(key -> key.name().compareTo(after) > 0).toList();
        int size = max == null ? MAX_LISTED : max;
        if (rest.size() <= size) {
            return new Page(rest, null);
        }
        List<QueueKey> page = rest.subList(0, size);
        byte[] last = page.getLast().name().getBytes(StandardCharsets.UTF_8);
        return new Page(page, max == null ? null : Base64.getEncoder().encodeToString(last));
    }

    private static String decoded(String token) {
        try {
            return new String(Base64.getDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refused.value("Invalid or expired next token.");
        }
    }

    /// The queues of the caller whose names begin so, in the order of their names.
    List<QueueKey> named(String prefix, Caller caller) {
        KeyRange range =
                KeyRange.prefix(out ->
                        out.string(caller.account()).string(caller.region()).stringPrefix(prefix));
        return store.read(tx -> {
            List<QueueKey> keys = new ArrayList<>();
            try (Cursor<QueueKey, Queue> cursor = tx.scan(SqsTables.QUEUES, range, 100_000)) {
                while (cursor.next()) {
                    keys.add(cursor.key());
                }
            }
            return keys;
        });
    }

    /// The queues whose dead-letter queue that is.
    List<QueueKey> sources(QueueKey dead) {
        require(dead);
        return store.read(tx -> MoveTasks.sources(tx, dead));
    }

    void delete(QueueKey key) {
        store.updateOnly(tx -> {
            Queue queue = tx.get(SqsTables.QUEUES, key);
            if (queue == null) {
                throw Refused.noQueue();
            }
            SqsTables.removeAll(tx, queue.id());
            tx.deleteRange(SqsTables.DUPLICATES, SqsTables.ofQueue(queue.id()));
            tx.deleteRange(SqsTables.EXPIRIES, SqsTables.ofQueue(queue.id()));
            tx.delete(SqsTables.SEQUENCES, queue.id());
            tx.delete(SqsTables.QUEUES, key);
        });
    }

    void purge(QueueKey key) {
        long now = clock.millis();
        change(
                key,
                (tx, queue) -> {
                    if (queue.purged() > now - PURGE_PAUSE_MILLIS) {
                        throw new PurgeQueueInProgress(
                                "Only one PurgeQueue operation on "
                                        + key.name()
                                        + " is allowed every 60 seconds.");
                    }
                    SqsTables.removeAll(tx, queue.id());
                    return queue.withPurged(now);
                });
    }

    void set(QueueKey key, Map<String, String> attributes) {
        long now = clock.instant().getEpochSecond();
        change(
                key,
                (tx, queue) -> {
                    Attributes.check(attributes, queue.fifo());
                    Map<String, String> all = new LinkedHashMap<>(queue.attributes());
                    all.putAll(Attributes.kept(attributes));
                    all.values().removeIf(String::isEmpty);
                    if (attributes.containsKey("RedrivePolicy")) {
                        checkDeadLetterQueue(tx, key, all);
                    }
                    return queue.withAttributes(all, now);
                });
    }

    void setPolicy(QueueKey key, UnaryOperator<@Nullable String> change) {
        long now = clock.instant().getEpochSecond();
        change(
                key,
                (_, queue) -> {
                    Map<String, String> all = new LinkedHashMap<>(queue.attributes());
                    String policy = change.apply(all.remove("Policy"));
                    if (policy != null && !policy.isEmpty()) {
                        all.put("Policy", policy);
                    }
                    return queue.withAttributes(all, now);
                });
    }

    void tag(QueueKey key, Map<String, String> added) {
        change(
                key,
                (_, queue) -> {
                    Map<String, String> tags = new LinkedHashMap<>(queue.tags());
                    tags.putAll(added);
                    checkTags(tags);
                    return queue.withTags(tags);
                });
    }

    void untag(QueueKey key, List<String> names) {
        change(
                key,
                (_, queue) -> {
                    Map<String, String> tags = new LinkedHashMap<>(queue.tags());
                    names.forEach(tags::remove);
                    return queue.withTags(tags);
                });
    }

    @FunctionalInterface
    private interface Change {
        Queue apply(Transaction tx, Queue queue);
    }

    private void change(QueueKey key, Change change) {
        store.updateOnly(tx -> {
            Queue queue = tx.get(SqsTables.QUEUES, key);
            if (queue == null) {
                throw Refused.noQueue();
            }
            tx.put(SqsTables.QUEUES, key, change.apply(tx, queue));
        });
    }
}
