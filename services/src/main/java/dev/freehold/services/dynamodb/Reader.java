package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import dev.freehold.services.dynamodb.Conditions.Condition;
import dev.freehold.services.dynamodb.DynamodbTables.Head;
import dev.freehold.services.dynamodb.DynamodbTables.IndexKey;
import dev.freehold.services.dynamodb.DynamodbTables.ItemKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.Transaction.Direction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Walks a table or an index: one page of a query or a scan.
///
/// @param index the index, or null
/// @param hash the partition, or null for a scan
/// @param sort what the sort key must fulfil, or null
/// @param filter or null
/// @param start the key after which the page begins, or null
/// @param limit the most items that are looked at
record Reader(
        TableKeys keys,
        @Nullable String index,
        @Nullable Blob hash,
        @Nullable Condition sort,
        @Nullable Condition filter,
        @Nullable Map<String, AttributeValue> start,
        boolean forward,
        int limit) {
    /// The most bytes of items that a page looks at.
    private static final int MAX_PAGE = 1024 * 1024;

    private static final int MAX_SCANNED = 50_000;

    /// A page.
    ///
    /// @param last the key to go on after, or null at the end
    record Page(
            List<Map<String, AttributeValue>> items,
            int scanned,
            int bytes,
            @Nullable Map<String, AttributeValue> last) {}

    Page read(Transaction tx) {
        Pages pages = new Pages();
        Direction direction = forward ? Direction.FORWARD : Direction.REVERSE;
        if (index == null) {
            try (Cursor<ItemKey, Head> cursor =
                    tx.scan(DynamodbTables.ITEMS, range(), direction, MAX_SCANNED)) {
                while (pages.more() && cursor.next()) {
                    pages.take(Items.item(tx, cursor.key(), cursor.value()));
                }
            }
        } else {
            try (Cursor<IndexKey, Boolean> cursor =
                    tx.scan(DynamodbTables.INDEXES, range(), direction, MAX_SCANNED)) {
                while (pages.more() && cursor.next()) {
                    IndexKey entry = cursor.key();
                    Map<String, AttributeValue> item =
                            Items.get(
                                    tx,
                                    new ItemKey(
                                            entry.table(), entry.itemHash(), entry.itemRange()));
                    if (item != null) {
                        pages.take(item);
                    }
                }
            }
        }
        return pages.page();
    }

    private KeyRange range() {
        KeyRange range = KeyRange.prefix(this::partition);
        if (start == null) {
            return range;
        }
        ItemKey at = keys.itemKey(start);
        return forward
                ? range.startingAfter(out -> place(out, at))
                : range.endingBefore(out -> place(out, at));
    }

    private void partition(KeyWriter out) {
        out.string(keys.id());
        if (index != null) {
            out.string(index);
        }
        if (hash != null) {
            out.bytes(hash.bytes());
        }
    }

    private void place(KeyWriter out, ItemKey at) {
        if (index == null) {
            at.write(out);
            return;
        }
        IndexKey entry = start == null ? null : keys.entry(index, at, start);
        if (entry == null) {
            throw Values.invalid("The provided starting key is invalid");
        }
        out.string(keys.id())
                .string(index)
                .bytes(entry.hash().bytes())
                .bytes(entry.range().bytes())
                .bytes(at.hash().bytes())
                .bytes(at.range().bytes());
    }

    private final class Pages {
        private final List<Map<String, AttributeValue>> items = new ArrayList<>();
        private int scanned;
        private int bytes;
        private boolean full;
        private @Nullable Map<String, AttributeValue> last;

        boolean more() {
            return !full;
        }

        void take(Map<String, AttributeValue> item) {
            if (sort != null && !sort.holds(item)) {
                return;
            }
            scanned++;
            bytes += Values.size(item);
            last = item;
            if (filter == null || filter.holds(item)) {
                items.add(item);
            }
            full = scanned >= limit || bytes >= MAX_PAGE;
        }

        Page page() {
            return new Page(items, scanned, bytes, full && last != null ? key(last) : null);
        }
    }

    private Map<String, AttributeValue> key(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> key = new LinkedHashMap<>();
        List<String> names = new ArrayList<>(keys.own().names());
        TableKeys.Key indexKey = index == null ? null : keys.indexes().get(index);
        if (indexKey != null) {
            names.addAll(indexKey.names());
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
