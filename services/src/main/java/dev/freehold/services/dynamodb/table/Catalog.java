package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.ResourceNotFoundException;
import dev.freehold.storage.Transaction;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Finds tables inside the transactions that use them.
///
/// A transaction always reads the table's version, which is a row of eight bytes; what was read and
/// parsed before is used again when the version is the same. So a change is seen by all that begin
/// after it, and a write that began before it and commits after it runs again.
public final class Catalog {
    /// More tables than an account may have in a region; beyond it, all are forgotten.
    private static final int MAX_CACHED = 10_000;

    private final ConcurrentHashMap<TableKey, Cached> cache = new ConcurrentHashMap<>();

    private record Cached(long version, TableSchema schema) {}

    /// The table, or null.
    public @Nullable TableSchema find(Transaction tx, TableKey key) {
        Long version = tx.get(DynamodbTables.VERSIONS, key);
        return version == null ? null : schema(tx, key, version);
    }

    /// The table.
    ///
    /// @throws ResourceNotFoundException when there is none
    public TableSchema require(Transaction tx, TableKey key) {
        TableSchema schema = find(tx, key);
        if (schema == null) {
            throw new ResourceNotFoundException("Requested resource not found");
        }
        return schema;
    }

    /// The table, for operations on the table itself, which name it when it is missing.
    public TableSchema requireNamed(Transaction tx, TableKey key) {
        TableSchema schema = find(tx, key);
        if (schema == null) {
            throw new ResourceNotFoundException(
                    "Requested resource not found: Table: " + key.name() + " not found");
        }
        return schema;
    }

    private TableSchema schema(Transaction tx, TableKey key, long version) {
        Cached cached = cache.get(key);
        if (cached != null && cached.version == version) {
            return cached.schema;
        }
        TableRow row = tx.peek(DynamodbTables.TABLES, key);
        if (row == null) {
            throw new IllegalStateException("a version without a table: " + key);
        }
        TableSchema schema = TableSchema.of(key, row);
        if (cache.size() >= MAX_CACHED) {
            cache.clear();
        }
        cache.put(key, new Cached(version, schema));
        return schema;
    }

    /// Writes a table's changed row, so that all see it.
    static void put(Transaction tx, TableKey key, TableRow changed) {
        TableRow row = changed.revised();
        tx.put(DynamodbTables.TABLES, key, row);
        tx.put(DynamodbTables.VERSIONS, key, version(row));
    }

    /// Of two states of one table, and of two tables of one name, no two have the same.
    private static long version(TableRow row) {
        return (row.number() << 24) + row.revision();
    }

    /// Takes a number that nothing else has.
    public static long nextNumber(Transaction tx) {
        Long last = tx.get(DynamodbTables.NUMBERS, "last");
        long next = last == null ? 1 : last + 1;
        tx.put(DynamodbTables.NUMBERS, "last", next);
        return next;
    }
}
