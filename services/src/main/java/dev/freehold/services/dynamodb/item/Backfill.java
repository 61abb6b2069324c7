package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.table.Catalog;
import dev.freehold.services.dynamodb.table.DynamodbTables;
import dev.freehold.services.dynamodb.table.DynamodbTables.BackfillRow;
import dev.freehold.services.dynamodb.table.DynamodbTables.DueKey;
import dev.freehold.services.dynamodb.table.DynamodbTables.Head;
import dev.freehold.services.dynamodb.table.DynamodbTables.IndexId;
import dev.freehold.services.dynamodb.table.IndexKey;
import dev.freehold.services.dynamodb.table.ItemKey;
import dev.freehold.services.dynamodb.table.KeyChecks;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.table.TableSchema.Index;
import dev.freehold.services.dynamodb.table.TableUpdates;
import dev.freehold.services.dynamodb.value.Sizes;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Adds the items that a table has already to an index, or to the expiries, that were made later.
///
/// Writers keep the index from the moment it is defined; this walks the table once behind them,
/// some items a transaction, and remembers how far it came in the same transaction, so that it goes
/// on there after a crash. A writer that changes an item of such a step meanwhile makes the step
/// run again.
public final class Backfill {
    /// The items of one transaction.
    private static final int STEP = 500;

    /// The bytes of items of one transaction.
    private static final int STEP_BYTES = 2 * 1024 * 1024;

    /// The steps of one sweep: it goes on in the next.
    private static final int STEPS = 40;

    private static final int MAX_STARTED = 100;

    private final Store store;
    private final Catalog catalog;

    public Backfill(Store store, Catalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    /// Does some of what is left.
    public void sweep() {
        for (IndexId index : started()) {
            int steps = 0;
            while (steps < STEPS && store.update(tx -> step(tx, index))) {
                steps++;
            }
        }
    }

    private List<IndexId> started() {
        return store.read(tx -> {
            List<IndexId> started = new ArrayList<>();
            try (Cursor<IndexId, BackfillRow> cursor =
                    tx.scan(DynamodbTables.BACKFILLS, KeyRange.ALL, MAX_STARTED)) {
                while (cursor.next()) {
                    started.add(cursor.key());
                }
            }
            return started;
        });
    }

    /// @return whether there is more
    private boolean step(Transaction tx, IndexId id) {
        BackfillRow row = tx.get(DynamodbTables.BACKFILLS, id);
        TableSchema table = row == null ? null : catalog.find(tx, row.table());
        if (row == null || table == null || table.number() != id.table()) {
            tx.delete(DynamodbTables.BACKFILLS, id);
            return false;
        }
        Index index =
                table.indexes().values().stream()
                        .filter(one -> one.number() == id.index())
                        .findFirst()
                        .orElse(null);
        String expiry = id.index() == 0 ? table.row().settings().timeToLive() : null;
        if (index == null && expiry == null) {
            tx.delete(DynamodbTables.BACKFILLS, id);
            return false;
        }
        ItemKey last = add(tx, table, row.after(), index, expiry);
        if (last != null) {
            tx.put(DynamodbTables.BACKFILLS, id, new BackfillRow(row.table(), last));
            return true;
        }
        tx.delete(DynamodbTables.BACKFILLS, id);
        if (index != null) {
            TableUpdates.indexReady(tx, table, index.name());
        }
        return false;
    }

    /// Adds some items.
    ///
    /// @return the last of them, or null when the table has no more
    private static @Nullable ItemKey add(
            Transaction tx,
            TableSchema table,
            @Nullable ItemKey after,
            @Nullable Index index,
            @Nullable String expiry) {
        KeyRange range = KeyRange.prefix(out -> out.int64(table.number()));
        if (after != null) {
            range = range.startingAfter(out -> DynamodbTables.ITEMS.keys().write(after, out));
        }
        int bytes = 0;
        int count = 0;
        ItemKey last = null;
        try (Cursor<ItemKey, Head> cursor = tx.scan(DynamodbTables.ITEMS, range, STEP)) {
            while (bytes < STEP_BYTES && cursor.next()) {
                last = cursor.key();
                Map<String, AttributeValue> item = Items.item(tx, last, cursor.value());
                bytes += Sizes.of(item);
                count++;
                if (index != null) {
                    addEntry(tx, index, last, item);
                }
                Long due = expiry == null ? null : Items.expiry(item, expiry);
                if (due != null) {
                    tx.put(DynamodbTables.DUE, new DueKey(due, last), true);
                }
            }
        }
        return count < STEP && bytes < STEP_BYTES ? null : last;
    }

    private static void addEntry(
            Transaction tx, Index index, ItemKey at, Map<String, AttributeValue> item) {
        IndexKey entry = index.entry(at, item);
        if (entry == null
                || !KeyChecks.fits(index, item)
                || tx.get(DynamodbTables.INDEXES, entry) != null) {
            return;
        }
        tx.put(DynamodbTables.INDEXES, entry, true);
        IndexId id = new IndexId(at.table(), index.number());
        Items.count(tx, id, 1, Sizes.of(index.project(item)));
    }
}
