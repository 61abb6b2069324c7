package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.BatchGetItemRequest;
import dev.freehold.api.dynamodb.BatchGetItemResponse;
import dev.freehold.api.dynamodb.BatchWriteItemRequest;
import dev.freehold.api.dynamodb.BatchWriteItemResponse;
import dev.freehold.api.dynamodb.ConsumedCapacity;
import dev.freehold.api.dynamodb.ItemCollectionMetrics;
import dev.freehold.api.dynamodb.KeysAndAttributes;
import dev.freehold.api.dynamodb.WriteRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.dynamodb.item.ItemOperations.Shown;
import dev.freehold.services.dynamodb.table.Catalog;
import dev.freehold.services.dynamodb.table.KeyChecks;
import dev.freehold.services.dynamodb.table.TableKey;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.value.Sizes;
import dev.freehold.services.dynamodb.value.ValueChecks;
import dev.freehold.services.dynamodb.value.Values;
import dev.freehold.storage.Store;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// BatchGetItem and BatchWriteItem.
public final class Batches {
    private static final int MAX_GETS = 100;
    private static final int MAX_WRITES = 25;

    /// The most bytes of items that one answer has; the keys of the others come back.
    private static final int MAX_ANSWER = 16 * 1024 * 1024;

    /// The most bytes of items that are written in one transaction: a batch is not atomic.
    private static final int MAX_GROUP = 1024 * 1024;

    private final Store store;
    private final Catalog catalog;
    private final Writer writer;

    public Batches(Store store, Catalog catalog, Writer writer) {
        this.store = store;
        this.catalog = catalog;
        this.writer = writer;
    }

    /// One write of a batch.
    ///
    /// @param named the table as the request named it
    private record One(String named, ItemWrite write, int size) {}

    public BatchWriteItemResponse batchWriteItem(BatchWriteItemRequest in, Caller caller) {
        List<One> all = writes(in, caller);
        checkWrites(all);
        Map<String, Consumption> consumptions = new LinkedHashMap<>();
        Map<String, List<ItemCollectionMetrics>> metrics = new LinkedHashMap<>();
        for (List<One> group : groups(all)) {
            List<Writer.Written> done =
                    store.update(tx -> {
                        List<Writer.Written> written = new ArrayList<>(group.size());
                        group.forEach(one -> written.add(writer.apply(tx, one.write)));
                        return written;
                    });
            for (int i = 0; i < group.size(); i++) {
                One one = group.get(i);
                consumptions
                        .computeIfAbsent(one.named, name -> new Consumption())
                        .add(done.get(i).consumption(), 1);
                ItemCollectionMetrics metric =
                        ItemOperations.metrics(
                                in.returnItemCollectionMetrics(),
                                done.get(i),
                                one.write.action().key());
                if (metric != null) {
                    metrics.computeIfAbsent(one.named, name -> new ArrayList<>()).add(metric);
                }
            }
        }
        double units = consumptions.values().stream().mapToDouble(Consumption::total).sum();
        caller.usage().add("dynamodb.write-request-units", units);
        return BatchWriteItemResponse.builder()
                .unprocessedItems(Map.of())
                .itemCollectionMetrics(metrics.isEmpty() ? null : metrics)
                .consumedCapacity(
                        shown(in.returnConsumedCapacity(), consumptions, Consumption.Kind.PLAIN))
                .build();
    }

    static @Nullable List<ConsumedCapacity> shown(
            @Nullable String wanted, Map<String, Consumption> consumptions, Consumption.Kind kind) {
        if (wanted == null || wanted.equals("NONE")) {
            return null;
        }
        List<ConsumedCapacity> out = new ArrayList<>();
        consumptions.forEach((name, consumption) -> {
            ConsumedCapacity one = consumption.shown(wanted, name, kind);
            if (one != null) {
                out.add(one);
            }
        });
        return out;
    }

    private static List<One> writes(BatchWriteItemRequest in, Caller caller) {
        int count = in.requestItems().values().stream().mapToInt(List::size).sum();
        List<One> all = new ArrayList<>();
        in.requestItems()
                .forEach((name, requests) -> {
                    TableKey table = TableKey.of(name, caller);
                    for (WriteRequest request : requests) {
                        if ((request.putRequest() == null) == (request.deleteRequest() == null)) {
                            throw Values.invalid(
                                    "Supplied AttributeValue has more than one datatypes set, must contain"
                                            + " exactly one of the supported datatypes");
                        }
                    }
                    for (WriteRequest request : requests) {
                        all.add(one(name, table, request));
                    }
                });
        if (count > MAX_WRITES) {
            throw Values.invalid("Too many items requested for the BatchWriteItem call");
        }
        return all;
    }

    private static One one(String name, TableKey table, WriteRequest request) {
        ItemWrite.Action action;
        if (request.putRequest() != null) {
            Map<String, AttributeValue> item = ValueChecks.item(request.putRequest().item());
            ItemOperations.checkSize(item);
            action = new ItemWrite.Put(item);
        } else if (request.deleteRequest() != null) {
            action = new ItemWrite.Delete(ValueChecks.item(request.deleteRequest().key()));
        } else {
            throw new IllegalStateException("a write that is none");
        }
        ItemWrite write = new ItemWrite(table, action, null, Set.of(), false);
        return new One(name, write, Sizes.of(action.key()));
    }

