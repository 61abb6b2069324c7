package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.BillingModeSummary;
import dev.freehold.api.dynamodb.CreateTableRequest;
import dev.freehold.api.dynamodb.GlobalSecondaryIndex;
import dev.freehold.api.dynamodb.GlobalSecondaryIndexDescription;
import dev.freehold.api.dynamodb.LocalSecondaryIndexDescription;
import dev.freehold.api.dynamodb.ProvisionedThroughput;
import dev.freehold.api.dynamodb.ProvisionedThroughputDescription;
import dev.freehold.api.dynamodb.SSEDescription;
import dev.freehold.api.dynamodb.SSESpecification;
import dev.freehold.api.dynamodb.TableClassSummary;
import dev.freehold.api.dynamodb.TableDescription;
import dev.freehold.api.dynamodb.TableWarmThroughputDescription;
import dev.freehold.api.dynamodb.WarmThroughput;
import dev.freehold.protocol.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// How tables are described.
final class Descriptions {
    static final String ON_DEMAND = "PAY_PER_REQUEST";

    /// What a new on-demand table takes from the start.
    private static final long ON_DEMAND_READS = 12_000;

    private static final long ON_DEMAND_WRITES = 4_000;

    private Descriptions() {}

    /// The description of a new table.
    ///
    /// @param id the table's id, a UUID
    static TableDescription create(CreateTableRequest in, String id, Caller caller, Instant now) {
        TableKey key = TableKey.of(in.tableName(), caller);
        String arn = arn(key, caller);
        boolean onDemand = ON_DEMAND.equals(in.billingMode());
        List<GlobalSecondaryIndexDescription> global = new ArrayList<>();
        for (GlobalSecondaryIndex index : TableSchema.orEmpty(in.globalSecondaryIndexes())) {
            global.add(global(index, arn));
        }
        TableDescription.Builder out =
                TableDescription.builder()
                        .tableName(key.name())
                        .tableArn(arn)
                        .tableId(id)
                        .tableStatus("ACTIVE")
                        .creationDateTime(now)
                        .attributeDefinitions(in.attributeDefinitions())
                        .keySchema(in.keySchema())
                        .provisionedThroughput(throughput(in.provisionedThroughput()))
                        .globalSecondaryIndexes(global.isEmpty() ? null : global)
                        .localSecondaryIndexes(local(in, arn))
                        .sseDescription(sse(in.sseSpecification(), caller, id))
                        .onDemandThroughput(in.onDemandThroughput())
                        .warmThroughput(warm(in.warmThroughput()))
                        .tableSizeBytes(0L)
                        .itemCount(0L)
                        .deletionProtectionEnabled(
                                Boolean.TRUE.equals(in.deletionProtectionEnabled()));
        if (onDemand) {
            out.billingModeSummary(
                    BillingModeSummary.builder()
                            .billingMode(ON_DEMAND)
                            .lastUpdateToPayPerRequestDateTime(now)
                            .build());
        }
        if (in.tableClass() != null) {
            out.tableClassSummary(TableClassSummary.builder().tableClass(in.tableClass()).build());
        }
        return out.build();
    }

    static String arn(TableKey key, Caller caller) {
        return caller.arn("dynamodb", "table/" + key.name()).toString();
    }

    private static @Nullable List<LocalSecondaryIndexDescription> local(
            CreateTableRequest in, String arn) {
        if (in.localSecondaryIndexes() == null) {
            return null;
        }
        return in.localSecondaryIndexes().stream()
                .map(index ->
                        LocalSecondaryIndexDescription.builder()
                                .indexName(index.indexName())
                                .keySchema(index.keySchema())
                                .projection(index.projection())
                                .indexSizeBytes(0L)
                                .itemCount(0L)
                                .indexArn(arn + "/index/" + index.indexName())
                                .build())
                .toList();
    }

    /// The description of an index, which is ready.
    static GlobalSecondaryIndexDescription global(GlobalSecondaryIndex index, String arn) {
        return GlobalSecondaryIndexDescription.builder()
                .indexName(index.indexName())
                .keySchema(index.keySchema())
                .projection(index.projection())
                .indexStatus("ACTIVE")
                .provisionedThroughput(throughput(index.provisionedThroughput()))
                .onDemandThroughput(index.onDemandThroughput())
                .indexSizeBytes(0L)
                .itemCount(0L)
                .indexArn(arn + "/index/" + index.indexName())
                .build();
    }

    static ProvisionedThroughputDescription throughput(@Nullable ProvisionedThroughput in) {
        return ProvisionedThroughputDescription.builder()
                .readCapacityUnits(in == null ? 0L : in.readCapacityUnits())
                .writeCapacityUnits(in == null ? 0L : in.writeCapacityUnits())
                .numberOfDecreasesToday(0L)
                .build();
    }

    /// Data at rest is encrypted by the key of the service unless a table asks for one of KMS.
    static @Nullable SSEDescription sse(
            @Nullable SSESpecification in, Caller caller, String keyId) {
        if (in == null || !Boolean.TRUE.equals(in.enabled())) {
            return null;
        }
        String key = in.kmsMasterKeyId() == null ? keyId : in.kmsMasterKeyId();
        String arn = key.startsWith("arn:") ? key : caller.arn("kms", "key/" + key).toString();
        return SSEDescription.builder()
                .status("ENABLED")
                .sseType("KMS")
                .kmsMasterKeyArn(arn)
                .build();
    }

    static @Nullable TableWarmThroughputDescription warm(@Nullable WarmThroughput in) {
        if (in == null) {
            return null;
        }
        return TableWarmThroughputDescription.builder()
                .readUnitsPerSecond(in.readUnitsPerSecond())
                .writeUnitsPerSecond(in.writeUnitsPerSecond())
                .status("ACTIVE")
                .build();
    }

    /// What a table takes at once, where nobody asked for more.
    static TableWarmThroughputDescription warm(TableDescription table) {
        ProvisionedThroughputDescription provisioned = table.provisionedThroughput();
        boolean onDemand =
                provisioned == null || Long.valueOf(0).equals(provisioned.readCapacityUnits());
        return TableWarmThroughputDescription.builder()
                .readUnitsPerSecond(
                        onDemand || provisioned == null
                                ? Long.valueOf(ON_DEMAND_READS)
                                : provisioned.readCapacityUnits())
                .writeUnitsPerSecond(
                        onDemand || provisioned == null
                                ? Long.valueOf(ON_DEMAND_WRITES)
                                : provisioned.writeCapacityUnits())
                .status("ACTIVE")
                .build();
    }
}
