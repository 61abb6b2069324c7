package dev.freehold.services.dynamodb.stream;

import dev.freehold.api.dynamodbstreams.AttributeValue;
import dev.freehold.api.dynamodbstreams.DescribeStreamRequest;
import dev.freehold.api.dynamodbstreams.DescribeStreamResponse;
import dev.freehold.api.dynamodbstreams.DynamodbstreamsApi;
import dev.freehold.api.dynamodbstreams.DynamodbstreamsRecord;
import dev.freehold.api.dynamodbstreams.ExpiredIteratorException;
import dev.freehold.api.dynamodbstreams.GetRecordsRequest;
import dev.freehold.api.dynamodbstreams.GetRecordsResponse;
import dev.freehold.api.dynamodbstreams.GetShardIteratorRequest;
import dev.freehold.api.dynamodbstreams.GetShardIteratorResponse;
import dev.freehold.api.dynamodbstreams.Identity;
import dev.freehold.api.dynamodbstreams.KeySchemaElement;
import dev.freehold.api.dynamodbstreams.ListStreamsRequest;
import dev.freehold.api.dynamodbstreams.ListStreamsResponse;
import dev.freehold.api.dynamodbstreams.ResourceNotFoundException;
import dev.freehold.api.dynamodbstreams.SequenceNumberRange;
import dev.freehold.api.dynamodbstreams.Shard;
import dev.freehold.api.dynamodbstreams.Stream;
import dev.freehold.api.dynamodbstreams.StreamDescription;
import dev.freehold.api.dynamodbstreams.StreamRecord;
import dev.freehold.api.dynamodbstreams.TrimmedDataAccessException;
import dev.freehold.protocol.Caller;
import dev.freehold.services.dynamodb.stream.Sequencer.Numbered;
import dev.freehold.services.dynamodb.table.Change;
import dev.freehold.services.dynamodb.table.DynamodbTables;
import dev.freehold.services.dynamodb.table.StreamRow;
import dev.freehold.services.dynamodb.table.TableKey;
import dev.freehold.services.dynamodb.value.Sizes;
import dev.freehold.services.dynamodb.value.Values;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The front of DynamoDB Streams: a method per operation.
public final class StreamsService implements DynamodbstreamsApi {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_RECORDS = 1000;
    private static final int MAX_STREAMS = 10_000;
    private static final Duration ITERATOR_LIFE = Duration.ofMinutes(15);

    private final Store store;
    private final Sequencer sequencer;
    private final InstantSource clock;

    public StreamsService(Store store, InstantSource clock) {
        this.store = store;
        this.sequencer = new Sequencer(store);
        this.clock = clock;
    }

    /// A stream, found.
    private record Found(StreamRow.Key key, StreamRow row, String arn) {}

    private static ResourceNotFoundException notFound(String arn) {
        return new ResourceNotFoundException(
                "Requested resource not found: Stream: " + arn + " not found");
    }

    private Found require(String arn, Caller caller) {
        int at = arn.indexOf("/stream/");
        if (!arn.startsWith("arn:") || at < 0) {
            throw Values.invalid("Invalid StreamArn: " + arn);
        }
        TableKey table = TableKey.of(arn.substring(0, at), caller);
        StreamRow.Key key = new StreamRow.Key(table, arn.substring(at + "/stream/".length()));
        StreamRow row = store.read(tx -> tx.peek(DynamodbTables.STREAMS, key));
        if (row == null) {
            throw notFound(arn);
        }
        return new Found(key, row, arn);
    }

    private static String arn(StreamRow.Key key, Caller caller) {
        return caller.arn("dynamodb", "table/" + key.table().name() + "/stream/" + key.label())
                .toString();
    }

    @Override
    public ListStreamsResponse listStreams(ListStreamsRequest in, Caller caller) {
        int limit = in.limit() == null ? DEFAULT_LIMIT : in.limit();
        KeyRange range =
                KeyRange.prefix(out -> {
                    out.string(caller.account()).string(caller.region());
                    if (in.tableName() != null) {
                        out.string(TableKey.of(in.tableName(), caller).name());
                    }
                });
        String start = in.exclusiveStartStreamArn();
        KeyRange rest = start == null ? range : after(range, require(start, caller).key);
        List<Stream> streams =
                store.read(tx -> {
                    List<Stream> found = new ArrayList<>();
                    try (Cursor<StreamRow.Key, StreamRow> cursor =
                            tx.scan(
                                    DynamodbTables.STREAMS,
                                    rest,
                                    Math.min(limit + 1, MAX_STREAMS))) {
                        while (cursor.next()) {
                            StreamRow.Key key = cursor.key();
                            found.add(
                                    Stream.builder()
                                            .streamArn(arn(key, caller))
                                            .tableName(key.table().name())
                                            .streamLabel(key.label())
                                            .build());
                        }
                    }
                    return found;
                });
        boolean more = streams.size() > limit;
        List<Stream> page = more ? List.copyOf(streams.subList(0, limit)) : streams;
        return ListStreamsResponse.builder()
                .streams(page)
                .lastEvaluatedStreamArn(more ? page.getLast().streamArn() : null)
                .build();
    }

