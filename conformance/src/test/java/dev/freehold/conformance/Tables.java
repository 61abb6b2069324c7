package dev.freehold.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/// Makes tables whose keys are texts.
final class Tables {
    private Tables() {}

    /// A table with a partition key and perhaps a sort key.
    static void create(DynamoDbClient dynamodb, String name, String... keys) {
        create(dynamodb, request(name, keys).build());
    }

    /// A table with an index by one attribute.
    static void createIndexed(DynamoDbClient dynamodb, String name, String key, String indexed) {
        GlobalSecondaryIndex index =
                GlobalSecondaryIndex.builder()
                        .indexName("by-" + indexed)
                        .keySchema(schema(indexed))
                        .projection(p -> p.projectionType(ProjectionType.ALL))
                        .build();
        create(
                dynamodb,
                request(name, key)
                        .attributeDefinitions(attributes(key, indexed))
                        .globalSecondaryIndexes(index)
                        .build());
    }

    private static CreateTableRequest.Builder request(String name, String... keys) {
        return CreateTableRequest.builder()
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(attributes(keys))
                .keySchema(schema(keys));
    }

    private static void create(DynamoDbClient dynamodb, CreateTableRequest request) {
        dynamodb.createTable(request);
        dynamodb.waiter().waitUntilTableExists(wait -> wait.tableName(request.tableName()));
    }

    private static List<AttributeDefinition> attributes(String... names) {
        return Arrays.stream(names)
                .map(name ->
                        AttributeDefinition.builder()
                                .attributeName(name)
                                .attributeType(ScalarAttributeType.S)
                                .build())
                .toList();
    }

    private static List<KeySchemaElement> schema(String... keys) {
        return Stream.iterate(0, i -> i < keys.length, i -> i + 1)
                .map(i ->
                        KeySchemaElement.builder()
                                .attributeName(keys[i])
                                .keyType(i == 0 ? KeyType.HASH : KeyType.RANGE)
                                .build())
                .toList();
    }
}
