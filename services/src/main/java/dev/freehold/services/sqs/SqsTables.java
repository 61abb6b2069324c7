package dev.freehold.services.sqs;

import dev.freehold.protocol.Arn;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyReader;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The rows of SQS: 200 to 219.
final class SqsTables {
    /// A queue's name in its account and region.
    record QueueKey(String account, String region, String name) {
        void write(KeyWriter out) {
            out.string(account).string(region).string(name);
        }

        static QueueKey read(KeyReader in) {
            return new QueueKey(in.string(), in.string(), in.string());
        }

        /// The key of a queue's ARN, or null when the text is none.
        static @Nullable QueueKey ofArn(String text) {
            Arn arn = Arn.parse(text);
            return arn == null || !arn.service().equals("sqs")
                    ? null
                    : new QueueKey(arn.account(), arn.region(), arn.resource());
        }

        String arn() {
            return "arn:aws:sqs:" + region + ":" + account + ":" + name;
        }
    }

    /// @param id changes when a queue is made anew, so that old messages are nobody's
    /// @param purged when it was last purged, in milliseconds, or 0
    record Queue(
            String id,
            Map<String, String> attributes,
            Map<String, String> tags,
            long created,
            long modified,
            long purged) {
        boolean fifo() {
            return "true".equals(attributes.get("FifoQueue"));
        }

        Queue withAttributes(Map<String, String> other, long now) {
            return new Queue(id, other, tags, created, now, purged);
        }

        Queue withTags(Map<String, String> other) {
            return new Queue(id, attributes, other, created, modified, purged);
        }

        Queue withPurged(long now) {
            return new Queue(id, attributes, tags, created, modified, now);
        }
    }

    /// A message's place: by when it can be seen.
    record PlaceKey(String queue, long visibleAt, String message) {}

    record MessageKey(String queue, String message) {}

    record PartKey(String queue, String message, int number) {}

    /// @param content the first part of body and attributes; see [Content]
    /// @param parts how many further parts are in rows of their own
    /// @param system attributes that the service sets
    /// @param nonce the part of the receipt handle that only the last receive knows
    /// @param visibleAt where its place is
    record Message(
            byte[] content,
            int parts,
            Map<String, String> system,
            long sent,
            long firstReceived,
            int receives,
            String nonce,
            long visibleAt) {
        Message received(long now, String newNonce, long newVisibleAt) {
            return new Message(
                    content,
                    parts,
                    system,
                    sent,
                    firstReceived == 0 ? now : firstReceived,
                    receives + 1,
                    newNonce,
                    newVisibleAt);
        }

        Message visibleAt(long time) {
            return new Message(content, parts, system, sent, firstReceived, receives, nonce, time);
        }

        /// The group of a message in a FIFO queue.
        String group() {
            return system.getOrDefault("MessageGroupId", "");
        }

        long sequence() {
            return Fifo.number(system.getOrDefault("SequenceNumber", Fifo.digits(0)));
        }
    }

    /// A message attribute.
    record Attribute(String type, @Nullable String text, byte @Nullable [] bytes) {}

    record GroupKey(String queue, String group) {}

    /// A message of a group, in the order of sending.
    record OrderKey(String queue, String group, long sequence) {}

    /// A group's place: by when its first message can be seen.
    record TurnKey(String queue, long visibleAt, long sequence, String group) {}

    /// @param scope the message group, or empty for the whole queue
    record DuplicateKey(String queue, String scope, String id) {}

    record Sent(String message, long sequence, long expires) {}

    record ExpiryKey(String queue, long expires, String scope, String id) {}

    record AttemptKey(String queue, String id) {}

    /// What a receive that may be repeated got: messages and their nonces.
    record Attempt(Map<String, String> nonces, long expires) {}

    static final Table<QueueKey, Queue> QUEUES =
            new Table<>(
                    200,
                    "sqs.queues",
                    Codecs.key((key, out) -> key.write(out), QueueKey::read),
                    Codecs.remembering(
                            Codecs.of(
                                    (out, q) ->
                                            out.string(q.id)
                                                    .strings(q.attributes)
                                                    .strings(q.tags)
                                                    .int64(q.created)
                                                    .int64(q.modified)
                                                    .int64(q.purged),
                                    in ->
                                            new Queue(
                                                    in.string(),
                                                    in.strings(),
                                                    in.strings(),
                                                    in.int64(),
                                                    in.int64(),
                                                    in.int64()))));

