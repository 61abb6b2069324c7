package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.DeleteItemRequest;
import dev.freehold.api.dynamodb.DeleteItemResponse;
import dev.freehold.api.dynamodb.ExpectedAttributeValue;
import dev.freehold.api.dynamodb.GetItemRequest;
import dev.freehold.api.dynamodb.GetItemResponse;
import dev.freehold.api.dynamodb.ItemCollectionMetrics;
import dev.freehold.api.dynamodb.PutItemRequest;
import dev.freehold.api.dynamodb.PutItemResponse;
import dev.freehold.api.dynamodb.UpdateItemRequest;
import dev.freehold.api.dynamodb.UpdateItemResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.dynamodb.expression.Condition;
import dev.freehold.services.dynamodb.expression.ConditionParser;
import dev.freehold.services.dynamodb.expression.Legacy;
import dev.freehold.services.dynamodb.expression.Path;
import dev.freehold.services.dynamodb.expression.Placeholders;
import dev.freehold.services.dynamodb.expression.Projection;
import dev.freehold.services.dynamodb.expression.ProjectionParser;
import dev.freehold.services.dynamodb.expression.Update;
import dev.freehold.services.dynamodb.expression.UpdateParser;
import dev.freehold.services.dynamodb.item.Writer.Written;
import dev.freehold.services.dynamodb.table.Catalog;
import dev.freehold.services.dynamodb.table.KeyChecks;
import dev.freehold.services.dynamodb.table.TableKey;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.value.Sizes;
import dev.freehold.services.dynamodb.value.ValueChecks;
import dev.freehold.services.dynamodb.value.Values;
import dev.freehold.storage.Store;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// PutItem, GetItem, UpdateItem, DeleteItem.
public final class ItemOperations {
    private final Store store;
    private final Catalog catalog;
    private final Writer writer;

    public ItemOperations(Store store, Catalog catalog, Writer writer) {
        this.store = store;
        this.catalog = catalog;
        this.writer = writer;
    }

    /// What a write demands of the item that is there.
    private record Demand(@Nullable Condition condition, Set<String> nested) {
        static Demand of(
                @Nullable Map<String, ExpectedAttributeValue> expected,
                @Nullable String conditionalOperator,
                @Nullable String expression,
                Placeholders placeholders) {
            if (expression == null) {
                return new Demand(Legacy.expected(expected, conditionalOperator), Set.of());
            }
            ConditionParser.Parsed parsed =
                    ConditionParser.parse("ConditionExpression", expression, placeholders);
            return new Demand(parsed.condition(), ItemWrite.nested(parsed.paths()));
        }
    }

    private Written write(TableKey table, ItemWrite.Action action, Demand demand, boolean show) {
        ItemWrite write = new ItemWrite(table, action, demand.condition, demand.nested, show);
        return store.update(tx -> writer.apply(tx, write));
    }

    private static boolean shows(@Nullable String onFailure) {
        return "ALL_OLD".equals(onFailure);
    }

    private static void checkReturnValues(@Nullable String wanted) {
        if (wanted != null && !wanted.equals("ALL_OLD") && !wanted.equals("NONE")) {
            throw Values.invalid("ReturnValues can only be ALL_OLD or NONE");
        }
    }

    public PutItemResponse putItem(PutItemRequest in, Caller caller) {
        ExpressionParameters.check(
                ExpressionParameters.list("ConditionExpression", in.conditionExpression()),
                ExpressionParameters.list(
                        "Expected", in.expected(),
                        "ConditionalOperator", in.conditionalOperator()),
                in.expressionAttributeNames(),
                in.expressionAttributeValues());
        Map<String, AttributeValue> item = ValueChecks.item(in.item());
        checkReturnValues(in.returnValues());
        checkSize(item);
        Placeholders placeholders =
                Placeholders.of(in.expressionAttributeNames(), in.expressionAttributeValues());
        Demand demand =
                Demand.of(
                        in.expected(),
                        in.conditionalOperator(),
                        in.conditionExpression(),
                        placeholders);
        placeholders.checkUnused();
        Written written =
                write(
                        TableKey.of(in.tableName(), caller),
                        new ItemWrite.Put(item),
                        demand,
                        shows(in.returnValuesOnConditionCheckFailure()));
        Consumption consumption = used(written, caller);
        return PutItemResponse.builder()
                .attributes("ALL_OLD".equals(in.returnValues()) ? written.before() : null)
                .consumedCapacity(consumption.shown(in.returnConsumedCapacity(), in.tableName()))
                .itemCollectionMetrics(metrics(in.returnItemCollectionMetrics(), written, item))
                .build();
    }

