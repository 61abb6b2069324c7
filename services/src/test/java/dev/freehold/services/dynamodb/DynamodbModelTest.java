package dev.freehold.services.dynamodb;

import static dev.freehold.services.dynamodb.DynamodbBench.definition;
import static dev.freehold.services.dynamodb.DynamodbBench.key;
import static dev.freehold.services.dynamodb.DynamodbBench.number;
import static dev.freehold.services.dynamodb.DynamodbBench.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.CreateGlobalSecondaryIndexAction;
import dev.freehold.api.dynamodb.DeleteItemRequest;
import dev.freehold.api.dynamodb.DescribeTableRequest;
import dev.freehold.api.dynamodb.GlobalSecondaryIndexUpdate;
import dev.freehold.api.dynamodb.Projection;
import dev.freehold.api.dynamodb.PutItemRequest;
import dev.freehold.api.dynamodb.QueryRequest;
import dev.freehold.api.dynamodb.QueryResponse;
import dev.freehold.api.dynamodb.TableDescription;
import dev.freehold.api.dynamodb.UpdateItemRequest;
import dev.freehold.api.dynamodb.UpdateTableRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random operations on a table, to which an index is added meanwhile, and on a map that stands for
/// it: they agree on every query.
final class DynamodbModelTest {
    private static final int STEPS = 500;
    private static final int HALF = STEPS / 2;

    private final DynamodbBench bench = new DynamodbBench();

    /// The groups of items, by partition and number; an empty text is no group.
    private final Map<String, Map<Long, String>> model = new TreeMap<>();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42})
    void aTableWithAnIndexIsItsModel(long seed) {
        Random random = new Random(seed);
        bench.createTable();
        for (int step = 0; step < STEPS; step++) {
            if (step == HALF) {
                addIndex();
            }
            String partition = "p" + random.nextInt(3);
            long sort = random.nextInt(40) - 20;
            switch (random.nextInt(4)) {
                case 0, 1 -> put(partition, sort, random.nextInt(5));
                case 2 -> delete(partition, sort);
                default -> move(partition, sort, random.nextInt(5));
            }
            String where = "seed " + seed + " step " + step;
            assertThat(sorts(partition, random)).as(where).isEqualTo(expected(partition));
            if (step == HALF + 100) {
                bench.service.fill();
            }
            if (step > HALF + 100) {
                checkIndex("g" + random.nextInt(5), where);
            }
        }
        assertThat(table().itemCount()).isEqualTo(count());
    }

    private long count() {
        return model.values().stream().mapToLong(Map::size).sum();
    }

    private TableDescription table() {
        TableDescription table =
                bench.service
                        .describeTable(
                                DescribeTableRequest.builder().tableName("items").build(),
                                bench.caller)
                        .table();
        return java.util.Objects.requireNonNull(table);
    }

    private static Map<String, AttributeValue> keyOf(String partition, long sort) {
        return Map.of("p", text(partition), "s", number(sort));
    }

    private void put(String partition, long sort, int group) {
        Map<String, AttributeValue> item = new TreeMap<>(keyOf(partition, sort));
        if (group > 0) {
            item.put("g", text("g" + group));
        }
        bench.service.putItem(
                PutItemRequest.builder().tableName("items").item(item).build(), bench.caller);
        model.computeIfAbsent(partition, p -> new TreeMap<>())
                .put(sort, group > 0 ? "g" + group : "");
    }

    private void delete(String partition, long sort) {
        bench.service.deleteItem(
                DeleteItemRequest.builder().tableName("items").key(keyOf(partition, sort)).build(),
                bench.caller);
        model.computeIfAbsent(partition, p -> new TreeMap<>()).remove(sort);
    }

    private void move(String partition, long sort, int group) {
        UpdateItemRequest.Builder update =
                UpdateItemRequest.builder().tableName("items").key(keyOf(partition, sort));
        if (group > 0) {
            update.updateExpression("SET g = :g")
                    .expressionAttributeValues(Map.of(":g", text("g" + group)));
        } else {
            update.updateExpression("REMOVE g");
        }
        bench.service.updateItem(update.build(), bench.caller);
        model.computeIfAbsent(partition, p -> new TreeMap<>())
                .put(sort, group > 0 ? "g" + group : "");
    }

    private List<Long> expected(String partition) {
        return List.copyOf(model.getOrDefault(partition, Map.of()).keySet());
    }

    private List<Long> sorts(String partition, Random random) {
        List<Long> found = new ArrayList<>();
        Map<String, AttributeValue> start = null;
        do {
            QueryResponse page =
                    bench.service.query(
                            QueryRequest.builder()
                                    .tableName("items")
                                    .keyConditionExpression("p = :p")
                                    .expressionAttributeValues(Map.of(":p", text(partition)))
                                    .limit(1 + random.nextInt(9))
                                    .exclusiveStartKey(start)
                                    .build(),
                            bench.caller);
            found.addAll(numbers(page));
            start = page.lastEvaluatedKey();
        } while (start != null);
        return found;
    }

    private static List<Long> numbers(QueryResponse page) {
        List<Long> numbers = new ArrayList<>();
        for (Map<String, AttributeValue> item : java.util.Objects.requireNonNull(page.items())) {
            if (item.get("s") instanceof AttributeValue.OfN(String sort)) {
                numbers.add(Long.valueOf(sort));
            }
        }
        return numbers;
    }

    private void addIndex() {
        bench.service.updateTable(
                UpdateTableRequest.builder()
                        .tableName("items")
                        .attributeDefinitions(List.of(definition("g", "S")))
                        .globalSecondaryIndexUpdates(
                                List.of(
                                        GlobalSecondaryIndexUpdate.builder()
                                                .create(
                                                        CreateGlobalSecondaryIndexAction.builder()
                                                                .indexName("groups")
                                                                .keySchema(
                                                                        List.of(
                                                                                key("g", "HASH"),
                                                                                key("s", "RANGE")))
                                                                .projection(
                                                                        Projection.builder()
                                                                                .projectionType(
                                                                                        "KEYS_ONLY")
                                                                                .build())
                                                                .build())
                                                .build()))
                        .build(),
                bench.caller);
    }

    private void checkIndex(String group, String where) {
        QueryResponse page =
                bench.service.query(
                        QueryRequest.builder()
                                .tableName("items")
                                .indexName("groups")
                                .keyConditionExpression("g = :g")
                                .expressionAttributeValues(Map.of(":g", text(group)))
                                .build(),
                        bench.caller);
        List<Long> wanted = new ArrayList<>();
        model.values()
                .forEach(items ->
                        items.forEach((sort, its) -> {
                            if (its.equals(group)) {
                                wanted.add(sort);
                            }
                        }));
        wanted.sort(Comparator.naturalOrder());
        assertThat(numbers(page)).as(where).isEqualTo(wanted);
    }
}
