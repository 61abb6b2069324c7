package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.BatchGetItemRequest;
import dev.freehold.api.dynamodb.BatchGetItemResponse;
import dev.freehold.api.dynamodb.BatchWriteItemRequest;
import dev.freehold.api.dynamodb.BatchWriteItemResponse;
import dev.freehold.api.dynamodb.Capacity;
import dev.freehold.api.dynamodb.ConditionalCheckFailedException;
import dev.freehold.api.dynamodb.ConsumedCapacity;
import dev.freehold.api.dynamodb.CreateTableRequest;
import dev.freehold.api.dynamodb.CreateTableResponse;
import dev.freehold.api.dynamodb.DeleteItemRequest;
import dev.freehold.api.dynamodb.DeleteItemResponse;
import dev.freehold.api.dynamodb.DeleteRequest;
import dev.freehold.api.dynamodb.DeleteTableRequest;
import dev.freehold.api.dynamodb.DeleteTableResponse;
import dev.freehold.api.dynamodb.DescribeTableRequest;
import dev.freehold.api.dynamodb.DescribeTableResponse;
import dev.freehold.api.dynamodb.DynamodbApi;
import dev.freehold.api.dynamodb.GetItemRequest;
import dev.freehold.api.dynamodb.GetItemResponse;
import dev.freehold.api.dynamodb.ListTablesRequest;
import dev.freehold.api.dynamodb.ListTablesResponse;
import dev.freehold.api.dynamodb.PutItemRequest;
import dev.freehold.api.dynamodb.PutItemResponse;
import dev.freehold.api.dynamodb.PutRequest;
import dev.freehold.api.dynamodb.QueryRequest;
import dev.freehold.api.dynamodb.QueryResponse;
import dev.freehold.api.dynamodb.ResourceInUseException;
import dev.freehold.api.dynamodb.ResourceNotFoundException;
import dev.freehold.api.dynamodb.ScanRequest;
import dev.freehold.api.dynamodb.ScanResponse;
import dev.freehold.api.dynamodb.TableDescription;
import dev.freehold.api.dynamodb.UpdateItemRequest;
import dev.freehold.api.dynamodb.UpdateItemResponse;
import dev.freehold.api.dynamodb.WriteRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.dynamodb.Conditions.Condition;
import dev.freehold.services.dynamodb.DynamodbTables.ItemKey;
import dev.freehold.services.dynamodb.DynamodbTables.TableKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The front of DynamoDB: a method per operation.
public final class DynamodbService implements DynamodbApi {
    private static final int MAX_TABLES = 10_000;

    private final Store store;
    private final Definitions definitions;

    /// @param ids makes UUIDs
    public DynamodbService(Store store, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.definitions = new Definitions(clock, ids);
    }

    private static TableKey tableKey(String name, Caller caller) {
        String plain = name.startsWith("arn:") ? name.substring(name.lastIndexOf('/') + 1) : name;
        return new TableKey(caller.account(), caller.region(), plain);
    }

    private static void refuse(String what, boolean used) {
        if (used) {
            throw new NotImplementedError(what + " of DynamoDB");
        }
    }

    @Override
    public CreateTableResponse createTable(CreateTableRequest in, Caller caller) {
        TableDescription table = definitions.create(in, caller);
        TableKey key = tableKey(in.tableName(), caller);
        store.updateOnly(tx -> {
            if (tx.get(DynamodbTables.TABLES, key) != null) {
                throw new ResourceInUseException("Table already exists: " + key.name());
            }
            tx.put(DynamodbTables.TABLES, key, table);
        });
        return CreateTableResponse.builder()
                .tableDescription(table.toBuilder().tableStatus("CREATING").build())
                .build();
    }

    private static TableDescription table(Transaction tx, String name, Caller caller) {
        TableKey key = tableKey(name, caller);
        TableDescription table = tx.peek(DynamodbTables.TABLES, key);
        if (table == null) {
            throw new ResourceNotFoundException("Requested resource not found");
        }
        return table;
    }

    private TableKeys keys(String name, Caller caller) {
        return store.read(tx -> TableKeys.of(table(tx, name, caller)));
    }

