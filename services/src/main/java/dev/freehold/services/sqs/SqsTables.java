package dev.freehold.services.sqs;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyReader;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Table;
import dev.freehold.storage.ValueReader;
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

        String arn() {
            return "arn:aws:sqs:" + region + ":" + account + ":" + name;
        }
    }

    /// @param id changes when a queue is made anew, so that old messages are nobody's
    record Queue(
            String id,
            Map<String, String> attributes,
            Map<String, String> tags,
            long created,
            long modified) {}

    /// A message's place: by when it can be seen.
    record PlaceKey(String queue, long visibleAt, String message) {}

    record MessageKey(String queue, String message) {}

    record PartKey(String queue, String message, int number) {}

    /// @param nonce the part of the receipt handle that only the last receive knows
    /// @param visibleAt where its place is
    /// @param parts how many parts of the body are in rows of their own
    record Message(
            String body,
            Map<String, Attribute> attributes,
            Map<String, String> system,
            long sent,
            long firstReceived,
            int receives,
            String nonce,
            long visibleAt,
            int parts) {
        Message received(long now, String newNonce, long newVisibleAt) {
            return new Message(
                    body,
                    attributes,
                    system,
                    sent,
                    firstReceived == 0 ? now : firstReceived,
                    receives + 1,
                    newNonce,
                    newVisibleAt,
                    parts);
        }

        Message visibleAt(long time) {
            return new Message(
                    body, attributes, system, sent, firstReceived, receives, nonce, time, parts);
        }
    }

    /// A message attribute.
    record Attribute(String type, @Nullable String text, byte @Nullable [] bytes) {}

    static final Table<QueueKey, Queue> QUEUES =
            new Table<>(
                    200,
                    "sqs.queues",
                    Codecs.key((key, out) -> key.write(out), QueueKey::read),
                    Codecs.of(
                            (out, q) ->
                                    out.string(q.id)
                                            .strings(q.attributes)
                                            .strings(q.tags)
                                            .int64(q.created)
                                            .int64(q.modified),
                            in ->
                                    new Queue(
                                            in.string(),
                                            in.strings(),
                                            in.strings(),
                                            in.int64(),
                                            in.int64())));

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
                                    out.string(m.body)
                                            .map(
                                                    m.attributes,
                                                    (o, a) ->
                                                            o.string(a.type)
                                                                    .optionalString(a.text)
                                                                    .optional(
                                                                            a.bytes,
                                                                            (b, v) -> b.bytes(v)))
                                            .strings(m.system)
                                            .int64(m.sent)
                                            .int64(m.firstReceived)
                                            .int32(m.receives)
                                            .string(m.nonce)
                                            .int64(m.visibleAt)
                                            .int32(m.parts),
                            in ->
                                    new Message(
                                            in.string(),
                                            in.map(a ->
                                                    new Attribute(
                                                            a.string(),
                                                            a.optionalString(),
                                                            a.optional(ValueReader::bytes))),
                                            in.strings(),
                                            in.int64(),
                                            in.int64(),
                                            in.int32(),
                                            in.string(),
                                            in.int64(),
                                            in.int32())));

    /// The rest of long bodies.
    static final Table<PartKey, String> PARTS =
            new Table<>(
                    203,
                    "sqs.parts",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.queue).string(key.message).int32(key.number),
                            in -> new PartKey(in.string(), in.string(), in.int32())),
                    Codecs.STRING);

    private SqsTables() {}

    static KeyRange ofQueue(String id) {
        return KeyRange.prefix(out -> out.string(id));
    }

    static KeyRange visible(String id, long now) {
        return ofQueue(id).endingBefore(out -> out.string(id).int64(now + 1));
    }

    static KeyRange hidden(String id, long now) {
        return ofQueue(id).startingAt(out -> out.string(id).int64(now + 1));
    }
}