    private static KeyRange after(KeyRange range, StreamRow.Key key) {
        return range.startingAfter(out -> DynamodbTables.STREAMS.keys().write(key, out));
    }

    @Override
    public DescribeStreamResponse describeStream(DescribeStreamRequest in, Caller caller) {
        Found found = require(in.streamArn(), caller);
        StreamRow row = found.row;
        sequencer.sequence(row.number());
        long last = store.read(tx -> Sequencer.last(tx, row.number()));
        String shard = shardId(row);
        List<Shard> shards = new ArrayList<>();
        if (in.exclusiveStartShardId() == null || in.exclusiveStartShardId().compareTo(shard) < 0) {
            shards.add(
                    Shard.builder()
                            .shardId(shard)
                            .sequenceNumberRange(
                                    SequenceNumberRange.builder()
                                            .startingSequenceNumber(sequenceNumber(1))
                                            .endingSequenceNumber(
                                                    row.disabled() == null
                                                            ? null
                                                            : sequenceNumber(last + 1))
                                            .build())
                            .build());
        }
        return DescribeStreamResponse.builder()
                .streamDescription(
                        StreamDescription.builder()
                                .streamArn(found.arn)
                                .streamLabel(found.key.label())
                                .streamStatus(row.disabled() == null ? "ENABLED" : "DISABLED")
                                .streamViewType(row.viewType())
                                .creationRequestDateTime(row.created())
                                .tableName(found.key.table().name())
                                .keySchema(keys(row))
                                .shards(shards)
                                .build())
                .build();
    }

    private static List<KeySchemaElement> keys(StreamRow row) {
        List<KeySchemaElement> keys = new ArrayList<>();
        for (String name : row.keys()) {
            keys.add(
                    KeySchemaElement.builder()
                            .attributeName(name)
                            .keyType(keys.isEmpty() ? "HASH" : "RANGE")
                            .build());
        }
        return keys;
    }

    /// The id of a stream's only shard.
    private static String shardId(StreamRow row) {
        return String.format(
                "shardId-%020d-%08x", row.created().toEpochMilli(), row.number() & 0xFFFFFFFFL);
    }

    /// Sequence numbers are texts of at least 21 digits.
    private static String sequenceNumber(long number) {
        return String.format("1%020d", number * 100);
    }