    @Override
    public DescribeTableResponse describeTable(DescribeTableRequest in, Caller caller) {
        TableDescription table =
                store.read(tx -> {
                    TableKey key = tableKey(in.tableName(), caller);
                    TableDescription found = tx.peek(DynamodbTables.TABLES, key);
                    if (found == null) {
                        throw new ResourceNotFoundException(
                                "Requested resource not found: Table: "
                                        + key.name()
                                        + " not found");
                    }
                    Long count = tx.peek(DynamodbTables.COUNTS, String.valueOf(found.tableId()));
                    return found.toBuilder().itemCount(count == null ? 0 : count).build();
                });
        return DescribeTableResponse.builder().table(table).build();
    }

    @Override
    public ListTablesResponse listTables(ListTablesRequest in, Caller caller) {
        int limit = in.limit() == null ? 100 : in.limit();
        List<String> names = new ArrayList<>();
        KeyRange range =
                KeyRange.prefix(out -> out.string(caller.account()).string(caller.region()));
        store.read(tx -> {
            try (Cursor<TableKey, TableDescription> cursor =
                    tx.scan(DynamodbTables.TABLES, range, MAX_TABLES)) {
                while (names.size() <= limit && cursor.next()) {
                    String name = cursor.key().name();
                    if (in.exclusiveStartTableName() == null
                            || name.compareTo(in.exclusiveStartTableName()) > 0) {
                        names.add(name);
                    }
                }
            }
            return names;
        });
        boolean more = names.size() > limit;
        List<String> page = more ? List.copyOf(names.subList(0, limit)) : names;
        return ListTablesResponse.builder()
                .tableNames(page)
                .lastEvaluatedTableName(more ? page.getLast() : null)
                .build();
    }

    @Override
    public DeleteTableResponse deleteTable(DeleteTableRequest in, Caller caller) {
        TableKey key = tableKey(in.tableName(), caller);
        TableDescription gone =
                store.update(tx -> {
                    TableDescription table = tx.get(DynamodbTables.TABLES, key);
                    if (table == null) {
                        throw new ResourceNotFoundException(
                                "Requested resource not found: Table: "
                                        + key.name()
                                        + " not found");
                    }
                    if (Boolean.TRUE.equals(table.deletionProtectionEnabled())) {
                        throw Values.invalid(
                                "Resource cannot be deleted as it is currently protected against"
                                        + " deletion. Disable deletion protection first.");
                    }
                    String id = String.valueOf(table.tableId());
                    KeyRange all = KeyRange.prefix(out -> out.string(id));
                    tx.delete(DynamodbTables.TABLES, key);
                    tx.deleteRange(DynamodbTables.ITEMS, all);
                    tx.deleteRange(DynamodbTables.PARTS, all);
                    tx.deleteRange(DynamodbTables.INDEXES, all);
                    tx.delete(DynamodbTables.COUNTS, id);
                    return table;
                });
        return DeleteTableResponse.builder()
                .tableDescription(gone.toBuilder().tableStatus("DELETING").build())
                .build();
    }

    /// What a conditional write found.
    private record Written(
            @Nullable Map<String, AttributeValue> before,
            @Nullable Map<String, AttributeValue> after) {}

    private static void require(
            @Nullable Condition condition,
            @Nullable Map<String, AttributeValue> before,
            @Nullable String onFailure) {
        if (condition != null && !condition.holds(before == null ? Map.of() : before)) {
            boolean show = "ALL_OLD".equals(onFailure) && before != null;
            throw new ConditionalCheckFailedException(
                    "The conditional request failed",
                    show
                            ? ConditionalCheckFailedException.Members.builder().item(before).build()
                            : null);
        }
    }

    @Override
    public PutItemResponse putItem(PutItemRequest in, Caller caller) {
        refuse("Legacy parameters (Expected, ConditionalOperator)", in.expected() != null);
        ExpressionParser parser =
                new ExpressionParser(in.expressionAttributeNames(), in.expressionAttributeValues());
        Condition condition =
                in.conditionExpression() == null
                        ? null
                        : parser.condition("ConditionExpression", in.conditionExpression());
        parser.checkUnused();
        Map<String, AttributeValue> item = Values.checked(in.item());
        TableKeys keys = keys(in.tableName(), caller);
        ItemKey at = keys.itemKey(item);
        Map<String, AttributeValue> before =
                store.update(tx -> {
                    Map<String, AttributeValue> there = Items.get(tx, at);
                    require(condition, there, in.returnValuesOnConditionCheckFailure());
                    Items.put(tx, keys, at, there, item);
                    return there;
                });
        double units = writeUnits(before, item);
        caller.usage().add("dynamodb.write-request-units", units);
        return PutItemResponse.builder()
                .attributes("ALL_OLD".equals(in.returnValues()) ? before : null)
                .consumedCapacity(capacity(in.returnConsumedCapacity(), in.tableName(), units))
                .build();
    }

