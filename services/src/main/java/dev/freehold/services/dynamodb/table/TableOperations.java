package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.CreateTableRequest;
import dev.freehold.api.dynamodb.CreateTableResponse;
import dev.freehold.api.dynamodb.DeleteTableRequest;
import dev.freehold.api.dynamodb.DeleteTableResponse;
import dev.freehold.api.dynamodb.DescribeTableRequest;
import dev.freehold.api.dynamodb.DescribeTableResponse;
import dev.freehold.api.dynamodb.GlobalSecondaryIndexDescription;
import dev.freehold.api.dynamodb.ListTablesRequest;
import dev.freehold.api.dynamodb.ListTablesResponse;
import dev.freehold.api.dynamodb.LocalSecondaryIndexDescription;
import dev.freehold.api.dynamodb.ResourceInUseException;
import dev.freehold.api.dynamodb.StreamSpecification;
import dev.freehold.api.dynamodb.TableDescription;
import dev.freehold.api.dynamodb.UpdateTableRequest;
import dev.freehold.api.dynamodb.UpdateTableResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.dynamodb.table.DynamodbTables.IndexId;
import dev.freehold.services.dynamodb.value.Values;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/// CreateTable, DescribeTable, ListTables, UpdateTable, DeleteTable.
public final class TableOperations {
    private static final int DEFAULT_LIMIT = 100;

    private final Store store;
    private final Catalog catalog;
    private final InstantSource clock;
    private final Supplier<String> ids;

    /// @param ids makes UUIDs
    public TableOperations(
            Store store, Catalog catalog, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.catalog = catalog;
        this.clock = clock;
        this.ids = ids;
    }

    public CreateTableResponse createTable(CreateTableRequest in, Caller caller) {
        Definitions.check(in);
        StreamSpecification stream = in.streamSpecification();
        if (stream != null) {
            StreamRows.checkView(stream);
        }
        TableKey key = TableKey.of(in.tableName(), caller);
        Instant now = clock.instant();
        TableDescription made = Descriptions.create(in, ids.get(), caller, now);
        Map<String, String> tags = Tags.of(in.tags());
        String policyRevision = in.resourcePolicy() == null ? null : ids.get();
        TableDescription description =
                store.update(tx -> {
                    if (catalog.find(tx, key) != null) {
                        throw new ResourceInUseException("Table already exists: " + key.name());
                    }
                    TableRow row = newRow(Catalog.nextNumber(tx), made);
                    TableRow.Settings settings = row.settings().withTags(tags);
                    row = row.with(settings.withPolicy(in.resourcePolicy(), policyRevision));
                    if (stream != null && Boolean.TRUE.equals(stream.streamEnabled())) {
                        row = StreamRows.enable(tx, key, row, stream, caller, now);
                    }
                    tx.put(DynamodbTables.BY_NUMBER, row.number(), key);
                    Catalog.put(tx, key, row);
                    return row.description();
                });
        return CreateTableResponse.builder().tableDescription(creating(description)).build();
    }

    private static TableRow newRow(long number, TableDescription description) {
        Map<String, Integer> numbers = new HashMap<>();
        for (var index : TableSchema.orEmpty(description.globalSecondaryIndexes())) {
            numbers.put(String.valueOf(index.indexName()), numbers.size() + 1);
        }
        for (var index : TableSchema.orEmpty(description.localSecondaryIndexes())) {
            numbers.put(String.valueOf(index.indexName()), numbers.size() + 1);
        }
        int next = numbers.size() + 1;
        return new TableRow(number, 0, description, numbers, next, 0, TableRow.Settings.NONE);
    }

    /// A new table as its maker is told: it can be used at once, but clients wait until it is
    /// described as active.
    private static TableDescription creating(TableDescription table) {
        TableDescription.Builder out = table.toBuilder().tableStatus("CREATING");
        if (table.globalSecondaryIndexes() != null) {
            out.globalSecondaryIndexes(
                    table.globalSecondaryIndexes().stream()
                            .map(index -> index.toBuilder().indexStatus("CREATING").build())
                            .toList());
        }
        if (table.billingModeSummary() != null) {
            out.billingModeSummary(
                    table.billingModeSummary().toBuilder()
                            .lastUpdateToPayPerRequestDateTime(null)
                            .build());
        }
        if (table.warmThroughput() != null) {
            out.warmThroughput(table.warmThroughput().toBuilder().status("UPDATING").build());
        }
        return out.build();
    }

    public DescribeTableResponse describeTable(DescribeTableRequest in, Caller caller) {
        TableKey key = TableKey.of(in.tableName(), caller);
        TableDescription table = store.read(tx -> described(tx, catalog.requireNamed(tx, key)));
        return DescribeTableResponse.builder().table(table).build();
    }

    /// The table with its counts.
    private static TableDescription described(Transaction tx, TableSchema schema) {
        TableRow row = schema.row();
        TableDescription table = row.description();
        TableDescription.Builder out =
                table.toBuilder()
                        .itemCount(count(tx, DynamodbTables.COUNTS, row, 0))
                        .tableSizeBytes(count(tx, DynamodbTables.SIZES, row, 0));
        if (table.warmThroughput() == null) {
            out.warmThroughput(Descriptions.warm(table));
        }
        List<GlobalSecondaryIndexDescription> global = table.globalSecondaryIndexes();
        if (global != null) {
            boolean changing =
                    global.stream().anyMatch(index -> "CREATING".equals(index.indexStatus()));
            out.tableStatus(changing ? "UPDATING" : "ACTIVE");
            List<GlobalSecondaryIndexDescription> indexes = new ArrayList<>();
            for (GlobalSecondaryIndexDescription index : global) {
                int number = number(row, index.indexName());
                indexes.add(
                        index.toBuilder()
                                .itemCount(count(tx, DynamodbTables.COUNTS, row, number))
                                .indexSizeBytes(count(tx, DynamodbTables.SIZES, row, number))
                                .warmThroughput(Warm.of(table, index))
                                .build());
            }
            out.globalSecondaryIndexes(indexes);
        }
        List<LocalSecondaryIndexDescription> local = table.localSecondaryIndexes();
        if (local != null) {
            List<LocalSecondaryIndexDescription> indexes = new ArrayList<>();
            for (LocalSecondaryIndexDescription index : local) {
                int number = number(row, index.indexName());
                indexes.add(
                        index.toBuilder()
                                .itemCount(count(tx, DynamodbTables.COUNTS, row, number))
                                .indexSizeBytes(count(tx, DynamodbTables.SIZES, row, number))
                                .build());
            }
            out.localSecondaryIndexes(indexes);
        }
        return out.build();
    }

