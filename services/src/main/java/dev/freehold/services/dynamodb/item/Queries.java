package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.QueryRequest;
import dev.freehold.api.dynamodb.QueryResponse;
import dev.freehold.api.dynamodb.ScanRequest;
import dev.freehold.api.dynamodb.ScanResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.dynamodb.expression.Condition;
import dev.freehold.services.dynamodb.expression.ConditionParser;
import dev.freehold.services.dynamodb.expression.KeyPredicate;
import dev.freehold.services.dynamodb.expression.Legacy;
import dev.freehold.services.dynamodb.expression.Path;
import dev.freehold.services.dynamodb.expression.Placeholders;
import dev.freehold.services.dynamodb.item.ItemOperations.Shown;
import dev.freehold.services.dynamodb.item.PageReader.Page;
import dev.freehold.services.dynamodb.table.Catalog;
import dev.freehold.services.dynamodb.table.KeyChecks;
import dev.freehold.services.dynamodb.table.TableKey;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.table.TableSchema.Index;
import dev.freehold.services.dynamodb.value.Values;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.Transaction.Direction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Query and Scan.
public final class Queries {
    private final Store store;
    private final Catalog catalog;

    public Queries(Store store, Catalog catalog) {
        this.store = store;
        this.catalog = catalog;
    }

    /// A filter, by an expression or by the older parameter.
    ///
    /// @param parameter its name, for messages
    private record Filter(
            @Nullable Condition condition,
            Set<String> attributes,
            Set<String> nested,
            String parameter) {
        static Filter of(@Nullable String expression, Placeholders placeholders) {
            if (expression == null) {
                return new Filter(null, Set.of(), Set.of(), "");
            }
            ConditionParser.Parsed parsed =
                    ConditionParser.parse("FilterExpression", expression, placeholders);
            Set<String> attributes =
                    parsed.paths().stream().map(Path::first).collect(Collectors.toSet());
            return new Filter(
                    parsed.condition(),
                    attributes,
                    ItemWrite.nested(parsed.paths()),
                    "Filter Expression");
        }

        /// A query's filter is for what its key condition can't say.
        void checkNoKeys(TableSchema.Key key) {
            for (String name : key.names()) {
                if (attributes.contains(name)) {
                    throw Values.invalid(
                            parameter
                                    + " can only contain non-primary key attributes: Primary key"
                                    + " attribute: "
                                    + name);
                }
            }
        }
    }

    private record Found(Page page, @Nullable Index index) {}

    public QueryResponse query(QueryRequest in, Caller caller) {
        ExpressionParameters.check(
                ExpressionParameters.list(
                        "ProjectionExpression", in.projectionExpression(),
                        "FilterExpression", in.filterExpression(),
                        "KeyConditionExpression", in.keyConditionExpression()),
                ExpressionParameters.list(
                        "AttributesToGet", in.attributesToGet(),
                        "QueryFilter", in.queryFilter(),
                        "ConditionalOperator", in.conditionalOperator(),
                        "KeyConditions",
                                in.keyConditionExpression() == null ? null : in.keyConditions()),
                in.expressionAttributeNames(),
                in.expressionAttributeValues());
        Condition legacy = Legacy.filter(in.queryFilter(), in.conditionalOperator());
        ExpressionParameters.checkAttributesToGet(in.attributesToGet());
        Map<String, AttributeValue> start = StartKeys.checked(in.exclusiveStartKey());
        if (in.keyConditions() == null && in.keyConditionExpression() == null) {
            throw Values.invalid(
                    "Either the KeyConditions or KeyConditionExpression parameter must be specified"
                            + " in the request.");
        }
        Placeholders placeholders =
                Placeholders.of(in.expressionAttributeNames(), in.expressionAttributeValues());
        Condition keys =
                in.keyConditionExpression() == null
                        ? null
                        : ConditionParser.parse(
                                        "KeyConditionExpression",
                                        in.keyConditionExpression(),
                                        placeholders)
                                .condition();
        Filter filter =
                in.queryFilter() == null
                        ? Filter.of(in.filterExpression(), placeholders)
                        : new Filter(legacy, in.queryFilter().keySet(), Set.of(), "QueryFilter");
        Selection selection =
                selection(
                        in.select(),
                        Shown.of(in.projectionExpression(), in.attributesToGet(), placeholders),
                        in.projectionExpression() != null);
        placeholders.checkUnused();
        Map<String, KeyPredicate> predicates = predicates(in, keys);
        selection.check(in.indexName(), "Querying");
        Direction direction =
                Boolean.FALSE.equals(in.scanIndexForward()) ? Direction.REVERSE : Direction.FORWARD;
        TableKey key = TableKey.of(in.tableName(), caller);
        Found found =
                store.read(tx -> {
                    TableSchema table = catalog.require(tx, key);
                    Index index = Selection.index(table, in.indexName(), in.consistentRead());
                    Ranges ranges = new Ranges(table, index);
                    checkQuery(ranges, predicates, start);
                    KeyChecks.checkPaths(table, selection.shown().nested());
                    filter.checkNoKeys(ranges.key());
                    selection.checkProjected(index);
                    KeyChecks.checkPaths(table, filter.nested);
                    KeyRange range = ranges.query(predicates);
                    KeyRange rest = start == null ? range : ranges.after(range, start, direction);
                    return read(tx, ranges, rest, direction, limit(in.limit()), filter, selection);
                });
        Consumption consumption = consumption(found, in.consistentRead(), caller);
        return QueryResponse.builder()
                .items(items(found.page, selection))
                .count(found.page.items().size())
                .scannedCount(found.page.scanned())
                .lastEvaluatedKey(found.page.last())
                .consumedCapacity(consumption.shown(in.returnConsumedCapacity(), in.tableName()))
                .build();
    }

