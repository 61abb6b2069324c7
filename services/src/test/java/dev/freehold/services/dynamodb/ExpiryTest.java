package dev.freehold.services.dynamodb;

import static dev.freehold.services.dynamodb.DynamodbBench.number;
import static dev.freehold.services.dynamodb.DynamodbBench.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.dynamodb.DescribeTableRequest;
import dev.freehold.api.dynamodb.GetItemRequest;
import dev.freehold.api.dynamodb.PutItemRequest;
import dev.freehold.api.dynamodb.TimeToLiveSpecification;
import dev.freehold.api.dynamodb.UpdateTimeToLiveRequest;
import dev.freehold.api.dynamodbstreams.DescribeStreamRequest;
import dev.freehold.api.dynamodbstreams.DynamodbstreamsRecord;
import dev.freehold.api.dynamodbstreams.GetRecordsRequest;
import dev.freehold.api.dynamodbstreams.GetShardIteratorRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ExpiryTest {
    private final DynamodbBench bench = new DynamodbBench();

    private void put(String partition, long expiry) {
        bench.service.putItem(
                PutItemRequest.builder()
                        .tableName("items")
                        .item(Map.of("p", text(partition), "s", number(1), "ttl", number(expiry)))
                        .build(),
                bench.caller);
    }

    private @Nullable Object get(String partition) {
        return bench.service
                .getItem(
                        GetItemRequest.builder()
                                .tableName("items")
                                .key(Map.of("p", text(partition), "s", number(1)))
                                .build(),
                        bench.caller)
                .item();
    }

    private List<DynamodbstreamsRecord> records() {
        var table =
                Objects.requireNonNull(
                        bench.service
                                .describeTable(
                                        DescribeTableRequest.builder().tableName("items").build(),
                                        bench.caller)
                                .table());
        String arn = Objects.requireNonNull(table.latestStreamArn());
        var shards =
                Objects.requireNonNull(
                        bench.streams
                                .describeStream(
                                        DescribeStreamRequest.builder().streamArn(arn).build(),
                                        bench.caller)
                                .streamDescription());
        var shard = Objects.requireNonNull(shards.shards()).getFirst();
        String iterator =
                bench.streams
                        .getShardIterator(
                                GetShardIteratorRequest.builder()
                                        .streamArn(arn)
                                        .shardId(Objects.requireNonNull(shard.shardId()))
                                        .shardIteratorType("TRIM_HORIZON")
                                        .build(),
                                bench.caller)
                        .shardIterator();
        return Objects.requireNonNull(
                bench.streams
                        .getRecords(
                                GetRecordsRequest.builder()
                                        .shardIterator(Objects.requireNonNull(iterator))
                                        .build(),
                                bench.caller)
                        .records());
    }

    @Test
    void anItemGoesWhenItsTimeIsOverAndTheStreamSaysThatTheServiceRemovedIt() {
        bench.createTable();
        long now = bench.clock.instant().getEpochSecond();
        put("before", now + 60);
        bench.service.updateTimeToLive(
                UpdateTimeToLiveRequest.builder()
                        .tableName("items")
                        .timeToLiveSpecification(
                                TimeToLiveSpecification.builder()
                                        .enabled(true)
                                        .attributeName("ttl")
                                        .build())
                        .build(),
                bench.caller);
        bench.service.fill();
        put("after", now + 120);

        bench.service.sweep(bench.clock.instant());
        assertThat(get("before")).isNotNull();

        bench.clock.advance(Duration.ofSeconds(61));
        bench.service.sweep(bench.clock.instant());
        assertThat(get("before")).isNull();
        assertThat(get("after")).isNotNull();

        List<DynamodbstreamsRecord> records = records();
        assertThat(records)
                .extracting(DynamodbstreamsRecord::eventName)
                .containsExactly("INSERT", "INSERT", "REMOVE");
        assertThat(records.getLast().userIdentity()).isNotNull();
        assertThat(records.getFirst().userIdentity()).isNull();
    }

    @Test
    void aStreamForgetsAfterADay() {
        bench.createTable();
        put("old", 0);
        bench.clock.advance(Duration.ofHours(25));
        put("new", 0);
        bench.service.sweep(bench.clock.instant());

        assertThat(records()).hasSize(1);
    }
}
