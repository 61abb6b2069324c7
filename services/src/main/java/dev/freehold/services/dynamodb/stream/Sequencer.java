package dev.freehold.services.dynamodb.stream;

import dev.freehold.services.dynamodb.item.Items;
import dev.freehold.services.dynamodb.table.Change;
import dev.freehold.services.dynamodb.table.DynamodbTables;
import dev.freehold.services.dynamodb.table.DynamodbTables.RecordKey;
import dev.freehold.services.dynamodb.table.StreamRow;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Puts records in sequence, reads them, and forgets them after a day.
public final class Sequencer {
    /// How long records are kept.
    static final Duration KEPT = Duration.ofHours(24);

    private static final int STEP = 200;
    private static final int STEPS = 50;
    private static final int MAX_STREAMS = 10_000;

    private final Store store;

    public Sequencer(Store store) {
        this.store = store;
    }

    /// A record, with its number.
    record Numbered(long number, byte[] bytes) {
        Change change() {
            return Change.read(bytes);
        }
    }

    /// Gives all pending records of a stream their numbers.
    void sequence(long stream) {
        int steps = 0;
        while (steps < STEPS && store.update(tx -> step(tx, stream))) {
            steps++;
        }
    }

    /// @return whether there are more
    private static boolean step(Transaction tx, long stream) {
        KeyRange pending = KeyRange.prefix(out -> out.int64(stream));
        List<Numbered> next = read(tx, DynamodbTables.PENDING, pending, STEP);
        if (next.isEmpty()) {
            return false;
        }
        Long last = tx.get(DynamodbTables.SEQUENCES, stream);
        long number = last == null ? 0 : last;
        for (Numbered record : next) {
            Items.putRecord(tx, DynamodbTables.RECORDS, stream, ++number, record.bytes);
            long stamp = record.number;
            for (int part = 0; part * Items.PART < record.bytes.length; part++) {
                tx.delete(DynamodbTables.PENDING, new RecordKey(stream, stamp, part));
            }
        }
        tx.put(DynamodbTables.SEQUENCES, stream, number);
        return next.size() >= STEP;
    }

    /// Whole records of a range, at most `max` and at most about a megabyte.
    static List<Numbered> read(
            Transaction tx, Table<RecordKey, byte[]> rows, KeyRange range, int max) {
        List<Numbered> records = new ArrayList<>();
        int size = 0;
        try (Cursor<RecordKey, byte[]> cursor = tx.scan(rows, range, Integer.MAX_VALUE)) {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            long number = -1;
            while (cursor.next()) {
                RecordKey key = cursor.key();
                if (key.part() == 0) {
                    if (number >= 0) {
                        records.add(new Numbered(number, bytes.toByteArray()));
                    }
                    if (records.size() >= max || size > MAX_BYTES) {
                        return records;
                    }
                    bytes.reset();
                    number = key.number();
                }
                byte[] part = cursor.value();
                bytes.writeBytes(part);
                size += part.length;
            }
            if (number >= 0) {
                records.add(new Numbered(number, bytes.toByteArray()));
            }
        }
        return records;
    }

    private static final int MAX_BYTES = 1024 * 1024;

    /// The first number that is kept, or null when none is.
    static @Nullable Long first(Transaction tx, long stream) {
        KeyRange all = KeyRange.prefix(out -> out.int64(stream));
        try (Cursor<RecordKey, byte[]> cursor = tx.scan(DynamodbTables.RECORDS, all, 1)) {
            return cursor.next() ? cursor.key().number() : null;
        }
    }

    /// The last number that was given; 0 when none was.
    static long last(Transaction tx, long stream) {
        Long last = tx.peek(DynamodbTables.SEQUENCES, stream);
        return last == null ? 0 : last;
    }

    /// Forgets what is older than a day.
    public void sweep(Instant now) {
        List<Found> streams =
                store.read(tx -> {
                    List<Found> found = new ArrayList<>();
                    try (Cursor<StreamRow.Key, StreamRow> cursor =
                            tx.scan(DynamodbTables.STREAMS, KeyRange.ALL, MAX_STREAMS)) {
                        while (cursor.next()) {
                            found.add(new Found(cursor.key(), cursor.value()));
                        }
                    }
                    return found;
                });
        Instant old = now.minus(KEPT);
        for (Found found : streams) {
            sequence(found.row.number());
            store.updateOnly(tx -> forget(tx, found, old));
        }
    }

    private record Found(StreamRow.Key key, StreamRow row) {}

    private static void forget(Transaction tx, Found found, Instant before) {
        long stream = found.row.number();
        KeyRange all = KeyRange.prefix(out -> out.int64(stream));
        Instant disabled = found.row.disabled();
        if (disabled != null && disabled.isBefore(before)) {
            tx.delete(DynamodbTables.STREAMS, found.key);
            tx.deleteRange(DynamodbTables.RECORDS, all);
            tx.deleteRange(DynamodbTables.PENDING, all);
            tx.delete(DynamodbTables.SEQUENCES, stream);
            return;
        }
        for (Numbered record : read(tx, DynamodbTables.RECORDS, all, STEP)) {
            if (!record.change().time().isBefore(before)) {
                return;
            }
            tx.deleteRange(
                    DynamodbTables.RECORDS,
                    KeyRange.prefix(out -> out.int64(stream).int64(record.number)));
        }
    }
}