    private static Selection selection(@Nullable String select, Shown shown, boolean expression) {
        return new Selection(
                select,
                shown,
                shown.projection() == null
                        ? null
                        : expression ? "ProjectionExpression" : "AttributesToGet");
    }

    private static int limit(@Nullable Integer limit) {
        return limit == null ? Integer.MAX_VALUE : limit;
    }

    private static Map<String, KeyPredicate> predicates(
            QueryRequest in, @Nullable Condition expression) {
        Map<String, KeyPredicate> predicates =
                expression == null
                        ? Legacy.predicates(
                                in.keyConditions() == null ? Map.of() : in.keyConditions())
                        : KeyPredicate.of(expression);
        if (expression != null) {
            predicates.forEach((attribute, predicate) ->
                    Legacy.checked(predicate.operator(), predicate.values()));
        }
        Legacy.checkKeyTypes(predicates);
        int count = predicates.size();
        if (count == 0 || count > 2 && in.indexName() == null) {
            throw Values.invalid("Conditions can be of length 1 or 2 only");
        }
        return predicates;
    }

    private static void checkQuery(
            Ranges ranges,
            Map<String, KeyPredicate> predicates,
            @Nullable Map<String, AttributeValue> start) {
        if (start != null) {
            StartKeys.checkCount(ranges.table(), ranges.index(), start, "");
        }
        new KeyConditionChecks(ranges.key(), predicates, start).check();
        if (start != null) {
            StartKeys.checkOwn(ranges.table(), start);
            StartKeys.checkInside(ranges.key(), predicates, start);
        }
    }

    private static Found read(
            Transaction tx,
            Ranges ranges,
            KeyRange range,
            Direction direction,
            int limit,
            Filter filter,
            Selection selection) {
        PageReader reader =
                new PageReader(
                        ranges.table(),
                        ranges.index(),
                        range,
                        direction,
                        limit,
                        filter.condition,
                        selection.whole(ranges.index()));
        return new Found(reader.read(tx), ranges.index());
    }

    private static Consumption consumption(
            Found found, @Nullable Boolean consistentRead, Caller caller) {
        boolean consistent = Boolean.TRUE.equals(consistentRead);
        Consumption consumption = new Consumption();
        consumption.addTable(Consumption.readUnits((int) found.page.tableBytes(), consistent));
        if (found.index != null) {
            consumption.addIndex(
                    found.index, Consumption.readUnits((int) found.page.indexBytes(), consistent));
        }
        caller.usage().add("dynamodb.read-request-units", consumption.total());
        return consumption;
    }

    private static @Nullable List<Map<String, AttributeValue>> items(
            Page page, Selection selection) {
        if (selection.counts()) {
            return null;
        }
        return selection.shown().projection() == null
                ? page.items()
                : page.items().stream().map(selection.shown()::apply).toList();
    }

