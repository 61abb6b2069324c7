package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.AttributeDefinition;
import dev.freehold.api.dynamodb.BillingModeSummary;
import dev.freehold.api.dynamodb.CreateGlobalSecondaryIndexAction;
import dev.freehold.api.dynamodb.GlobalSecondaryIndex;
import dev.freehold.api.dynamodb.GlobalSecondaryIndexDescription;
import dev.freehold.api.dynamodb.GlobalSecondaryIndexUpdate;
import dev.freehold.api.dynamodb.KeySchemaElement;
import dev.freehold.api.dynamodb.LimitExceededException;
import dev.freehold.api.dynamodb.ProvisionedThroughput;
import dev.freehold.api.dynamodb.ProvisionedThroughputDescription;
import dev.freehold.api.dynamodb.ResourceInUseException;
import dev.freehold.api.dynamodb.ResourceNotFoundException;
import dev.freehold.api.dynamodb.TableClassSummary;
import dev.freehold.api.dynamodb.TableDescription;
import dev.freehold.api.dynamodb.UpdateGlobalSecondaryIndexAction;
import dev.freehold.api.dynamodb.UpdateTableRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.services.dynamodb.table.DynamodbTables.BackfillRow;
import dev.freehold.services.dynamodb.table.DynamodbTables.IndexId;
import dev.freehold.services.dynamodb.value.Values;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What UpdateTable does to a table: one request on one table in one transaction.
public final class TableUpdates {
    private static final int MAX_UPDATES = 5;
    private static final int MAX_GLOBAL = 20;

    private final Transaction tx;
    private final UpdateTableRequest in;
    private final Caller caller;
    private final Instant now;
    private TableRow row;
    private TableDescription table;

    private TableUpdates(
            Transaction tx, TableSchema schema, UpdateTableRequest in, Caller caller, Instant now) {
        this.tx = tx;
        this.in = in;
        this.caller = caller;
        this.now = now;
        this.row = schema.row();
        this.table = row.description();
    }

    /// What is wrong with a request, whatever the table.
    static void check(UpdateTableRequest in) {
        Definitions.refuse("Replicas", in.replicaUpdates() != null);
        Definitions.refuse("Witnesses", in.globalTableWitnessUpdates() != null);
        Definitions.refuse("Vector indexes", in.vectorIndexUpdates() != null);
        Definitions.refuse(
                "Global tables",
                in.multiRegionConsistency() != null
                        || in.globalTableSettingsReplicationMode() != null
                        || in.disassociationProtectionEnabled() != null);
        List<GlobalSecondaryIndexUpdate> updates =
                TableSchema.orEmpty(in.globalSecondaryIndexUpdates());
        boolean nothing =
                in.provisionedThroughput() == null
                        && in.billingMode() == null
                        && in.streamSpecification() == null
                        && updates.isEmpty()
                        && in.sseSpecification() == null
                        && in.tableClass() == null
                        && in.deletionProtectionEnabled() == null
                        && in.onDemandThroughput() == null
                        && in.warmThroughput() == null;
        if (nothing) {
            throw Values.invalid(
                    "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled,"
                            + " GlobalSecondaryIndexUpdates or SSESpecification or ReplicaUpdates is"
                            + " required");
        }
        if ("PROVISIONED".equals(in.billingMode()) && in.provisionedThroughput() == null) {
            throw Values.invalidParameter(
                    "ProvisionedThroughput must be specified when BillingMode is PROVISIONED");
        }
        if (in.provisionedThroughput() != null) {
            Definitions.checkBounds(in.provisionedThroughput());
        }
        Set<String> names = new HashSet<>();
        for (GlobalSecondaryIndexUpdate update : updates) {
            String name = name(update);
            if (!names.add(name)) {
                throw Values.invalidParameter(
                        "Only one global secondary index update per index is allowed"
                                + " simultaneously. Index: "
                                + name);
            }
        }
    }

