package dev.freehold.services.dynamodb.table;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A stream of a table's changes. It outlives its table by a day.
///
/// @param number the stream's number
/// @param viewType what records have: `KEYS_ONLY`, `NEW_IMAGE`, `OLD_IMAGE`, `NEW_AND_OLD_IMAGES`
/// @param keys the names of the table's key attributes, the partition's first
/// @param disabled since when no more is added, or null
public record StreamRow(
        long number,
        String viewType,
        List<String> keys,
        Instant created,
        @Nullable Instant disabled) {
    static final Codec<StreamRow> CODEC =
            Codecs.of(
                    (out, row) ->
                            out.int64(row.number)
                                    .string(row.viewType)
                                    .list(row.keys, (o, key) -> o.string(key))
                                    .instant(row.created)
                                    .optional(row.disabled, (o, time) -> o.instant(time)),
                    in ->
                            new StreamRow(
                                    in.int64(),
                                    in.string(),
                                    in.list(i -> i.string()),
                                    in.instant(),
                                    in.optional(i -> i.instant())));

    /// The row of a stream that was switched off.
    public StreamRow disabledAt(Instant time) {
        return new StreamRow(number, viewType, keys, created, time);
    }

    /// Where a stream is.
    ///
    /// @param label tells the streams of a table apart: when it was switched on
    public record Key(TableKey table, String label) {}
}
