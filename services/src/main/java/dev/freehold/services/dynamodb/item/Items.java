package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.table.Change;
import dev.freehold.services.dynamodb.table.DynamodbTables;
import dev.freehold.services.dynamodb.table.DynamodbTables.DueKey;
import dev.freehold.services.dynamodb.table.DynamodbTables.Head;
import dev.freehold.services.dynamodb.table.DynamodbTables.IndexId;
import dev.freehold.services.dynamodb.table.DynamodbTables.PartKey;
import dev.freehold.services.dynamodb.table.DynamodbTables.RecordKey;
import dev.freehold.services.dynamodb.table.IndexKey;
import dev.freehold.services.dynamodb.table.ItemKey;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.table.TableSchema.Index;
import dev.freehold.services.dynamodb.value.ItemCodec;
import dev.freehold.services.dynamodb.value.Numbers;
import dev.freehold.services.dynamodb.value.Sizes;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Items in the store, with all that depends on them.
public final class Items {
    /// The most bytes of an item in one row.
    public static final int PART = 60 * 1024;

    private final InstantSource clock;
    private final AtomicLong lastStamp = new AtomicLong();

    public Items(InstantSource clock) {
        this.clock = clock;
    }

    /// The item, or null.
    public static @Nullable Map<String, AttributeValue> get(Transaction tx, ItemKey key) {
        Head head = tx.get(DynamodbTables.ITEMS, key);
        return head == null ? null : item(tx, key, head);
    }

    /// The item whose first part is known.
    static Map<String, AttributeValue> item(Transaction tx, ItemKey key, Head head) {
        byte[] bytes = head.bytes();
        for (int i = 1; i <= head.parts(); i++) {
            byte[] part = tx.get(DynamodbTables.PARTS, new PartKey(key, i));
            if (part == null) {
                throw new IllegalStateException("a part of an item is missing");
            }
            int length = bytes.length;
            bytes = Arrays.copyOf(bytes, length + part.length);
            System.arraycopy(part, 0, bytes, length, part.length);
        }
        return ItemCodec.ITEM.read(new ValueReader(bytes));
    }

    /// Writes an item, or removes it, in place of `before`.
    ///
    /// @param expired whether it is removed because its time is over
    public void put(
            Transaction tx, TableSchema table, ItemKey at, Versions versions, boolean expired) {
        Map<String, AttributeValue> before = versions.before();
        Map<String, AttributeValue> after = versions.after();
        for (Index index : table.indexes().values()) {
            putEntry(tx, index, at, versions);
        }
        int sizeBefore = Sizes.of(before);
        if (before != null && sizeBefore > PART / 2) {
            tx.deleteRange(DynamodbTables.PARTS, KeyRange.prefix(out -> writePart(out, at)));
        }
        if (after == null) {
            tx.delete(DynamodbTables.ITEMS, at);
        } else {
            write(tx, at, after);
        }
        int items = (after == null ? 0 : 1) - (before == null ? 0 : 1);
        count(tx, new IndexId(table.number(), 0), items, Sizes.of(after) - sizeBefore);
        expire(tx, table, at, versions);
        if (table.row().stream() != 0) {
            record(tx, table, versions, expired);
        }
    }

    /// An item before and after a change; null where there is none.
    public record Versions(
            @Nullable Map<String, AttributeValue> before,
            @Nullable Map<String, AttributeValue> after) {}

    private static void writePart(dev.freehold.storage.KeyWriter out, ItemKey at) {
        DynamodbTables.ITEMS.keys().write(at, out);
    }

    static void count(Transaction tx, IndexId index, long items, long bytes) {
        if (items != 0) {
            tx.add(DynamodbTables.COUNTS, index, items);
        }
        if (bytes != 0) {
            tx.add(DynamodbTables.SIZES, index, bytes);
        }
    }

