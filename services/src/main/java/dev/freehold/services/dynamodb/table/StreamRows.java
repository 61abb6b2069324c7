package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.KeySchemaElement;
import dev.freehold.api.dynamodb.StreamSpecification;
import dev.freehold.api.dynamodb.TableDescription;
import dev.freehold.protocol.Caller;
import dev.freehold.services.dynamodb.value.Values;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/// Switches the streams of tables on and off.
final class StreamRows {
    private static final DateTimeFormatter LABEL =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    private StreamRows() {}

    static void checkView(StreamSpecification wanted) {
        boolean enabled = Boolean.TRUE.equals(wanted.streamEnabled());
        if (enabled && wanted.streamViewType() == null) {
            throw Values.invalidParameter(
                    "StreamViewType must be specified when StreamEnabled is true");
        }
        if (!enabled && wanted.streamViewType() != null) {
            throw Values.invalidParameter(
                    "StreamViewType cannot be specified when StreamEnabled is false");
        }
    }

    static TableRow enable(
            Transaction tx,
            TableKey key,
            TableRow row,
            StreamSpecification wanted,
            Caller caller,
            Instant now) {
        String label = LABEL.format(now);
        long number = Catalog.nextNumber(tx);
        List<String> keys =
                TableSchema.orEmpty(row.description().keySchema()).stream()
                        .map(KeySchemaElement::attributeName)
                        .toList();
        String view = String.valueOf(wanted.streamViewType());
        tx.put(
                DynamodbTables.STREAMS,
                new StreamRow.Key(key, label),
                new StreamRow(number, view, keys, now, null));
        TableDescription changed =
                row.description().toBuilder()
                        .streamSpecification(wanted)
                        .latestStreamLabel(label)
                        .latestStreamArn(Descriptions.arn(key, caller) + "/stream/" + label)
                        .build();
        return row.with(changed).withStream(number);
    }

    static TableRow disable(Transaction tx, TableKey key, TableRow row, Instant now) {
        String label = row.description().latestStreamLabel();
        StreamRow.Key at = new StreamRow.Key(key, String.valueOf(label));
        StreamRow stream = tx.get(DynamodbTables.STREAMS, at);
        if (stream != null) {
            tx.put(DynamodbTables.STREAMS, at, stream.disabledAt(now));
        }
        TableDescription changed = row.description().toBuilder().streamSpecification(null).build();
        return row.with(changed).withStream(0);
    }
}
