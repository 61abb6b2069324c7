package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.table.Catalog;
import dev.freehold.services.dynamodb.table.DynamodbTables;
import dev.freehold.services.dynamodb.table.DynamodbTables.DueKey;
import dev.freehold.services.dynamodb.table.DynamodbTables.TokenTime;
import dev.freehold.services.dynamodb.table.TableKey;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Removes items whose time to live is over, and tokens that are too old to count.
public final class Expiry {
    /// AWS: items whose time was over so long ago stay, as something was wrong with their times.
    private static final Duration OLDEST = Duration.ofDays(5 * 365);

    /// The items that one sweep removes; more are due in the next.
    private static final int MAX_ITEMS = 1_000;

    private final Store store;
    private final Catalog catalog;
    private final Items items;

    public Expiry(Store store, Catalog catalog, Items items) {
        this.store = store;
        this.catalog = catalog;
        this.items = items;
    }

    /// Removes some of what is due.
    public void sweep(Instant now) {
        for (DueKey due : due(now)) {
            store.updateOnly(tx -> remove(tx, due, now));
        }
        Instant old = now.minus(Transactions.TOKEN_LIFE);
        store.updateOnly(tx -> forgetTokens(tx, old));
    }

    private List<DueKey> due(Instant now) {
        KeyRange range = KeyRange.ALL.endingBefore(out -> out.int64(now.getEpochSecond() + 1));
        return store.read(tx -> {
            List<DueKey> due = new ArrayList<>();
            try (Cursor<DueKey, Boolean> cursor = tx.scan(DynamodbTables.DUE, range, MAX_ITEMS)) {
                while (cursor.next()) {
                    due.add(cursor.key());
                }
            }
            return due;
        });
    }

    private void remove(Transaction tx, DueKey due, Instant now) {
        tx.delete(DynamodbTables.DUE, due);
        TableKey key = tx.get(DynamodbTables.BY_NUMBER, due.item().table());
        TableSchema table = key == null ? null : catalog.find(tx, key);
        String attribute = table == null ? null : table.row().settings().timeToLive();
        if (table == null || attribute == null || table.number() != due.item().table()) {
            return;
        }
        Map<String, AttributeValue> item = Items.get(tx, due.item());
        Long expiry = Items.expiry(item, attribute);
        boolean over =
                expiry != null
                        && expiry == due.second()
                        && expiry > now.minus(OLDEST).getEpochSecond();
        if (over) {
            items.put(tx, table, due.item(), new Items.Versions(item, null), true);
        }
    }

    private static void forgetTokens(Transaction tx, Instant before) {
        KeyRange range = KeyRange.ALL.endingBefore(out -> out.instant(before));
        try (Cursor<TokenTime, Boolean> cursor =
                tx.scan(DynamodbTables.TOKEN_TIMES, range, MAX_ITEMS)) {
            while (cursor.next()) {
                TokenTime old = cursor.key();
                tx.delete(DynamodbTables.TOKEN_TIMES, old);
                var row = tx.get(DynamodbTables.TOKENS, old.key());
                if (row != null && row.time().equals(old.time())) {
                    tx.delete(DynamodbTables.TOKENS, old.key());
                }
            }
        }
    }
}