    private static double writeUnits(
            @Nullable Map<String, AttributeValue> before,
            @Nullable Map<String, AttributeValue> after) {
        int size =
                Math.max(
                        before == null ? 0 : Values.size(before),
                        after == null ? 0 : Values.size(after));
        return Math.max(1, (size + 1023) / 1024);
    }

    private static double readUnits(int bytes, @Nullable Boolean consistent) {
        double units = Math.max(1, (bytes + 4095) / 4096);
        return Boolean.TRUE.equals(consistent) ? units : units / 2;
    }

    private static @Nullable ConsumedCapacity capacity(
            @Nullable String wanted, String table, double units) {
        if (wanted == null || wanted.equals("NONE")) {
            return null;
        }
        ConsumedCapacity.Builder out =
                ConsumedCapacity.builder().tableName(table).capacityUnits(units);
        if (wanted.equals("INDEXES")) {
            out.table(Capacity.builder().capacityUnits(units).build());
        }
        return out.build();
    }

    @Override
    public GetItemResponse getItem(GetItemRequest in, Caller caller) {
        refuse("AttributesToGet", in.attributesToGet() != null);
        ExpressionParser parser = new ExpressionParser(in.expressionAttributeNames(), null);
        List<Path> paths =
                in.projectionExpression() == null
                        ? null
                        : parser.projection(in.projectionExpression());
        parser.checkUnused();
        TableKeys keys = keys(in.tableName(), caller);
        ItemKey at = keys.exactKey(Values.checked(in.key()));
        Map<String, AttributeValue> item = store.read(tx -> Items.get(tx, at));
        double units = readUnits(item == null ? 0 : Values.size(item), in.consistentRead());
        caller.usage().add("dynamodb.read-request-units", units);
        return GetItemResponse.builder()
                .item(item == null ? null : Projection.of(item, paths))
                .consumedCapacity(capacity(in.returnConsumedCapacity(), in.tableName(), units))
                .build();
    }

    @Override
    public DeleteItemResponse deleteItem(DeleteItemRequest in, Caller caller) {
        refuse("Legacy parameters (Expected, ConditionalOperator)", in.expected() != null);
        ExpressionParser parser =
                new ExpressionParser(in.expressionAttributeNames(), in.expressionAttributeValues());
        Condition condition =
                in.conditionExpression() == null
                        ? null
                        : parser.condition("ConditionExpression", in.conditionExpression());
        parser.checkUnused();
        TableKeys keys = keys(in.tableName(), caller);
        ItemKey at = keys.exactKey(Values.checked(in.key()));
        Map<String, AttributeValue> before =
                store.update(tx -> {
                    Map<String, AttributeValue> there = Items.get(tx, at);
                    require(condition, there, in.returnValuesOnConditionCheckFailure());
                    if (there != null) {
                        Items.put(tx, keys, at, there, null);
                    }
                    return there;
                });
        double units = writeUnits(before, null);
        caller.usage().add("dynamodb.write-request-units", units);
        return DeleteItemResponse.builder()
                .attributes("ALL_OLD".equals(in.returnValues()) ? before : null)
                .consumedCapacity(capacity(in.returnConsumedCapacity(), in.tableName(), units))
                .build();
    }

