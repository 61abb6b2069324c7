package dev.freehold.services.sns;

import dev.freehold.api.sns.MessageAttributeValue;
import dev.freehold.protocol.Caller;
import dev.freehold.services.json.Json;
import dev.freehold.services.sns.MessageAttributes.Attribute;
import dev.freehold.services.sns.Notification.Fifo;
import dev.freehold.services.sns.SnsTables.DuplicateKey;
import dev.freehold.services.sns.SnsTables.ExpiryKey;
import dev.freehold.services.sns.SnsTables.Sent;
import dev.freehold.services.sns.SnsTables.Topic;
import dev.freehold.services.sns.SnsTables.TopicKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Publishes: checks messages, numbers those of FIFO topics, and writes what follows from them.
final class Publishing {
    /// The most bytes of a message, its attributes included, and of a batch.
    static final int MAX_BYTES = 262_144;

    private static final int MAX_SUBJECT = 100;
    private static final int MAX_ID = 128;
    private static final Duration DEDUPLICATION = Duration.ofMinutes(5);

    /// How many forgotten deduplication ids each publish removes.
    private static final int SWEPT = 4;

    private static final long FIRST = 7_388_608_123_456_789_000L;

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final Fanout fanout;

    Publishing(Store store, InstantSource clock, Supplier<String> ids, Fanout fanout) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.fanout = fanout;
    }

    /// What a client wants to publish.
    record Draft(
            @Nullable String message,
            @Nullable String subject,
            @Nullable String structure,
            @Nullable Map<String, MessageAttributeValue> attributes,
            @Nullable String deduplicationId,
            @Nullable String groupId,
            @Nullable String trace) {}

    /// A draft that was checked.
    record Checked(
            String text,
            Map<String, String> texts,
            @Nullable String subject,
            Map<String, Attribute> attributes,
            @Nullable String deduplicationId,
            @Nullable String groupId,
            @Nullable String trace) {
        int size() {
            int size = text.getBytes(StandardCharsets.UTF_8).length;
            for (Map.Entry<String, Attribute> entry : attributes.entrySet()) {
                size += entry.getKey().getBytes(StandardCharsets.UTF_8).length;
                size += entry.getValue().size();
            }
            return size;
        }
    }

    /// What was published.
    ///
    /// @param sequence the number in a FIFO topic, or null
    record Published(String messageId, @Nullable String sequence) {}

    static String time(Instant instant) {
        return TIME.format(instant);
    }

    /// @param path where the attributes are in the request, for errors
    static Checked check(TopicKey key, Topic topic, Draft draft, String path) {
        Map<String, Attribute> attributes = MessageAttributes.check(draft.attributes(), path);
        String message = draft.message();
        if (message == null || message.isEmpty()) {
            throw Invalid.parameter("Empty message");
        }
        checkSubject(draft.subject());
        Checked checked =
                new Checked(
                        message,
                        texts(message, draft.structure()),
                        draft.subject(),
                        attributes,
                        deduplicationId(key, topic, draft),
                        groupId(key, draft),
                        draft.trace());
        if (checked.size() > MAX_BYTES) {
            throw Invalid.parameter("Message too long");
        }
        return checked;
    }

    private static void checkSubject(@Nullable String subject) {
        if (subject != null
                && (subject.isEmpty()
                        || subject.length() > MAX_SUBJECT
                        || Character.isWhitespace(subject.charAt(0))
                        || subject.chars().anyMatch(c -> c < ' ' || c == 0x7F))) {
            throw Invalid.parameter("Subject");
        }
    }

    private static Map<String, String> texts(String message, @Nullable String structure) {
        if (structure == null || structure.isEmpty()) {
            return Map.of();
        }
        if (!structure.equals("json")) {
            throw Invalid.parameter("MessageStructure");
        }
        Map<String, String> texts = new LinkedHashMap<>();
        try {
            Json.readObject(message)
                    .forEach((protocol, text) -> {
                        if (text instanceof String plain) {
                            texts.put(protocol, plain);
                        }
                    });
        } catch (IllegalArgumentException e) {
            throw Invalid.parameter("Message Structure - JSON message body failed to parse");
        }
        if (!texts.containsKey("default")) {
            throw Invalid.parameter("Message Structure - No default entry in JSON message body");
        }
        return texts;
    }

    private static @Nullable String groupId(TopicKey key, Draft draft) {
        String group = draft.groupId();
        if (group == null) {
            if (key.fifo()) {
                throw Invalid.parameter("The MessageGroupId parameter is required for FIFO topics");
            }
            return null;
        }
        return id(group, "MessageGroupId");
    }

    private static @Nullable String deduplicationId(TopicKey key, Topic topic, Draft draft) {
        String id = draft.deduplicationId();
        if (!key.fifo()) {
            if (id != null) {
                throw Invalid.parameter(
                        "MessageDeduplicationId Reason: The request includes"
                                + " MessageDeduplicationId parameter that is not valid for this"
                                + " topic type");
            }
            return null;
        }
        // AWS asks for the group before it asks for this.
        groupId(key, draft);
        if (id != null) {
            return id(id, "MessageDeduplicationId");
        }
        if (!topic.is("ContentBasedDeduplication")) {
            throw Invalid.parameter(
                    "The topic should either have ContentBasedDeduplication enabled or"
                            + " MessageDeduplicationId provided explicitly");
        }
        return sha256(String.valueOf(draft.message()));
    }

    private static String id(String id, String name) {
        boolean good =
                !id.isEmpty()
                        && id.length() <= MAX_ID
                        && id.chars().allMatch(c -> c > ' ' && c < 0x7F);
        if (!good) {
            throw Invalid.parameter(
                    name
                            + " Reason: "
                            + name
                            + " can only include alphanumeric and punctuation characters. 1 to 128"
                            + " in length");
        }
        return id;
    }

    private static String sha256(String text) {
        try {
            byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Publishes; on return the messages and their deliveries are durable.
    List<Published> publish(TopicKey key, List<Checked> all, Caller caller) {
        Instant now = clock.instant();
        List<String> messageIds = new ArrayList<>();
        all.forEach(one -> messageIds.add(ids.get()));
        List<Published> published =
                store.update(tx -> {
                    Topic topic = tx.get(SnsTables.TOPICS, key);
                    if (topic == null) {
                        throw Invalid.noTopic();
                    }
                    List<Published> done = new ArrayList<>();
                    for (int i = 0; i < all.size(); i++) {
                        done.add(publish(tx, key, topic, all.get(i), messageIds.get(i), now));
                    }
                    return done;
                });
        fanout.wake();
        int bytes = all.stream().mapToInt(Checked::size).sum();
        caller.usage().add("sns.publishes", Math.max(1, Math.ceilDiv(bytes, 65_536)));
        return published;
    }

    private Published publish(
            Transaction tx, TopicKey key, Topic topic, Checked one, String id, Instant now) {
        Fifo fifo = null;
        String deduplication = one.deduplicationId();
        if (deduplication != null) {
            boolean ofGroup = "MessageGroup".equals(topic.attributes().get("FifoThroughputScope"));
            String scope = ofGroup ? String.valueOf(one.groupId()) : "";
            DuplicateKey duplicate = new DuplicateKey(key, scope, deduplication);
            Sent before = tx.get(SnsTables.DUPLICATES, duplicate);
            if (before != null && before.expires().isAfter(now)) {
                return new Published(before.messageId(), digits(before.sequence()));
            }
            fifo = new Fifo(deduplication, digits(number(tx, duplicate, id, now)));
        }
        Notification told =
                new Notification(
                        "Notification",
                        id,
                        key.arn(),
                        one.subject(),
                        one.texts().getOrDefault("default", one.text()),
                        time(now),
                        one.attributes(),
                        null,
                        one.groupId(),
                        fifo,
                        one.trace());
        fanout.page(tx, key, topic, new Fanout.Message(told, one.texts(), id, now), "");
        return new Published(id, fifo == null ? null : fifo.sequence());
    }

    /// 20 digits that begin anywhere, as AWS's do.
    private static String digits(long sequence) {
        return String.format(java.util.Locale.ROOT, "1%019d", FIRST + sequence);
    }

    /// Gives a message its number and remembers it for the time of deduplication.
    private static long number(Transaction tx, DuplicateKey key, String messageId, Instant now) {
        TopicKey topic = key.topic();
        Long last = tx.get(SnsTables.SEQUENCES, topic);
        long next = last == null ? 1 : last + 1;
        tx.put(SnsTables.SEQUENCES, topic, next);
        KeyRange over =
                SnsTables.ofTopic(topic)
                        .endingBefore(out -> {
                            topic.write(out);
                            out.instant(now);
                        });
        try (Cursor<ExpiryKey, Boolean> cursor = tx.scan(SnsTables.EXPIRIES, over, SWEPT)) {
            while (cursor.next()) {
                ExpiryKey old = cursor.key();
                tx.delete(SnsTables.EXPIRIES, old);
                tx.delete(SnsTables.DUPLICATES, new DuplicateKey(topic, old.scope(), old.id()));
            }
        }
        Instant expires = now.plus(DEDUPLICATION);
        tx.put(SnsTables.DUPLICATES, key, new Sent(messageId, next, expires));
        tx.put(SnsTables.EXPIRIES, new ExpiryKey(topic, expires, key.scope(), key.id()), true);
        return next;
    }
}