    /// Everything is checked before anything is written.
    private void checkWrites(List<One> all) {
        store.read(tx -> {
            Set<Object> seen = new HashSet<>();
            for (One one : all) {
                if (!seen.add(place(tx, one).at())) {
                    throw Values.invalid("Provided list of item keys contains duplicates");
                }
            }
            return Boolean.TRUE;
        });
    }

    /// AWS: what a batch says of an item without its key is what it says of a key.
    private Writer.Place place(dev.freehold.storage.Transaction tx, One one) {
        try {
            return writer.place(tx, one.write);
        } catch (CommonError e) {
            String message = String.valueOf(e.getMessage());
            boolean key =
                    message.contains("Missing the key")
                            || message.contains("Type mismatch for key");
            throw key ? Values.invalid("The provided key element does not match the schema") : e;
        }
    }

    private static List<List<One>> groups(List<One> all) {
        List<List<One>> groups = new ArrayList<>();
        int size = MAX_GROUP;
        for (One one : all) {
            if (size + one.size > MAX_GROUP) {
                groups.add(new ArrayList<>());
                size = 0;
            }
            groups.getLast().add(one);
            size += one.size;
        }
        return groups;
    }

    /// The reads of one table.
    private record Reads(
            String named,
            TableKey table,
            KeysAndAttributes request,
            List<Map<String, AttributeValue>> keys,
            Shown shown) {
        boolean consistent() {
            return Boolean.TRUE.equals(request.consistentRead());
        }
    }

    public BatchGetItemResponse batchGetItem(BatchGetItemRequest in, Caller caller) {
        List<Reads> all = new ArrayList<>();
        int count = 0;
        for (Map.Entry<String, KeysAndAttributes> entry : in.requestItems().entrySet()) {
            Reads reads = reads(entry.getKey(), entry.getValue(), caller);
            count += reads.keys.size();
            if (count > MAX_GETS) {
                throw Values.invalid("Too many items requested for the BatchGetItem call");
            }
            all.add(reads);
        }
        Map<String, List<Map<String, AttributeValue>>> found = new LinkedHashMap<>();
        Map<String, KeysAndAttributes> unprocessed = new LinkedHashMap<>();
        Map<String, Consumption> consumptions = new LinkedHashMap<>();
        store.read(tx -> {
            List<TableSchema> tables = new ArrayList<>();
            for (Reads reads : all) {
                TableSchema table = catalog.require(tx, reads.table);
                reads.keys.forEach(key -> KeyChecks.key(table, key));
                KeyChecks.checkPaths(table, reads.shown.nested());
                tables.add(table);
            }
            Budget budget = new Budget();
            for (int i = 0; i < all.size(); i++) {
                Reads reads = all.get(i);
                Consumption consumption = new Consumption();
                consumptions.put(reads.named, consumption);
                found.put(
                        reads.named,
                        read(tx, tables.get(i), reads, budget, consumption, unprocessed));
            }
            return Boolean.TRUE;
        });
        double units = consumptions.values().stream().mapToDouble(Consumption::total).sum();
        caller.usage().add("dynamodb.read-request-units", units);
        return BatchGetItemResponse.builder()
                .responses(found)
                .unprocessedKeys(unprocessed)
                .consumedCapacity(
                        shown(in.returnConsumedCapacity(), consumptions, Consumption.Kind.PLAIN))
                .build();
    }

    /// What an answer may still grow by.
    private static final class Budget {
        private int left = MAX_ANSWER;

        boolean take(int size) {
            if (size > left) {
                return false;
            }
            left -= size;
            return true;
        }
    }

    private static Reads reads(String name, KeysAndAttributes request, Caller caller) {
        ExpressionParameters.check(
                ExpressionParameters.list("ProjectionExpression", request.projectionExpression()),
                ExpressionParameters.list("AttributesToGet", request.attributesToGet()),
                request.expressionAttributeNames(),
                null);
        ExpressionParameters.checkAttributesToGet(request.attributesToGet());
        Shown shown =
                Shown.of(
                        request.projectionExpression(),
                        request.attributesToGet(),
                        request.expressionAttributeNames());
        List<Map<String, AttributeValue>> keys = new ArrayList<>();
        Set<Map<String, AttributeValue>> seen = new HashSet<>();
        for (Map<String, AttributeValue> given : request.keys()) {
            Map<String, AttributeValue> key = ValueChecks.item(given);
            if (!seen.add(key)) {
                throw Values.invalid("Provided list of item keys contains duplicates");
            }
            keys.add(key);
        }
        return new Reads(name, TableKey.of(name, caller), request, keys, shown);
    }

    private static List<Map<String, AttributeValue>> read(
            dev.freehold.storage.Transaction tx,
            TableSchema table,
            Reads reads,
            Budget budget,
            Consumption consumption,
            Map<String, KeysAndAttributes> unprocessed) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        List<Map<String, AttributeValue>> rest = new ArrayList<>();
        for (Map<String, AttributeValue> key : reads.keys) {
            if (!rest.isEmpty()) {
                rest.add(key);
                continue;
            }
            Map<String, AttributeValue> item = Items.get(tx, table.at(key));
            int size = Sizes.of(item);
            if (item != null && !budget.take(size)) {
                rest.add(key);
                continue;
            }
            consumption.addTable(Consumption.itemReadUnits(size, reads.consistent()));
            if (item != null) {
                items.add(reads.shown.apply(item));
            }
        }
        if (!rest.isEmpty()) {
            unprocessed.put(reads.named, reads.request.toBuilder().keys(rest).build());
        }
        return items;
    }
}