    private static String name(GlobalSecondaryIndexUpdate update) {
        if (update.update() != null) {
            return update.update().indexName();
        }
        if (update.create() != null) {
            return update.create().indexName();
        }
        if (update.delete() != null) {
            return update.delete().indexName();
        }
        throw Values.invalidParameter(
                "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create,"
                        + " GlobalSecondaryIndexUpdate.Delete must not be null");
    }

    /// Does it.
    ///
    /// @return the table as the answer shows it: what was changed is still changing
    static TableDescription apply(
            Transaction tx, TableSchema schema, UpdateTableRequest in, Caller caller, Instant now) {
        TableUpdates updates = new TableUpdates(tx, schema, in, caller, now);
        updates.throughput();
        updates.indexes();
        updates.stream(schema);
        updates.settings();
        Catalog.put(tx, schema.key(), updates.row.with(updates.table));
        return updates.table.toBuilder().tableStatus("UPDATING").build();
    }

    private boolean onDemand() {
        var summary = table.billingModeSummary();
        return summary != null && Descriptions.ON_DEMAND.equals(summary.billingMode());
    }

    private void throughput() {
        boolean was = onDemand();
        boolean will =
                in.billingMode() == null ? was : Descriptions.ON_DEMAND.equals(in.billingMode());
        if (in.provisionedThroughput() != null && will) {
            throw Values.invalidParameter(
                    "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when"
                            + " BillingMode is PAY_PER_REQUEST");
        }
        checkIndexUpdates(was && !will);
        if (in.provisionedThroughput() != null) {
            table =
                    table.toBuilder()
                            .provisionedThroughput(
                                    changed(
                                            table.provisionedThroughput(),
                                            in.provisionedThroughput()))
                            .build();
        }
        if (in.billingMode() != null) {
            billing(will, was != will);
        }
    }

    private void billing(boolean onDemand, boolean changes) {
        BillingModeSummary before = table.billingModeSummary();
        if (before != null || onDemand) {
            Instant since = before == null ? null : before.lastUpdateToPayPerRequestDateTime();
            table =
                    table.toBuilder()
                            .billingModeSummary(
                                    BillingModeSummary.builder()
                                            .billingMode(in.billingMode())
                                            .lastUpdateToPayPerRequestDateTime(
                                                    onDemand && changes ? now : since)
                                            .build())
                            .build();
        }
        if (onDemand && changes) {
            table =
                    table.toBuilder()
                            .provisionedThroughput(none(table.provisionedThroughput()))
                            .build();
            List<GlobalSecondaryIndexDescription> indexes = new ArrayList<>();
            for (var index : TableSchema.orEmpty(table.globalSecondaryIndexes())) {
                indexes.add(
                        index.toBuilder()
                                .provisionedThroughput(none(index.provisionedThroughput()))
                                .build());
            }
            setIndexes(indexes);
        }
    }

    private ProvisionedThroughputDescription none(
            @Nullable ProvisionedThroughputDescription before) {
        ProvisionedThroughputDescription.Builder out =
                before == null ? ProvisionedThroughputDescription.builder() : before.toBuilder();
        return out.readCapacityUnits(0L).writeCapacityUnits(0L).numberOfDecreasesToday(0L).build();
    }