    private static void putEntry(Transaction tx, Index index, ItemKey at, Versions versions) {
        Map<String, AttributeValue> before = versions.before();
        Map<String, AttributeValue> after = versions.after();
        IndexKey old = before == null ? null : index.entry(at, before);
        IndexKey next = after == null ? null : index.entry(at, after);
        // An index that is being filled may not have the item yet.
        if (old != null && !index.active() && tx.get(DynamodbTables.INDEXES, old) == null) {
            old = null;
        }
        if (old != null && !old.equals(next)) {
            tx.delete(DynamodbTables.INDEXES, old);
        }
        if (next != null && !next.equals(old)) {
            tx.put(DynamodbTables.INDEXES, next, true);
        }
        int sizeBefore = old == null || before == null ? 0 : Sizes.of(index.project(before));
        int sizeAfter = next == null || after == null ? 0 : Sizes.of(index.project(after));
        count(
                tx,
                new IndexId(at.table(), index.number()),
                (next == null ? 0 : 1) - (old == null ? 0 : 1),
                sizeAfter - sizeBefore);
    }

    private static void write(Transaction tx, ItemKey at, Map<String, AttributeValue> item) {
        ValueWriter out = new ValueWriter();
        ItemCodec.writeItem(out, item);
        byte[] bytes = out.toBytes();
        int parts = bytes.length <= PART ? 0 : (bytes.length - 1) / PART;
        for (int i = 1; i <= parts; i++) {
            byte[] part =
                    Arrays.copyOfRange(bytes, i * PART, Math.min(bytes.length, (i + 1) * PART));
            tx.put(DynamodbTables.PARTS, new PartKey(at, i), part);
        }
        byte[] first = parts == 0 ? bytes : Arrays.copyOf(bytes, PART);
        tx.put(DynamodbTables.ITEMS, at, new Head(parts, first));
    }

    private static void expire(Transaction tx, TableSchema table, ItemKey at, Versions versions) {
        String attribute = table.row().settings().timeToLive();
        if (attribute == null) {
            return;
        }
        Long old = expiry(versions.before(), attribute);
        Long next = expiry(versions.after(), attribute);
        if (old != null && !old.equals(next)) {
            tx.delete(DynamodbTables.DUE, new DueKey(old, at));
        }
        if (next != null && !next.equals(old)) {
            tx.put(DynamodbTables.DUE, new DueKey(next, at), true);
        }
    }

    /// The second in which an item expires, or null when it doesn't: only numbers count.
    static @Nullable Long expiry(@Nullable Map<String, AttributeValue> item, String attribute) {
        AttributeValue value = item == null ? null : item.get(attribute);
        return value instanceof AttributeValue.OfN(String number) ? Numbers.seconds(number) : null;
    }

    private void record(Transaction tx, TableSchema table, Versions versions, boolean expired) {
        Map<String, AttributeValue> before = versions.before();
        Map<String, AttributeValue> after = versions.after();
        Map<String, AttributeValue> either = after == null ? before : after;
        if (either == null || java.util.Objects.equals(before, after)) {
            return;
        }
        Instant now = clock.instant();
        String view = view(table);
        boolean showsOld = view.equals("OLD_IMAGE") || view.equals("NEW_AND_OLD_IMAGES");
        boolean showsNew = view.equals("NEW_IMAGE") || view.equals("NEW_AND_OLD_IMAGES");
        Change change =
                new Change(
                        before == null ? "INSERT" : after == null ? "REMOVE" : "MODIFY",
                        table.keyOf(either),
                        showsOld ? before : null,
                        showsNew ? after : null,
                        now,
                        expired);
        putRecord(tx, DynamodbTables.PENDING, table.row().stream(), stamp(now), change.toBytes());
    }

    private static String view(TableSchema table) {
        var specification = table.row().description().streamSpecification();
        String view = specification == null ? null : specification.streamViewType();
        return view == null ? "KEYS_ONLY" : view;
    }

    /// Writes a record in as many rows as it needs.
    public static void putRecord(
            Transaction tx, Table<RecordKey, byte[]> rows, long stream, long number, byte[] bytes) {
        for (int part = 0, from = 0; from < bytes.length; part++, from += PART) {
            byte[] row = Arrays.copyOfRange(bytes, from, Math.min(bytes.length, from + PART));
            tx.put(rows, new RecordKey(stream, number, part), row);
        }
    }

    /// A number greater than all before. It is taken inside the transaction, whose last run began
    /// after the last change of the same item was committed: so an item's changes have rising
    /// stamps.
    private long stamp(Instant now) {
        long micros = now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
        return lastStamp.updateAndGet(last -> Math.max(last + 1, micros));
    }
}