    @Override
    public UpdateItemResponse updateItem(UpdateItemRequest in, Caller caller) {
        refuse("Legacy parameters (Expected)", in.expected() != null);
        refuse("Legacy parameters (AttributeUpdates)", in.attributeUpdates() != null);
        ExpressionParser parser =
                new ExpressionParser(in.expressionAttributeNames(), in.expressionAttributeValues());
        List<Update.Action> actions =
                in.updateExpression() == null ? List.of() : parser.update(in.updateExpression());
        Condition condition =
                in.conditionExpression() == null
                        ? null
                        : parser.condition("ConditionExpression", in.conditionExpression());
        parser.checkUnused();
        TableKeys keys = keys(in.tableName(), caller);
        Map<String, AttributeValue> key = Values.checked(in.key());
        ItemKey at = keys.exactKey(key);
        for (Update.Action action : actions) {
            if (keys.own().names().contains(action.path().first())) {
                throw Values.invalid(
                        "One or more parameter values were invalid: Cannot update attribute "
                                + action.path().first()
                                + ". This attribute is part of the key");
            }
        }
        Written written =
                store.update(tx -> {
                    Map<String, AttributeValue> there = Items.get(tx, at);
                    require(condition, there, in.returnValuesOnConditionCheckFailure());
                    Map<String, AttributeValue> after =
                            Update.apply(there == null ? key : there, actions);
                    Items.put(tx, keys, at, there, after);
                    return new Written(there, after);
                });
        double units = writeUnits(written.before, written.after);
        caller.usage().add("dynamodb.write-request-units", units);
        return UpdateItemResponse.builder()
                .attributes(
                        Projection.returned(
                                in.returnValues(), written.before, written.after, actions))
                .consumedCapacity(capacity(in.returnConsumedCapacity(), in.tableName(), units))
                .build();
    }

    @Override
    public QueryResponse query(QueryRequest in, Caller caller) {
        refuse(
                "Legacy parameters (KeyConditions, QueryFilter)",
                in.keyConditions() != null || in.queryFilter() != null);
        refuse("AttributesToGet", in.attributesToGet() != null);
        if (in.keyConditionExpression() == null) {
            throw Values.invalid(
                    "Either the KeyConditions or KeyConditionExpression parameter must be specified in the"
                            + " request.");
        }
        ExpressionParser parser =
                new ExpressionParser(in.expressionAttributeNames(), in.expressionAttributeValues());
        Condition keyCondition =
                parser.condition("KeyConditionExpression", in.keyConditionExpression());
        Condition filter =
                in.filterExpression() == null
                        ? null
                        : parser.condition("FilterExpression", in.filterExpression());
        List<Path> paths =
                in.projectionExpression() == null
                        ? null
                        : parser.projection(in.projectionExpression());
        parser.checkUnused();
        TableKeys keys = keys(in.tableName(), caller);
        KeyCondition wanted = KeyCondition.of(keyCondition, indexKey(keys, in.indexName()));
        Reader reader =
                new Reader(
                        keys,
                        in.indexName(),
                        wanted.hash(),
                        wanted.sort(),
                        filter,
                        in.exclusiveStartKey(),
                        !Boolean.FALSE.equals(in.scanIndexForward()),
                        in.limit() == null ? Integer.MAX_VALUE : in.limit());
        Reader.Page page = store.read(reader::read);
        double units = readUnits(page.bytes(), in.consistentRead());
        caller.usage().add("dynamodb.read-request-units", units);
        boolean count = "COUNT".equals(in.select());
        return QueryResponse.builder()
                .items(
                        count
                                ? null
                                : page.items().stream().map(i -> Projection.of(i, paths)).toList())
                .count(page.items().size())
                .scannedCount(page.scanned())
                .lastEvaluatedKey(page.last())
                .consumedCapacity(capacity(in.returnConsumedCapacity(), in.tableName(), units))
                .build();
    }

    private static TableKeys.Key indexKey(TableKeys keys, @Nullable String index) {
        if (index == null) {
            return keys.own();
        }
        TableKeys.Key key = keys.indexes().get(index);
        if (key == null) {
            throw Values.invalid("The table does not have the specified index: " + index);
        }
        return key;
    }

