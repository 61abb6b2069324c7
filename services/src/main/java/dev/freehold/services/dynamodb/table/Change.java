package dev.freehold.services.dynamodb.table;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.value.ItemCodec;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A change of an item, as a stream has it.
///
/// @param event `INSERT`, `MODIFY` or `REMOVE`
/// @param before the item before, where the stream's view has it
/// @param after the item after, where the stream's view has it
/// @param expired whether the item was removed because its time to live was over
public record Change(
        String event,
        Map<String, AttributeValue> keys,
        @Nullable Map<String, AttributeValue> before,
        @Nullable Map<String, AttributeValue> after,
        Instant time,
        boolean expired) {
    /// As bytes; they may be more than a row holds.
    public byte[] toBytes() {
        ValueWriter out = new ValueWriter();
        out.string(event);
        ItemCodec.writeItem(out, keys);
        out.optional(before, ItemCodec::writeItem)
                .optional(after, ItemCodec::writeItem)
                .instant(time)
                .bool(expired);
        return out.toBytes();
    }

    /// Reads what [#toBytes] made.
    public static Change read(byte[] bytes) {
        ValueReader in = new ValueReader(bytes);
        return new Change(
                in.string(),
                ItemCodec.readItem(in),
                in.optional(ItemCodec::readItem),
                in.optional(ItemCodec::readItem),
                in.instant(),
                in.bool());
    }
}