    private static long number(String sequenceNumber) {
        try {
            if (sequenceNumber.length() == 21 && sequenceNumber.charAt(0) == '1') {
                return Long.parseLong(sequenceNumber.substring(1)) / 100;
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw Values.invalid("Invalid SequenceNumber: " + sequenceNumber);
    }

    @Override
    public GetShardIteratorResponse getShardIterator(GetShardIteratorRequest in, Caller caller) {
        Found found = require(in.streamArn(), caller);
        StreamRow row = found.row;
        if (!in.shardId().equals(shardId(row))) {
            throw new ResourceNotFoundException(
                    "Requested resource not found: Shard does not exist");
        }
        sequencer.sequence(row.number());
        String type = in.shardIteratorType();
        boolean at = type.equals("AT_SEQUENCE_NUMBER") || type.equals("AFTER_SEQUENCE_NUMBER");
        String given = in.sequenceNumber();
        if (at && given == null) {
            throw Values.invalid("Missing required parameter: SequenceNumber for " + type);
        }
        if (!at && given != null) {
            throw Values.invalid("SequenceNumber must not be specified for " + type);
        }
        long next =
                store.read(tx -> {
                    Long first = Sequencer.first(tx, row.number());
                    long last = Sequencer.last(tx, row.number());
                    if (given == null) {
                        boolean latest = type.equals("LATEST");
                        return latest || first == null ? last + 1 : first;
                    }
                    long wanted = number(given);
                    if (first != null && wanted < first && first > 1) {
                        throw new TrimmedDataAccessException(
                                "The operation attempted to read past the oldest stream record in a"
                                        + " shard: "
                                        + given);
                    }
                    return type.equals("AT_SEQUENCE_NUMBER") ? wanted : wanted + 1;
                });
        return GetShardIteratorResponse.builder().shardIterator(iterator(found, next)).build();
    }

    private String iterator(Found found, long next) {
        return found.arn + "|1|" + next + "|" + clock.instant().toEpochMilli();
    }

    /// An iterator, read.
    private record Position(String arn, long next, Instant made) {
        static Position of(String iterator) {
            String[] parts = iterator.split("\\|");
            try {
                if (parts.length == 4 && parts[1].equals("1")) {
                    return new Position(
                            parts[0],
                            Long.parseLong(parts[2]),
                            Instant.ofEpochMilli(Long.parseLong(parts[3])));
                }
            } catch (NumberFormatException e) {
                // refused below
            }
            throw Values.invalid("Invalid ShardIterator");
        }
    }

    @Override
    public GetRecordsResponse getRecords(GetRecordsRequest in, Caller caller) {
        Position position = Position.of(in.shardIterator());
        if (position.made.plus(ITERATOR_LIFE).isBefore(clock.instant())) {
            throw new ExpiredIteratorException(
                    "Iterator expired. The iterator was created more than 15 minutes ago.");
        }
        Found found = require(position.arn, caller);
        StreamRow row = found.row;
        sequencer.sequence(row.number());
        int limit = in.limit() == null ? MAX_RECORDS : in.limit();
        KeyRange range =
                KeyRange.prefix(out -> out.int64(row.number()))
                        .startingAt(out -> out.int64(row.number()).int64(position.next));
        List<Numbered> records =
                store.read(tx -> Sequencer.read(tx, DynamodbTables.RECORDS, range, limit));
        long next = records.isEmpty() ? position.next : records.getLast().number() + 1;
        boolean ended =
                row.disabled() != null && next > store.read(tx -> Sequencer.last(tx, row.number()));
        List<DynamodbstreamsRecord> shown =
                records.stream().map(record -> shown(record, row, caller)).toList();
        caller.usage().add("dynamodb.stream-read-request-units", 1);
        return GetRecordsResponse.builder()
                .records(shown)
                .nextShardIterator(ended ? null : iterator(found, next))
                .build();
    }

    private static DynamodbstreamsRecord shown(Numbered record, StreamRow row, Caller caller) {
        Change change = record.change();
        long size =
                (long) Sizes.of(change.keys())
                        + Sizes.of(change.before())
                        + Sizes.of(change.after());
        DynamodbstreamsRecord.Builder out =
                DynamodbstreamsRecord.builder()
                        .eventID(String.format("%016x%016x", row.number(), record.number()))
                        .eventName(change.event())
                        .eventVersion("1.1")
                        .eventSource("aws:dynamodb")
                        .awsRegion(caller.region())
                        .dynamodb(
                                StreamRecord.builder()
                                        .approximateCreationDateTime(
                                                Instant.ofEpochSecond(
                                                        change.time().getEpochSecond()))
                                        .keys(copy(change.keys()))
                                        .oldImage(copy(change.before()))
                                        .newImage(copy(change.after()))
                                        .sequenceNumber(sequenceNumber(record.number()))
                                        .sizeBytes(size)
                                        .streamViewType(row.viewType())
                                        .build());
        if (change.expired()) {
            out.userIdentity(
                    Identity.builder()
                            .principalId("dynamodb.amazonaws.com")
                            .type("Service")
                            .build());
        }
        return out.build();
    }

    private static @Nullable Map<String, AttributeValue> copy(
            @Nullable Map<String, dev.freehold.api.dynamodb.AttributeValue> item) {
        if (item == null) {
            return null;
        }
        Map<String, AttributeValue> copy = new LinkedHashMap<>();
        item.forEach((name, value) -> copy.put(name, copy(value)));
        return copy;
    }

    private static AttributeValue copy(dev.freehold.api.dynamodb.AttributeValue value) {
        return switch (value) {
            case dev.freehold.api.dynamodb.AttributeValue.OfS(var v) -> new AttributeValue.OfS(v);
            case dev.freehold.api.dynamodb.AttributeValue.OfN(var v) -> new AttributeValue.OfN(v);
            case dev.freehold.api.dynamodb.AttributeValue.OfB(var v) -> new AttributeValue.OfB(v);
            case dev.freehold.api.dynamodb.AttributeValue.OfSS(var v) -> new AttributeValue.OfSS(v);
            case dev.freehold.api.dynamodb.AttributeValue.OfNS(var v) -> new AttributeValue.OfNS(v);
            case dev.freehold.api.dynamodb.AttributeValue.OfBS(var v) -> new AttributeValue.OfBS(v);
            case dev.freehold.api.dynamodb.AttributeValue.OfNULL(var v) ->
                    new AttributeValue.OfNULL(v);
            case dev.freehold.api.dynamodb.AttributeValue.OfBOOL(var v) ->
                    new AttributeValue.OfBOOL(v);
            case dev.freehold.api.dynamodb.AttributeValue.OfL(var list) ->
                    new AttributeValue.OfL(list.stream().map(v -> copy(v)).toList());
            case dev.freehold.api.dynamodb.AttributeValue.OfM(var map) -> {
                Map<String, AttributeValue> copy = new LinkedHashMap<>();
                map.forEach((name, v) -> copy.put(name, copy(v)));
                yield new AttributeValue.OfM(copy);
            }
            case dev.freehold.api.dynamodb.AttributeValue.None _ -> new AttributeValue.None();
            case dev.freehold.api.dynamodb.AttributeValue.Several _ ->
                    throw new IllegalStateException("a stored value has one type");
        };
    }
}