    /// @throws dev.freehold.protocol.CommonError when an item is too large
    public static void checkSize(Map<String, AttributeValue> item) {
        if (Sizes.of(item) > Sizes.MAX_ITEM) {
            throw Values.invalid("Item size has exceeded the maximum allowed size");
        }
    }

    private static Consumption used(Written written, Caller caller) {
        Consumption consumption = written.consumption();
        caller.usage().add("dynamodb.write-request-units", consumption.total());
        return consumption;
    }

    /// An estimate of the size of the items with one partition key, which is kept for tables with
    /// local indexes: nothing is larger than its table.
    static @Nullable ItemCollectionMetrics metrics(
            @Nullable String wanted, Written written, Map<String, AttributeValue> key) {
        TableSchema table = written.table();
        boolean local = table.indexes().values().stream().anyMatch(index -> !index.global());
        if (!"SIZE".equals(wanted) || !local) {
            return null;
        }
        String hash = table.own().hash().getFirst().name();
        AttributeValue value = key.get(hash);
        return ItemCollectionMetrics.builder()
                .itemCollectionKey(value == null ? null : Map.of(hash, value))
                .sizeEstimateRangeGB(List.of(0.0, 1.0))
                .build();
    }

    public GetItemResponse getItem(GetItemRequest in, Caller caller) {
        ExpressionParameters.check(
                ExpressionParameters.list("ProjectionExpression", in.projectionExpression()),
                ExpressionParameters.list("AttributesToGet", in.attributesToGet()),
                in.expressionAttributeNames(),
                null);
        Map<String, AttributeValue> key = ValueChecks.item(in.key());
        ExpressionParameters.checkAttributesToGet(in.attributesToGet());
        Shown shown =
                Shown.of(
                        in.projectionExpression(),
                        in.attributesToGet(),
                        in.expressionAttributeNames());
        TableKey table = TableKey.of(in.tableName(), caller);
        Map<String, AttributeValue> item =
                store.read(tx -> {
                    TableSchema schema = catalog.require(tx, table);
                    KeyChecks.key(schema, key);
                    KeyChecks.checkPaths(schema, shown.nested());
                    return Items.get(tx, schema.at(key));
                });
        Consumption consumption = new Consumption();
        boolean consistent = Boolean.TRUE.equals(in.consistentRead());
        consumption.addTable(Consumption.itemReadUnits(Sizes.of(item), consistent));
        caller.usage().add("dynamodb.read-request-units", consumption.total());
        return GetItemResponse.builder()
                .item(item == null ? null : shown.apply(item))
                .consumedCapacity(consumption.shown(in.returnConsumedCapacity(), in.tableName()))
                .build();
    }

    /// What of items a read shows.
    ///
    /// @param projection null when it shows all
    /// @param nested the attributes that its paths lead into
    record Shown(@Nullable Projection projection, Set<String> nested) {
        static Shown of(
                @Nullable String expression,
                @Nullable List<String> attributesToGet,
                @Nullable Map<String, String> names) {
            Placeholders placeholders = Placeholders.of(names, null);
            Shown shown = of(expression, attributesToGet, placeholders);
            placeholders.checkUnused();
            return shown;
        }

        static Shown of(
                @Nullable String expression,
                @Nullable List<String> attributesToGet,
                Placeholders placeholders) {
            if (expression != null) {
                List<Path> paths = ProjectionParser.parse(expression, placeholders);
                return new Shown(Projection.of(paths), ItemWrite.nested(paths));
            }
            return new Shown(
                    attributesToGet == null ? null : Projection.ofAttributes(attributesToGet),
                    Set.of());
        }

