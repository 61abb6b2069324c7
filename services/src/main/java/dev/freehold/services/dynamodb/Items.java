package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.DynamodbTables.Head;
import dev.freehold.services.dynamodb.DynamodbTables.IndexKey;
import dev.freehold.services.dynamodb.DynamodbTables.ItemKey;
import dev.freehold.services.dynamodb.DynamodbTables.PartKey;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Items in the store, with the entries of their indexes.
final class Items {
    private static final int PART = 60 * 1024;

    private Items() {}

    static @Nullable Map<String, AttributeValue> get(Transaction tx, ItemKey key) {
        Head head = tx.get(DynamodbTables.ITEMS, key);
        return head == null ? null : item(tx, key, head);
    }

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
        return DynamodbTables.ITEM.read(new ValueReader(bytes));
    }

    /// Writes an item, or removes it, in place of `before`.
    static void put(
            Transaction tx,
            TableKeys keys,
            ItemKey at,
            @Nullable Map<String, AttributeValue> before,
            @Nullable Map<String, AttributeValue> after) {
        if (after != null && Values.size(after) > Values.MAX_ITEM) {
            throw Values.invalid("Item size has exceeded the maximum allowed size");
        }
        for (String index : keys.indexes().keySet()) {
            IndexKey old = before == null ? null : keys.entry(index, at, before);
            IndexKey next = after == null ? null : keys.entry(index, at, after);
            if (old != null && !old.equals(next)) {
                tx.delete(DynamodbTables.INDEXES, old);
            }
            if (next != null && !next.equals(old)) {
                tx.put(DynamodbTables.INDEXES, next, true);
            }
        }
        if (before != null && Values.size(before) > PART / 2) {
            tx.deleteRange(DynamodbTables.PARTS, dev.freehold.storage.KeyRange.prefix(at::write));
        }
        if (after == null) {
            tx.delete(DynamodbTables.ITEMS, at);
        } else {
            write(tx, at, after);
        }
        int change = (after == null ? 0 : 1) - (before == null ? 0 : 1);
        if (change != 0) {
            tx.add(DynamodbTables.COUNTS, keys.id(), change);
        }
    }

    private static void write(Transaction tx, ItemKey at, Map<String, AttributeValue> item) {
        ValueWriter out = new ValueWriter();
        DynamodbTables.ITEM.write(item, out);
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
}
