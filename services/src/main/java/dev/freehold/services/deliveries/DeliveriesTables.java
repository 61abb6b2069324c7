package dev.freehold.services.deliveries;

import dev.freehold.protocol.Blob;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The rows of deliveries: 350 to 359.
final class DeliveriesTables {
    /// A payload goes beside its row in parts of this size.
    private static final int PART = 48 * 1024;

    /// The largest payload.
    private static final int MAX_PAYLOAD = 8 * 1024 * 1024;

    private static final Codec<Delivery> DELIVERY =
            Codecs.of(DeliveriesTables::writeDelivery, DeliveriesTables::readDelivery);

    /// What is to be done, by when it is due.
    private static final Table<DueKey, Delivery> DUE =
            new Table<>(
                    350,
                    "deliveries.due",
                    Codecs.key(
                            (key, out) -> out.instant(key.due()).string(key.id()),
                            in -> new DueKey(in.instant(), in.string())),
                    DELIVERY);

    /// Payloads, in parts, by the delivery's id.
    private static final Table<PartKey, byte[]> PARTS =
            new Table<>(
                    351,
                    "deliveries.parts",
                    Codecs.key(
                            (key, out) -> out.string(key.id()).int32(key.number()),
                            in -> new PartKey(in.string(), in.int32())),
                    Codecs.BYTES);