        Map<String, AttributeValue> apply(Map<String, AttributeValue> item) {
            return projection == null ? item : projection.apply(item);
        }
    }

    public DeleteItemResponse deleteItem(DeleteItemRequest in, Caller caller) {
        ExpressionParameters.check(
                ExpressionParameters.list("ConditionExpression", in.conditionExpression()),
                ExpressionParameters.list(
                        "Expected", in.expected(),
                        "ConditionalOperator", in.conditionalOperator()),
                in.expressionAttributeNames(),
                in.expressionAttributeValues());
        Map<String, AttributeValue> key = ValueChecks.item(in.key());
        checkReturnValues(in.returnValues());
        Placeholders placeholders =
                Placeholders.of(in.expressionAttributeNames(), in.expressionAttributeValues());
        Demand demand =
                Demand.of(
                        in.expected(),
                        in.conditionalOperator(),
                        in.conditionExpression(),
                        placeholders);
        placeholders.checkUnused();
        Written written =
                write(
                        TableKey.of(in.tableName(), caller),
                        new ItemWrite.Delete(key),
                        demand,
                        shows(in.returnValuesOnConditionCheckFailure()));
        Consumption consumption = used(written, caller);
        return DeleteItemResponse.builder()
                .attributes("ALL_OLD".equals(in.returnValues()) ? written.before() : null)
                .consumedCapacity(consumption.shown(in.returnConsumedCapacity(), in.tableName()))
                .itemCollectionMetrics(metrics(in.returnItemCollectionMetrics(), written, key))
                .build();
    }

    public UpdateItemResponse updateItem(UpdateItemRequest in, Caller caller) {
        ExpressionParameters.check(
                ExpressionParameters.list(
                        "UpdateExpression", in.updateExpression(),
                        "ConditionExpression", in.conditionExpression()),
                ExpressionParameters.list(
                        "AttributeUpdates", in.attributeUpdates(),
                        "Expected", in.expected(),
                        "ConditionalOperator", in.conditionalOperator()),
                in.expressionAttributeNames(),
                in.expressionAttributeValues());
        Map<String, AttributeValue> key = ValueChecks.item(in.key());
        Update legacy =
                in.attributeUpdates() == null ? Update.NONE : Legacy.updates(in.attributeUpdates());
        Placeholders placeholders =
                Placeholders.of(in.expressionAttributeNames(), in.expressionAttributeValues());
        Condition expected =
                in.conditionExpression() == null
                        ? Legacy.expected(in.expected(), in.conditionalOperator())
                        : null;
        Update update =
                in.updateExpression() == null
                        ? legacy
                        : UpdateParser.parse(in.updateExpression(), placeholders);
        Demand demand =
                in.conditionExpression() == null
                        ? new Demand(expected, Set.of())
                        : Demand.of(null, null, in.conditionExpression(), placeholders);
        placeholders.checkUnused();
        Written written =
                write(
                        TableKey.of(in.tableName(), caller),
                        new ItemWrite.Change(key, update),
                        demand,
                        shows(in.returnValuesOnConditionCheckFailure()));
        Consumption consumption = used(written, caller);
        return UpdateItemResponse.builder()
                .attributes(returned(in.returnValues(), written, update))
                .consumedCapacity(consumption.shown(in.returnConsumedCapacity(), in.tableName()))
                .itemCollectionMetrics(metrics(in.returnItemCollectionMetrics(), written, key))
                .build();
    }

    /// What an update returns.
    public static @Nullable Map<String, AttributeValue> returned(
            @Nullable String wanted, Written written, Update update) {
        return switch (wanted == null ? "NONE" : wanted) {
            case "ALL_OLD" -> written.before();
            case "ALL_NEW" -> written.after();
            case "UPDATED_OLD" -> updated(written.before(), update);
            case "UPDATED_NEW" -> updated(written.after(), update);
            default -> null;
        };
    }

    private static @Nullable Map<String, AttributeValue> updated(
            @Nullable Map<String, AttributeValue> item, Update update) {
        if (item == null) {
            return null;
        }
        Map<String, AttributeValue> shown = Projection.of(update.paths()).apply(item);
        return shown.isEmpty() ? null : shown;
    }
}