    private ProvisionedThroughputDescription changed(
            @Nullable ProvisionedThroughputDescription before, ProvisionedThroughput wanted) {
        long reads =
                before == null ? 0 : Objects.requireNonNullElse(before.readCapacityUnits(), 0L);
        long writes =
                before == null ? 0 : Objects.requireNonNullElse(before.writeCapacityUnits(), 0L);
        long moreReads = wanted.readCapacityUnits() - reads;
        long moreWrites = wanted.writeCapacityUnits() - writes;
        if (moreReads == 0 && moreWrites == 0) {
            throw Values.invalid(
                    "The provisioned throughput for the table will not change. The requested value"
                            + " equals the current value. Current ReadCapacityUnits provisioned for"
                            + " the table: "
                            + reads
                            + ". Requested ReadCapacityUnits: "
                            + reads
                            + ". Current WriteCapacityUnits provisioned for the table: "
                            + writes
                            + ". Requested WriteCapacityUnits: "
                            + writes
                            + ". Refer to the Amazon DynamoDB Developer Guide for current limits and"
                            + " how to request higher limits.");
        }
        ProvisionedThroughputDescription.Builder out =
                before == null ? ProvisionedThroughputDescription.builder() : before.toBuilder();
        if (moreReads > 0 || moreWrites > 0) {
            out.lastIncreaseDateTime(now);
        }
        if (moreReads < 0 || moreWrites < 0) {
            Long decreases = before == null ? null : before.numberOfDecreasesToday();
            out.lastDecreaseDateTime(now)
                    .numberOfDecreasesToday(decreases == null ? 1 : decreases + 1);
        }
        return out.readCapacityUnits(wanted.readCapacityUnits())
                .writeCapacityUnits(wanted.writeCapacityUnits())
                .build();
    }

    private void checkIndexUpdates(boolean becomesProvisioned) {
        List<GlobalSecondaryIndexUpdate> updates =
                TableSchema.orEmpty(in.globalSecondaryIndexUpdates());
        long made = updates.stream().filter(update -> update.update() == null).count();
        if (updates.size() > MAX_UPDATES || made > 1) {
            throw tooMany();
        }
        Set<String> rest = new LinkedHashSet<>();
        TableSchema.orEmpty(table.globalSecondaryIndexes())
                .forEach(index -> rest.add(String.valueOf(index.indexName())));
        for (GlobalSecondaryIndexUpdate update : updates) {
            UpdateGlobalSecondaryIndexAction action = update.update();
            ProvisionedThroughput throughput =
                    action == null ? null : action.provisionedThroughput();
            if (action == null || throughput == null) {
                continue;
            }
            if (!Definitions.inBounds(throughput)) {
                throw Values.invalid(
                        "This operation cannot be performed with given input values. Please contact"
                                + " DynamoDB service team for more info: Action Blocked:"
                                + " IndexUpdate");
            }
            rest.remove(action.indexName());
        }
        if (becomesProvisioned && !rest.isEmpty()) {
            throw Values.invalidParameter(
                    "ProvisionedThroughput must be specified for index: " + String.join(",", rest));
        }
    }

    private static LimitExceededException tooMany() {
        return new LimitExceededException(
                "Subscriber limit exceeded: Only 1 online index can be created or deleted"
                        + " simultaneously per table");
    }

    private void setIndexes(List<GlobalSecondaryIndexDescription> indexes) {
        table =
                table.toBuilder()
                        .globalSecondaryIndexes(indexes.isEmpty() ? null : indexes)
                        .build();
    }

    private void indexes() {
        for (GlobalSecondaryIndexUpdate update :
                TableSchema.orEmpty(in.globalSecondaryIndexUpdates())) {
            if (update.create() != null) {
                create(update.create());
            } else if (update.delete() != null) {
                delete(update.delete().indexName());
            } else if (update.update() != null) {
                change(update.update());
            }
        }
    }