    /// Places of messages; the value says whether it was ever received.
    static final Table<PlaceKey, Boolean> PLACES =
            new Table<>(
                    201,
                    "sqs.places",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.queue).int64(key.visibleAt).string(key.message),
                            in -> new PlaceKey(in.string(), in.int64(), in.string())),
                    Codecs.of((out, v) -> out.bool(v), ValueReader::bool));

    static final Table<MessageKey, Message> MESSAGES =
            new Table<>(
                    202,
                    "sqs.messages",
                    Codecs.key(
                            (key, out) -> out.string(key.queue).string(key.message),
                            in -> new MessageKey(in.string(), in.string())),
                    Codecs.of(
                            (out, m) ->
                                    out.bytes(m.content)
                                            .int32(m.parts)
                                            .strings(m.system)
                                            .int64(m.sent)
                                            .int64(m.firstReceived)
                                            .int32(m.receives)
                                            .string(m.nonce)
                                            .int64(m.visibleAt),
                            in ->
                                    new Message(
                                            in.bytes(),
                                            in.int32(),
                                            in.strings(),
                                            in.int64(),
                                            in.int64(),
                                            in.int32(),
                                            in.string(),
                                            in.int64())));

    /// The rest of long messages.
    static final Table<PartKey, byte[]> PARTS =
            new Table<>(
                    203,
                    "sqs.parts",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.queue).string(key.message).int32(key.number),
                            in -> new PartKey(in.string(), in.string(), in.int32())),
                    Codecs.BYTES);

    /// The messages of FIFO queues, in order.
    static final Table<OrderKey, String> ORDER =
            new Table<>(
                    204,
                    "sqs.order",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.queue).string(key.group).int64(key.sequence),
                            in -> new OrderKey(in.string(), in.string(), in.int64())),
                    Codecs.STRING);

    /// The groups of FIFO queues that have messages, by when the first can be seen.
    static final Table<TurnKey, Boolean> TURNS =
            new Table<>(
                    205,
                    "sqs.turns",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.queue)
                                            .int64(key.visibleAt)
                                            .int64(key.sequence)
                                            .string(key.group),
                            in -> new TurnKey(in.string(), in.int64(), in.int64(), in.string())),
                    Codecs.PRESENT);

    /// Where each group's turn is.
    static final Table<GroupKey, TurnKey> GROUPS =
            new Table<>(
                    206,
                    "sqs.groups",
                    Codecs.key(
                            (key, out) -> out.string(key.queue).string(key.group),
                            in -> new GroupKey(in.string(), in.string())),
                    Codecs.of(
                            (out, turn) ->
                                    out.string(turn.queue)
                                            .int64(turn.visibleAt)
                                            .int64(turn.sequence)
                                            .string(turn.group),
                            in -> new TurnKey(in.string(), in.int64(), in.int64(), in.string())));

    /// What FIFO queues took in the last minutes, by deduplication id.
    static final Table<DuplicateKey, Sent> DUPLICATES =
            new Table<>(
                    207,
                    "sqs.duplicates",
                    Codecs.key(
                            (key, out) -> out.string(key.queue).string(key.scope).string(key.id),
                            in -> new DuplicateKey(in.string(), in.string(), in.string())),
                    Codecs.of(
                            (out, sent) ->
                                    out.string(sent.message)
                                            .int64(sent.sequence)
                                            .int64(sent.expires),
                            in -> new Sent(in.string(), in.int64(), in.int64())));

    /// When deduplication ids are forgotten.
    static final Table<ExpiryKey, Boolean> EXPIRIES =
            new Table<>(
                    208,
                    "sqs.expiries",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.queue)
                                            .int64(key.expires)
                                            .string(key.scope)
                                            .string(key.id),
                            in -> new ExpiryKey(in.string(), in.int64(), in.string(), in.string())),
                    Codecs.PRESENT);

    /// The last sequence number of each FIFO queue.
    static final Table<String, Long> SEQUENCES =
            new Table<>(209, "sqs.sequences", Codecs.STRING_KEY, Codecs.INT64);

    /// Receives of FIFO queues that may be repeated.
    static final Table<AttemptKey, Attempt> ATTEMPTS =
            new Table<>(
                    210,
                    "sqs.attempts",
                    Codecs.key(
                            (key, out) -> out.string(key.queue).string(key.id),
                            in -> new AttemptKey(in.string(), in.string())),
                    Codecs.of(
                            (out, attempt) -> out.strings(attempt.nonces).int64(attempt.expires),
                            in -> new Attempt(in.strings(), in.int64())));

    /// Tasks that move messages out of dead-letter queues; the source queue's ARN and the start.
    static final Table<MoveTask.Key, MoveTask> TASKS =
            new Table<>(
                    211,
                    "sqs.tasks",
                    Codecs.key(
                            (key, out) -> out.string(key.source()).int64(key.started()),
                            in -> new MoveTask.Key(in.string(), in.int64())),
                    Codecs.of((out, task) -> task.write(out), MoveTask::read));

    private SqsTables() {}

    static KeyRange ofQueue(String id) {
        return KeyRange.prefix(out -> out.string(id));
    }

    /// The places of what can be seen at `now`, of which nothing stands before `from`.
    static KeyRange visible(String id, long from, long now) {
        KeyRange all = ofQueue(id).endingBefore(out -> out.string(id).int64(now + 1));
        return from > now ? all : all.startingAt(out -> out.string(id).int64(from));
    }

    static KeyRange hidden(String id, long now) {
        return ofQueue(id).startingAt(out -> out.string(id).int64(now + 1));
    }

    static KeyRange turns(String id, long now) {
        return ofQueue(id).endingBefore(out -> out.string(id).int64(now + 1));
    }

    static KeyRange ofGroup(GroupKey key) {
        return KeyRange.prefix(out -> out.string(key.queue).string(key.group));
    }

    /// The message with all its parts.
    static Content content(Transaction tx, MessageKey at, Message message) {
        if (message.parts == 0) {
            return Content.of(message.content);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(message.content);
        for (int i = 1; i <= message.parts; i++) {
            byte[] part = tx.get(PARTS, new PartKey(at.queue, at.message, i));
            all.writeBytes(part == null ? new byte[0] : part);
        }
        return Content.of(all.toByteArray());
    }

    /// Removes a message's rows, its place excepted.
    static void remove(Transaction tx, MessageKey at, Message message) {
        tx.delete(MESSAGES, at);
        for (int i = 1; i <= message.parts; i++) {
            tx.delete(PARTS, new PartKey(at.queue, at.message, i));
        }
    }

    /// Removes all messages of a queue, and what they left.
    static void removeAll(Transaction tx, String queue) {
        for (Table<?, ?> table :
                List.<Table<?, ?>>of(PLACES, MESSAGES, PARTS, ORDER, TURNS, GROUPS, ATTEMPTS)) {
            tx.deleteRange(table, ofQueue(queue));
        }
    }
}