    @Override
    public ScanResponse scan(ScanRequest in, Caller caller) {
        refuse("Legacy parameters (ScanFilter)", in.scanFilter() != null);
        refuse("AttributesToGet", in.attributesToGet() != null);
        ExpressionParser parser =
                new ExpressionParser(in.expressionAttributeNames(), in.expressionAttributeValues());
        Condition filter =
                in.filterExpression() == null
                        ? null
                        : parser.condition("FilterExpression", in.filterExpression());
        List<Path> paths =
                in.projectionExpression() == null
                        ? null
                        : parser.projection(in.projectionExpression());
        parser.checkUnused();
        TableKeys keys = keys(in.tableName(), caller);
        indexKey(keys, in.indexName());
        boolean empty = in.segment() != null && in.segment() > 0;
        Reader reader =
                new Reader(
                        keys,
                        in.indexName(),
                        null,
                        null,
                        filter,
                        in.exclusiveStartKey(),
                        true,
                        in.limit() == null ? Integer.MAX_VALUE : in.limit());
        // All items are in the first segment: any division into segments is a right one.
        Reader.Page page =
                empty ? new Reader.Page(List.of(), 0, 0, null) : store.read(reader::read);
        double units = readUnits(page.bytes(), in.consistentRead());
        caller.usage().add("dynamodb.read-request-units", units);
        boolean count = "COUNT".equals(in.select());
        return ScanResponse.builder()
                .items(
                        count
                                ? null
                                : page.items().stream().map(i -> Projection.of(i, paths)).toList())
                .count(page.items().size())
                .scannedCount(page.scanned())
                .lastEvaluatedKey(page.last())
                .consumedCapacity(capacity(in.returnConsumedCapacity(), in.tableName(), units))
                .build();
    }

    @Override
    public BatchWriteItemResponse batchWriteItem(BatchWriteItemRequest in, Caller caller) {
        int total = in.requestItems().values().stream().mapToInt(List::size).sum();
        if (total > 25 || total == 0) {
            throw Values.invalid(
                    total == 0
                            ? "The batch write request list for a table cannot be null or empty"
                            : "Too many items requested for the BatchWriteItem call");
        }
        record Change(TableKeys keys, ItemKey at, @Nullable Map<String, AttributeValue> item) {}
        Map<ItemKey, Change> changes = new LinkedHashMap<>();
        in.requestItems()
                .forEach((name, requests) -> {
                    TableKeys keys = keys(name, caller);
                    for (WriteRequest request : requests) {
                        PutRequest put = request.putRequest();
                        DeleteRequest delete = request.deleteRequest();
                        if ((put == null) == (delete == null)) {
                            throw Values.invalid(
                                    "Supplied AttributeValue has more than one datatypes set, must"
                                            + " contain exactly one of the supported datatypes");
                        }
                        Map<String, AttributeValue> item =
                                put == null ? null : Values.checked(put.item());
                        ItemKey at =
                                item != null
                                        ? keys.itemKey(item)
                                        : keys.exactKey(
                                                Values.checked(
                                                        delete == null ? Map.of() : delete.key()));
                        if (changes.put(at, new Change(keys, at, item)) != null) {
                            throw Values.invalid("Provided list of item keys contains duplicates");
                        }
                    }
                });
        store.updateOnly(tx -> {
            for (Change change : changes.values()) {
                Items.put(tx, change.keys, change.at, Items.get(tx, change.at), change.item);
            }
        });
        caller.usage().add("dynamodb.write-request-units", total);
        return BatchWriteItemResponse.builder().unprocessedItems(Map.of()).build();
    }

    @Override
    public BatchGetItemResponse batchGetItem(BatchGetItemRequest in, Caller caller) {
        int total = in.requestItems().values().stream().mapToInt(k -> k.keys().size()).sum();
        if (total > 100) {
            throw Values.invalid("Too many items requested for the BatchGetItem call");
        }
        Map<String, List<Map<String, AttributeValue>>> found = new LinkedHashMap<>();
        in.requestItems()
                .forEach((name, request) -> {
                    refuse("AttributesToGet", request.attributesToGet() != null);
                    ExpressionParser parser =
                            new ExpressionParser(request.expressionAttributeNames(), null);
                    List<Path> paths =
                            request.projectionExpression() == null
                                    ? null
                                    : parser.projection(request.projectionExpression());
                    TableKeys keys = keys(name, caller);
                    List<Map<String, AttributeValue>> items = new ArrayList<>();
                    for (Map<String, AttributeValue> key : request.keys()) {
                        ItemKey at = keys.exactKey(Values.checked(key));
                        Map<String, AttributeValue> item = store.read(tx -> Items.get(tx, at));
                        if (item != null) {
                            items.add(Projection.of(item, paths));
                        }
                    }
                    found.put(name, items);
                });
        caller.usage().add("dynamodb.read-request-units", total * 0.5);
        return BatchGetItemResponse.builder().responses(found).unprocessedKeys(Map.of()).build();
    }
}