    private void create(CreateGlobalSecondaryIndexAction action) {
        List<GlobalSecondaryIndexDescription> indexes =
                new ArrayList<>(TableSchema.orEmpty(table.globalSecondaryIndexes()));
        if (row.indexes().containsKey(action.indexName())) {
            throw Values.invalid("Attempting to create an index which already exists");
        }
        if (indexes.stream().anyMatch(index -> "CREATING".equals(index.indexStatus()))) {
            throw tooMany();
        }
        if (indexes.size() >= MAX_GLOBAL) {
            throw new LimitExceededException(
                    "Subscriber limit exceeded: GlobalSecondaryIndex count exceeds the per-table"
                            + " limit of "
                            + MAX_GLOBAL);
        }
        List<AttributeDefinition> definitions = definitions(action.keySchema());
        Definitions.checkGlobalKeys(action.keySchema(), definitions, new HashSet<>());
        Definitions.checkProjection(action.projection());
        Definitions.checkIndexThroughput(
                action.indexName(), onDemand(), action.provisionedThroughput());
        GlobalSecondaryIndex index =
                GlobalSecondaryIndex.builder()
                        .indexName(action.indexName())
                        .keySchema(action.keySchema())
                        .projection(action.projection())
                        .provisionedThroughput(action.provisionedThroughput())
                        .onDemandThroughput(action.onDemandThroughput())
                        .build();
        indexes.add(
                Descriptions.global(index, String.valueOf(table.tableArn())).toBuilder()
                        .indexStatus("CREATING")
                        .backfilling(true)
                        .build());
        int number = row.nextIndex();
        Map<String, Integer> numbers = new HashMap<>(row.indexes());
        numbers.put(action.indexName(), number);
        row = row.withIndexes(numbers, number + 1);
        table = table.toBuilder().attributeDefinitions(definitions).build();
        setIndexes(indexes);
        tx.put(
                DynamodbTables.BACKFILLS,
                new IndexId(row.number(), number),
                new BackfillRow(TableKey.of(in.tableName(), caller), null));
    }

    /// The table's definitions with those of the request for the index's key.
    private List<AttributeDefinition> definitions(List<KeySchemaElement> keys) {
        Map<String, AttributeDefinition> all = new LinkedHashMap<>();
        for (AttributeDefinition one : TableSchema.orEmpty(table.attributeDefinitions())) {
            all.put(one.attributeName(), one);
        }
        Set<String> names = new HashSet<>();
        keys.forEach(key -> names.add(key.attributeName()));
        for (AttributeDefinition one : TableSchema.orEmpty(in.attributeDefinitions())) {
            AttributeDefinition there = all.get(one.attributeName());
            if (there != null && !there.attributeType().equals(one.attributeType())) {
                throw Values.invalidParameter(
                        "Cannot change the type of the attribute " + one.attributeName());
            }
            if (there == null && !names.contains(one.attributeName())) {
                throw Values.invalidParameter(
                        "Some AttributeDefinitions are not used. AttributeDefinitions: ["
                                + one.attributeName()
                                + "], keys used: "
                                + List.copyOf(names));
            }
            all.put(one.attributeName(), one);
        }
        return List.copyOf(all.values());
    }

    private static ResourceNotFoundException noIndex(String name) {
        return new ResourceNotFoundException(
                "Requested resource not found: Index: " + name + " not found");
    }

    private void delete(String name) {
        List<GlobalSecondaryIndexDescription> indexes =
                new ArrayList<>(TableSchema.orEmpty(table.globalSecondaryIndexes()));
        if (!indexes.removeIf(index -> name.equals(index.indexName()))) {
            throw noIndex(name);
        }
        Map<String, Integer> numbers = new HashMap<>(row.indexes());
        Integer number = numbers.remove(name);
        row = row.withIndexes(numbers, row.nextIndex());
        setIndexes(indexes);
        Set<String> used = new HashSet<>();
        TableSchema.orEmpty(table.keySchema()).forEach(key -> used.add(key.attributeName()));
        for (var index : indexes) {
            TableSchema.orEmpty(index.keySchema()).forEach(key -> used.add(key.attributeName()));
        }
        for (var index : TableSchema.orEmpty(table.localSecondaryIndexes())) {
            TableSchema.orEmpty(index.keySchema()).forEach(key -> used.add(key.attributeName()));
        }
        table =
                table.toBuilder()
                        .attributeDefinitions(
                                TableSchema.orEmpty(table.attributeDefinitions()).stream()
                                        .filter(one -> used.contains(one.attributeName()))
                                        .toList())
                        .build();
        if (number != null) {
            deleteEntries(tx, row.number(), number);
        }
    }