    private static int number(TableRow row, @org.jspecify.annotations.Nullable String index) {
        return row.indexes().getOrDefault(String.valueOf(index), -1);
    }

    private static long count(
            Transaction tx, Table<IndexId, Long> counters, TableRow row, int index) {
        Long count = tx.peek(counters, new IndexId(row.number(), index));
        return count == null ? 0 : count;
    }

    public ListTablesResponse listTables(ListTablesRequest in, Caller caller) {
        int limit = in.limit() == null ? DEFAULT_LIMIT : in.limit();
        KeyRange all = KeyRange.prefix(out -> out.string(caller.account()).string(caller.region()));
        String start = in.exclusiveStartTableName();
        KeyRange range =
                start == null
                        ? all
                        : all.startingAfter(out ->
                                out.string(caller.account()).string(caller.region()).string(start));
        List<String> names =
                store.read(tx -> {
                    List<String> found = new ArrayList<>();
                    try (Cursor<TableKey, Long> cursor =
                            tx.scan(DynamodbTables.VERSIONS, range, limit + 1)) {
                        while (cursor.next()) {
                            found.add(cursor.key().name());
                        }
                    }
                    return found;
                });
        boolean more = names.size() > limit;
        List<String> page = more ? List.copyOf(names.subList(0, limit)) : names;
        return ListTablesResponse.builder()
                .tableNames(page)
                .lastEvaluatedTableName(more ? page.getLast() : null)
                .build();
    }

    public UpdateTableResponse updateTable(UpdateTableRequest in, Caller caller) {
        TableUpdates.check(in);
        TableKey key = TableKey.of(in.tableName(), caller);
        Instant now = clock.instant();
        TableDescription table =
                store.update(tx -> {
                    TableSchema schema = catalog.requireNamed(tx, key);
                    return TableUpdates.apply(tx, schema, in, caller, now);
                });
        return UpdateTableResponse.builder().tableDescription(table).build();
    }

    public DeleteTableResponse deleteTable(DeleteTableRequest in, Caller caller) {
        TableKey key = TableKey.of(in.tableName(), caller);
        Instant now = clock.instant();
        TableDescription gone =
                store.update(tx -> {
                    TableSchema schema = catalog.requireNamed(tx, key);
                    TableRow row = schema.row();
                    if (Boolean.TRUE.equals(row.description().deletionProtectionEnabled())) {
                        throw Values.invalid(
                                "Resource cannot be deleted as it is currently protected against"
                                        + " deletion. Disable deletion protection first.");
                    }
                    if (row.stream() != 0) {
                        StreamRows.disable(tx, key, row, now);
                    }
                    delete(tx, key, row);
                    return row.description();
                });
        return DeleteTableResponse.builder()
                .tableDescription(
                        TableDescription.builder()
                                .tableName(gone.tableName())
                                .tableArn(gone.tableArn())
                                .tableId(gone.tableId())
                                .tableStatus("DELETING")
                                .itemCount(gone.itemCount())
                                .tableSizeBytes(gone.tableSizeBytes())
                                .provisionedThroughput(gone.provisionedThroughput())
                                .billingModeSummary(gone.billingModeSummary())
                                .deletionProtectionEnabled(gone.deletionProtectionEnabled())
                                .build())
                .build();
    }

    private static void delete(Transaction tx, TableKey key, TableRow row) {
        KeyRange all = KeyRange.prefix(out -> out.int64(row.number()));
        tx.delete(DynamodbTables.TABLES, key);
        tx.delete(DynamodbTables.VERSIONS, key);
        tx.delete(DynamodbTables.BY_NUMBER, row.number());
        tx.deleteRange(DynamodbTables.ITEMS, all);
        tx.deleteRange(DynamodbTables.PARTS, all);
        tx.deleteRange(DynamodbTables.INDEXES, all);
        tx.deleteRange(DynamodbTables.COUNTS, all);
        tx.deleteRange(DynamodbTables.SIZES, all);
        tx.deleteRange(DynamodbTables.BACKFILLS, all);
    }

    /// What an index takes at once: what its table does.
    private static final class Warm {
        private Warm() {}

        static dev.freehold.api.dynamodb.GlobalSecondaryIndexWarmThroughputDescription of(
                TableDescription table, GlobalSecondaryIndexDescription index) {
            var warm =
                    Descriptions.warm(
                            table.toBuilder()
                                    .provisionedThroughput(index.provisionedThroughput())
                                    .build());
            return dev.freehold.api.dynamodb.GlobalSecondaryIndexWarmThroughputDescription.builder()
                    .readUnitsPerSecond(warm.readUnitsPerSecond())
                    .writeUnitsPerSecond(warm.writeUnitsPerSecond())
                    .status("ACTIVE")
                    .build();
        }
    }
}