    public ScanResponse scan(ScanRequest in, Caller caller) {
        ExpressionParameters.check(
                ExpressionParameters.list(
                        "ProjectionExpression", in.projectionExpression(),
                        "FilterExpression", in.filterExpression()),
                ExpressionParameters.list(
                        "AttributesToGet", in.attributesToGet(),
                        "ScanFilter", in.scanFilter(),
                        "ConditionalOperator", in.conditionalOperator()),
                in.expressionAttributeNames(),
                in.expressionAttributeValues());
        ExpressionParameters.checkAttributesToGet(in.attributesToGet());
        Condition legacy = Legacy.filter(in.scanFilter(), in.conditionalOperator());
        Map<String, AttributeValue> start = StartKeys.checked(in.exclusiveStartKey());
        checkSegments(in.segment(), in.totalSegments());
        Placeholders placeholders =
                Placeholders.of(in.expressionAttributeNames(), in.expressionAttributeValues());
        Filter filter =
                in.scanFilter() == null
                        ? Filter.of(in.filterExpression(), placeholders)
                        : new Filter(legacy, Set.of(), Set.of(), "ScanFilter");
        Selection selection =
                selection(
                        in.select(),
                        Shown.of(in.projectionExpression(), in.attributesToGet(), placeholders),
                        in.projectionExpression() != null);
        placeholders.checkUnused();
        selection.check(in.indexName(), "Scanning");
        TableKey key = TableKey.of(in.tableName(), caller);
        Found found =
                store.read(tx -> {
                    TableSchema table = catalog.require(tx, key);
                    Index index = Selection.index(table, in.indexName(), in.consistentRead());
                    Ranges ranges = new Ranges(table, index);
                    KeyRange range = ranges.scan(in.segment(), in.totalSegments());
                    if (start != null) {
                        checkScan(ranges, start, in.segment(), in.totalSegments());
                        range = ranges.after(range, start, Direction.FORWARD);
                    }
                    selection.checkProjected(index);
                    KeyChecks.checkPaths(table, selection.shown().nested());
                    KeyChecks.checkPaths(table, filter.nested);
                    return read(
                            tx,
                            ranges,
                            range,
                            Direction.FORWARD,
                            limit(in.limit()),
                            filter,
                            selection);
                });
        Consumption consumption = consumption(found, in.consistentRead(), caller);
        return ScanResponse.builder()
                .items(items(found.page, selection))
                .count(found.page.items().size())
                .scannedCount(found.page.scanned())
                .lastEvaluatedKey(found.page.last())
                .consumedCapacity(consumption.shown(in.returnConsumedCapacity(), in.tableName()))
                .build();
    }

    private static void checkSegments(@Nullable Integer segment, @Nullable Integer total) {
        if (segment != null && total == null) {
            throw Values.invalid(
                    "The TotalSegments parameter is required but was not present in the request"
                            + " when Segment parameter is present");
        }
        if (segment == null && total != null) {
            throw Values.invalid(
                    "The Segment parameter is required but was not present in the request when"
                            + " parameter TotalSegments is present");
        }
        if (segment != null && total != null && segment >= total) {
            throw Values.invalid(
                    "The Segment parameter is zero-based and must be less than parameter"
                            + " TotalSegments: Segment: "
                            + segment
                            + " is not less than TotalSegments: "
                            + total);
        }
    }

    private static void checkScan(
            Ranges ranges,
            Map<String, AttributeValue> start,
            @Nullable Integer segment,
            @Nullable Integer total) {
        TableSchema table = ranges.table();
        Index index = ranges.index();
        String more = index == null ? ": The provided key element does not match the schema" : "";
        StartKeys.checkCount(table, index, start, more);
        if (index != null) {
            index.key().hash().forEach(part -> StartKeys.checkPart(start, part, true));
            index.key().range().forEach(part -> StartKeys.checkPart(start, part, false));
        }
        StartKeys.checkOwn(table, start);
        if (segment == null || total == null || total == 1) {
            return;
        }
        var hash =
                ranges.key().hash().stream()
                        .map(part -> start.get(part.name()))
                        .filter(java.util.Objects::nonNull)
                        .map(dev.freehold.services.dynamodb.value.KeyBytes::of)
                        .toList();
        if (!ranges.inSegment(hash, segment, total)) {
            throw Values.invalid(
                    "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use"
                            + " ExclusiveStartKey with correct Segment. TotalSegments: "
                            + total
                            + " Segment: "
                            + segment);
        }
    }

    /// How a statement walks a table or an index.
    ///
    /// @param start the key after which it begins, or null
    public record Walk(
            @Nullable String index,
            @Nullable Map<String, AttributeValue> start,
            boolean descending,
            int limit,
            boolean consistent) {}

    /// What it found.
    ///
    /// @param last the key to go on after, or null
    public record Walked(
            List<Map<String, AttributeValue>> items,
            @Nullable Map<String, AttributeValue> last,
            double units) {}

    /// The key of a table or of its index.
    public static TableSchema.Key keyOf(TableSchema table, @Nullable String index) {
        return new Ranges(table, Selection.index(table, index, false)).key();
    }

    /// Walks one partition, or everything.
    ///
    /// @param predicates what names the partition, and perhaps a part of it; null for everything
    public static Walked walk(
            Transaction tx,
            TableSchema table,
            Walk walk,
            @Nullable Map<String, KeyPredicate> predicates,
            @Nullable Condition filter) {
        Index index = Selection.index(table, walk.index, walk.consistent);
        Ranges ranges = new Ranges(table, index);
        Direction direction = walk.descending ? Direction.REVERSE : Direction.FORWARD;
        KeyRange range =
                predicates == null ? ranges.scan(null, null) : ranges.query(predicates);
        if (walk.start != null) {
            checkScan(ranges, walk.start, null, null);
            range = ranges.after(range, walk.start, direction);
        }
        PageReader reader =
                new PageReader(table, index, range, direction, walk.limit, filter, false);
        Page page = reader.read(tx);
        double units =
                Consumption.readUnits(
                        (int) (page.tableBytes() + page.indexBytes()), walk.consistent);
        return new Walked(page.items(), page.last(), units);
    }
}