    static void deleteEntries(Transaction tx, long table, int index) {
        tx.deleteRange(
                DynamodbTables.INDEXES, KeyRange.prefix(out -> out.int64(table).int32(index)));
        IndexId id = new IndexId(table, index);
        tx.delete(DynamodbTables.BACKFILLS, id);
        tx.delete(DynamodbTables.COUNTS, id);
        tx.delete(DynamodbTables.SIZES, id);
    }

    private void change(UpdateGlobalSecondaryIndexAction action) {
        List<GlobalSecondaryIndexDescription> indexes = new ArrayList<>();
        boolean found = false;
        for (var index : TableSchema.orEmpty(table.globalSecondaryIndexes())) {
            if (!action.indexName().equals(index.indexName())) {
                indexes.add(index);
                continue;
            }
            found = true;
            ProvisionedThroughput throughput = action.provisionedThroughput();
            var builder = index.toBuilder();
            if (throughput != null) {
                builder.provisionedThroughput(changed(index.provisionedThroughput(), throughput));
            }
            if (action.onDemandThroughput() != null) {
                builder.onDemandThroughput(action.onDemandThroughput());
            }
            indexes.add(builder.build());
        }
        if (!found) {
            throw noIndex(action.indexName());
        }
        setIndexes(indexes);
    }

    private void stream(TableSchema schema) {
        var wanted = in.streamSpecification();
        if (wanted == null) {
            return;
        }
        boolean enable = Boolean.TRUE.equals(wanted.streamEnabled());
        if (enable) {
            if (row.stream() != 0) {
                throw Values.invalid(
                        "Table already has an enabled stream: TableName: " + schema.key().name());
            }
            StreamRows.checkView(wanted);
        } else if (row.stream() == 0) {
            throw Values.invalid(
                    "Table does not have a stream to disable: TableName: " + schema.key().name());
        }
        row = row.with(table);
        row =
                enable
                        ? StreamRows.enable(tx, schema.key(), row, wanted, caller, now)
                        : StreamRows.disable(tx, schema.key(), row, now);
        table = row.description();
    }

    private void settings() {
        TableDescription.Builder out = table.toBuilder();
        if (in.sseSpecification() != null) {
            out.sseDescription(
                    Descriptions.sse(
                            in.sseSpecification(), caller, String.valueOf(table.tableId())));
        }
        if (in.tableClass() != null) {
            out.tableClassSummary(
                    TableClassSummary.builder()
                            .tableClass(in.tableClass())
                            .lastUpdateDateTime(now)
                            .build());
        }
        if (in.deletionProtectionEnabled() != null) {
            out.deletionProtectionEnabled(in.deletionProtectionEnabled());
        }
        if (in.onDemandThroughput() != null) {
            out.onDemandThroughput(in.onDemandThroughput());
        }
        if (in.warmThroughput() != null) {
            out.warmThroughput(Descriptions.warm(in.warmThroughput()));
        }
        table = out.build();
    }

    /// Notes that an index has all items now.
    public static void indexReady(Transaction tx, TableSchema schema, String name) {
        TableDescription table = schema.row().description();
        List<GlobalSecondaryIndexDescription> indexes =
                TableSchema.orEmpty(table.globalSecondaryIndexes()).stream()
                        .map(index ->
                                name.equals(index.indexName())
                                        ? index.toBuilder()
                                                .indexStatus("ACTIVE")
                                                .backfilling(null)
                                                .build()
                                        : index)
                        .toList();
        TableDescription changed = table.toBuilder().globalSecondaryIndexes(indexes).build();
        Catalog.put(tx, schema.key(), schema.row().with(changed));
    }

    static ResourceInUseException inUse(String message) {
        return new ResourceInUseException(message);
    }
}
