package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeDefinition;
import dev.freehold.api.dynamodb.BillingModeSummary;
import dev.freehold.api.dynamodb.CreateTableRequest;
import dev.freehold.api.dynamodb.GlobalSecondaryIndexDescription;
import dev.freehold.api.dynamodb.KeySchemaElement;
import dev.freehold.api.dynamodb.LocalSecondaryIndexDescription;
import dev.freehold.api.dynamodb.Projection;
import dev.freehold.api.dynamodb.ProvisionedThroughputDescription;
import dev.freehold.api.dynamodb.TableDescription;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes tables of what requests say, or says what is wrong with them.
final class Definitions {
    private final InstantSource clock;
    private final Supplier<String> ids;

    Definitions(InstantSource clock, Supplier<String> ids) {
        this.clock = clock;
        this.ids = ids;
    }

    TableDescription create(CreateTableRequest in, Caller caller) {
        refuse(
                "Streams",
                in.streamSpecification() != null && in.streamSpecification().streamEnabled());
        refuse("Resource policies", in.resourcePolicy() != null);
        refuse("Vector indexes", in.vectorIndexes() != null && !in.vectorIndexes().isEmpty());
        refuse("Global tables", in.globalTableSourceArn() != null);
        boolean onDemand = "PAY_PER_REQUEST".equals(in.billingMode());
        if (!onDemand && in.provisionedThroughput() == null) {
            throw Values.invalid(
                    "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits"
                            + " must both be specified when BillingMode is PROVISIONED");
        }
        Map<String, String> types = new LinkedHashMap<>();
        for (AttributeDefinition d : TableKeys.orEmpty(in.attributeDefinitions())) {
            types.put(d.attributeName(), d.attributeType());
        }
        Set<String> used = new HashSet<>();
        checkSchema(TableKeys.orEmpty(in.keySchema()), types, used);
        List<GlobalSecondaryIndexDescription> global = new ArrayList<>();
        String arn = caller.arn("dynamodb", "table/" + in.tableName()).toString();
        for (var index : TableKeys.orEmpty(in.globalSecondaryIndexes())) {
            checkSchema(index.keySchema(), types, used);
            all(index.projection());
            global.add(
                    GlobalSecondaryIndexDescription.builder()
                            .indexName(index.indexName())
                            .keySchema(index.keySchema())
                            .projection(index.projection())
                            .indexStatus("ACTIVE")
                            .provisionedThroughput(throughput(0, 0))
                            .indexSizeBytes(0L)
                            .itemCount(0L)
                            .indexArn(arn + "/index/" + index.indexName())
                            .build());
        }
        List<LocalSecondaryIndexDescription> local = new ArrayList<>();
        for (var index : TableKeys.orEmpty(in.localSecondaryIndexes())) {
            checkSchema(index.keySchema(), types, used);
            all(index.projection());
            local.add(
                    LocalSecondaryIndexDescription.builder()
                            .indexName(index.indexName())
                            .keySchema(index.keySchema())
                            .projection(index.projection())
                            .indexSizeBytes(0L)
                            .itemCount(0L)
                            .indexArn(arn + "/index/" + index.indexName())
                            .build());
        }
        if (!used.containsAll(types.keySet())) {
            throw Values.invalid(
                    "One or more parameter values were invalid: Number of attributes in KeySchema does not"
                            + " exactly match number of attributes defined in AttributeDefinitions");
        }
        var provisioned = in.provisionedThroughput();
        return TableDescription.builder()
                .tableName(in.tableName())
                .tableArn(arn)
                .tableId(ids.get())
                .tableStatus("ACTIVE")
                .creationDateTime(clock.instant())
                .attributeDefinitions(in.attributeDefinitions())
                .keySchema(in.keySchema())
                .provisionedThroughput(
                        onDemand || provisioned == null
                                ? throughput(0, 0)
                                : throughput(
                                        provisioned.readCapacityUnits(),
                                        provisioned.writeCapacityUnits()))
                .billingModeSummary(
                        onDemand
                                ? BillingModeSummary.builder()
                                        .billingMode("PAY_PER_REQUEST")
                                        .build()
                                : null)
                .globalSecondaryIndexes(global.isEmpty() ? null : global)
                .localSecondaryIndexes(local.isEmpty() ? null : local)
                .tableSizeBytes(0L)
                .itemCount(0L)
                .deletionProtectionEnabled(Boolean.TRUE.equals(in.deletionProtectionEnabled()))
                .build();
    }

    private static void refuse(String what, boolean used) {
        if (used) {
            throw new NotImplementedError(what + " of DynamoDB");
        }
    }

    private static void all(@Nullable Projection projection) {
        refuse(
                "Index projections other than ALL",
                projection == null || !"ALL".equals(projection.projectionType()));
    }

    private static ProvisionedThroughputDescription throughput(long read, long write) {
        return ProvisionedThroughputDescription.builder()
                .readCapacityUnits(read)
                .writeCapacityUnits(write)
                .numberOfDecreasesToday(0L)
                .build();
    }

    private static void checkSchema(
            List<KeySchemaElement> schema, Map<String, String> types, Set<String> used) {
        if (schema.isEmpty() || !schema.getFirst().keyType().equals("HASH")) {
            throw Values.invalid(
                    "Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
        }
        if (schema.size() > 2) {
            throw new NotImplementedError("Keys of more than two attributes of DynamoDB");
        }
        if (schema.size() == 2 && !schema.get(1).keyType().equals("RANGE")) {
            throw Values.invalid(
                    "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
        }
        for (KeySchemaElement element : schema) {
            if (!types.containsKey(element.attributeName())) {
                throw Values.invalid(
                        "One or more parameter values were invalid: Some index key attributes are not"
                                + " defined in AttributeDefinitions. Keys: ["
                                + element.attributeName()
                                + "], AttributeDefinitions: "
                                + types.keySet());
            }
            used.add(element.attributeName());
        }
    }
}