    /// What failed for good, by account and time, for people to look at and to replay.
    private static final Table<DeadKey, Dead> DEAD =
            new Table<>(
                    352,
                    "deliveries.dead",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.account()).instant(key.time()).string(key.id()),
                            in -> new DeadKey(in.string(), in.instant(), in.string())),
                    Codecs.of(
                            (out, dead) -> {
                                DELIVERY.write(dead.delivery(), out);
                                out.string(dead.reason());
                            },
                            in -> new Dead(DELIVERY.read(in), in.string())));

    /// The lanes that have a delivery which is due; the value is the number of the last one that
    /// waits behind it.
    private static final Table<String, Long> LANES =
            new Table<>(353, "deliveries.lanes", Codecs.STRING_KEY, Codecs.INT64);

    /// What waits in lanes, in order.
    private static final Table<WaitingKey, Delivery> WAITING =
            new Table<>(
                    354,
                    "deliveries.waiting",
                    Codecs.key(
                            (key, out) -> out.string(key.lane()).int64(key.number()),
                            in -> new WaitingKey(in.string(), in.int64())),
                    DELIVERY);

    private record WaitingKey(String lane, long number) {}

    private record PartKey(String id, int number) {}

    private record DeadKey(String account, Instant time, String id) {}

    /// A dead delivery and why it died.
    record Dead(Delivery delivery, String reason) {}

    private DeliveriesTables() {}

    /// Writes a new delivery: to where it is due, or behind the others of its lane.
    static void enqueue(Transaction tx, DueKey key, Delivery delivery) {
        Delivery row = split(tx, delivery);
        String lane = delivery.lane();
        Long last = lane == null ? null : tx.get(LANES, lane);
        if (lane == null || last == null) {
            tx.put(DUE, key, row);
        } else {
            tx.put(WAITING, new WaitingKey(lane, last + 1), row);
        }
        if (lane != null) {
            tx.put(LANES, lane, last == null ? 0 : last + 1);
        }
    }

    /// Writes a delivery again that was due elsewhere: it keeps its place in its lane.
    static void move(Transaction tx, DueKey from, DueKey to, Delivery delivery) {
        tx.delete(DUE, from);
        tx.put(DUE, to, split(tx, delivery));
    }

    /// The delivery as its row has it; the parts of a long payload are written.
    private static Delivery split(Transaction tx, Delivery delivery) {
        byte[] payload = delivery.payload().bytes();
        if (payload.length > MAX_PAYLOAD) {
            throw new IllegalArgumentException("payload of " + payload.length + " bytes");
        }
        if (payload.length <= PART) {
            return delivery;
        }
        for (int i = 0; i * PART < payload.length; i++) {
            int end = Math.min(payload.length, (i + 1) * PART);
            byte[] part = Arrays.copyOfRange(payload, i * PART, end);
            tx.put(PARTS, new PartKey(delivery.id(), i), part);
        }
        return delivery.withPayload(Blob.EMPTY);
    }

    /// The keys of what is due, oldest first.
    static List<DueKey> due(Transaction tx, Instant from, Instant now, int limit) {
        List<DueKey> keys = new ArrayList<>();
        KeyRange range =
                KeyRange.between(out -> out.instant(from), out -> out.instant(now.plusNanos(1)));
        try (Cursor<DueKey, Delivery> cursor = tx.scan(DUE, range, limit)) {
            while (cursor.next()) {
                keys.add(cursor.key());
            }
        }
        return keys;
    }

    /// When the first delivery after `now` is due, or the end of time.
    static Instant next(Transaction tx, Instant now) {
        KeyRange range = KeyRange.ALL.startingAt(out -> out.instant(now.plusNanos(1)));
        try (Cursor<DueKey, Delivery> cursor = tx.scan(DUE, range, 1)) {
            return cursor.next() ? cursor.key().due() : Instant.MAX;
        }
    }

    static @Nullable Delivery read(Transaction tx, DueKey key) {
        Delivery delivery = tx.get(DUE, key);
        if (delivery == null || delivery.payload().length() > 0) {
            return delivery;
        }
        int size = 0;
        List<byte[]> parts = new ArrayList<>();
        try (Cursor<PartKey, byte[]> cursor = tx.scan(PARTS, parts(key), MAX_PAYLOAD / PART + 1)) {
            while (cursor.next()) {
                parts.add(cursor.value());
                size += cursor.value().length;
            }
        }
        byte[] payload = new byte[size];
        int at = 0;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, payload, at, part.length);
            at += part.length;
        }
        return delivery.withPayload(Blob.wrap(payload));
    }

    private static KeyRange parts(DueKey key) {
        return KeyRange.prefix(out -> out.string(key.id()));
    }

    /// Removes a delivery that is done or dead; the next of its lane is due.
    ///
    /// @return whether another is due now
    static boolean remove(Transaction tx, DueKey key, Delivery delivery, Instant now) {
        tx.delete(DUE, key);
        if (delivery.payload().length() > PART) {
            tx.deleteRange(PARTS, parts(key));
        }
        return delivery.lane() != null && advance(tx, delivery.lane(), now);
    }

    private static boolean advance(Transaction tx, String lane, Instant now) {
        KeyRange range = KeyRange.prefix(out -> out.string(lane));
        try (Cursor<WaitingKey, Delivery> cursor = tx.scan(WAITING, range, 1)) {
            if (cursor.next()) {
                tx.put(DUE, new DueKey(now, cursor.value().id()), cursor.value());
                tx.delete(WAITING, cursor.key());
                return true;
            }
        }
        tx.delete(LANES, lane);
        return false;
    }

    /// Keeps the facts of a dead delivery, and its payload when that is small.
    static void keepDead(Transaction tx, Delivery delivery, Instant now, String reason) {
        boolean small = delivery.payload().length() <= PART;
        Delivery kept = small ? delivery : delivery.withPayload(Blob.EMPTY);
        tx.put(DEAD, new DeadKey(delivery.account(), now, delivery.id()), new Dead(kept, reason));
    }

    /// Forgets the dead of before `before`.
    static void forgetDead(Transaction tx, String account, Instant before) {
        tx.deleteRange(
                DEAD,
                KeyRange.prefix(out -> out.string(account))
                        .endingBefore(out -> out.string(account).instant(before)));
    }

    /// The dead of an account, the latest first.
    static List<Dead> dead(Transaction tx, String account, int limit) {
        List<Dead> dead = new ArrayList<>();
        KeyRange range = KeyRange.prefix(out -> out.string(account));
        try (Cursor<DeadKey, Dead> cursor =
                tx.scan(DEAD, range, Transaction.Direction.REVERSE, limit)) {
            while (cursor.next()) {
                dead.add(cursor.value());
            }
        }
        return dead;
    }

    private static void writeDelivery(ValueWriter out, Delivery delivery) {
        RetryPolicy retry = delivery.retry();
        out.string(delivery.id())
                .string(delivery.kind())
                .string(delivery.account())
                .string(delivery.region())
                .string(delivery.target())
                .strings(delivery.attributes())
                .bytes(delivery.payload().bytes())
                .instant(delivery.created())
                .int32(delivery.attempt())
                .int32(retry.maxAttempts())
                .int64(retry.maxAge().toMillis())
                .int64(retry.firstBackoff().toMillis())
                .int64(retry.maxBackoff().toMillis())
                .optionalString(retry.deadLetterArn())
                .optionalString(delivery.lane());
    }

    private static Delivery readDelivery(ValueReader in) {
        return new Delivery(
                in.string(),
                in.string(),
                in.string(),
                in.string(),
                in.string(),
                in.strings(),
                Blob.wrap(in.bytes()),
                in.instant(),
                in.int32(),
                new RetryPolicy(
                        in.int32(),
                        Duration.ofMillis(in.int64()),
                        Duration.ofMillis(in.int64()),
                        Duration.ofMillis(in.int64()),
                        in.optionalString()),
                in.optionalString());
    }
}
