package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.expression.Condition;
import dev.freehold.services.dynamodb.table.DynamodbTables;
import dev.freehold.services.dynamodb.table.DynamodbTables.Head;
import dev.freehold.services.dynamodb.table.IndexKey;
import dev.freehold.services.dynamodb.table.ItemKey;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.table.TableSchema.Index;
import dev.freehold.services.dynamodb.value.Sizes;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.Transaction.Direction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Walks a part of a table or of an index: one page of a query or a scan.
///
/// @param index or null
/// @param range the part
/// @param limit the most items that are looked at
/// @param filter what those that are answered fulfil, or null
/// @param whole whether an index's entries are shown as the whole items, which are read too
record PageReader(
        TableSchema table,
        @Nullable Index index,
        KeyRange range,
        Direction direction,
        int limit,
        @Nullable Condition filter,
        boolean whole) {
    /// The most bytes of items that a page looks at.
    private static final int MAX_PAGE = 1024 * 1024;

    /// More items than a page of the smallest ones has.
    private static final int MAX_SCANNED = 60_000;

    /// A page.
    ///
    /// @param bytes of the items that were looked at: of the table, and of the index
    /// @param last the key to go on after, or null at the end
    record Page(
            List<Map<String, AttributeValue>> items,
            int scanned,
            long tableBytes,
            long indexBytes,
            @Nullable Map<String, AttributeValue> last) {}

    Page read(Transaction tx) {
        Collector collector = new Collector();
        if (index == null) {
            try (Cursor<ItemKey, Head> cursor =
                    tx.scan(DynamodbTables.ITEMS, range, direction, MAX_SCANNED)) {
                while (!collector.full() && cursor.next()) {
                    Head head = cursor.value();
                    ItemKey key = head.parts() == 0 ? NO_KEY : cursor.key();
                    collector.take(Items.item(tx, key, head));
                }
            }
        } else {
            try (Cursor<IndexKey, Boolean> cursor =
                    tx.scan(DynamodbTables.INDEXES, range, direction, MAX_SCANNED)) {
                while (!collector.full() && cursor.next()) {
                    Map<String, AttributeValue> item = Items.get(tx, cursor.key().item());
                    if (item == null) {
                        throw new IllegalStateException("an index entry without an item");
                    }
                    collector.take(item);
                }
            }
        }
        return collector.page();
    }

    /// Stands for the key of an item of one row, which nobody asks for.
    private static final ItemKey NO_KEY =
            new ItemKey(0, dev.freehold.protocol.Blob.EMPTY, dev.freehold.protocol.Blob.EMPTY);

    private final class Collector {
        private final List<Map<String, AttributeValue>> items = new ArrayList<>();
        private int scanned;
        private long stored;
        private long tableBytes;
        private long indexBytes;
        private @Nullable Map<String, AttributeValue> last;

        boolean full() {
            return scanned >= limit || stored >= MAX_PAGE;
        }

        void take(Map<String, AttributeValue> item) {
            Map<String, AttributeValue> entry = index == null ? item : index.project(item);
            Map<String, AttributeValue> seen = whole ? item : entry;
            if (index == null) {
                tableBytes += Sizes.of(item);
            } else {
                indexBytes += Sizes.of(entry);
                tableBytes += whole ? Sizes.of(item) : 0;
            }
            scanned++;
            stored += Sizes.stored(seen, table.sortKey());
            last = item;
            if (filter == null || filter.holds(seen)) {
                items.add(seen);
            }
        }

        Page page() {
            Map<String, AttributeValue> next = full() && last != null ? key(last) : null;
            return new Page(items, scanned, tableBytes, indexBytes, next);
        }
    }

    private Map<String, AttributeValue> key(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> key = new LinkedHashMap<>();
        Set<String> names = new LinkedHashSet<>(table.own().names());
        if (index != null) {
            names.addAll(index.key().names());
        }
        for (String name : names) {
            AttributeValue value = item.get(name);
            if (value != null) {
                key.put(name, value);
            }
        }
        return key;
    }
}
