package dev.freehold.services.dynamodb.value;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.util.Map;

/// Items as bytes.
public final class ItemCodec {
    /// A whole item.
    public static final Codec<Map<String, AttributeValue>> ITEM =
            Codecs.of(ItemCodec::writeItem, ItemCodec::readItem);

    private ItemCodec() {}

    /// Writes an item among other fields.
    public static void writeItem(ValueWriter out, Map<String, AttributeValue> item) {
        out.int32(item.size());
        for (Map.Entry<String, AttributeValue> entry : item.entrySet()) {
            out.string(entry.getKey());
            write(out, entry.getValue());
        }
    }

    /// Reads what [#writeItem] wrote.
    public static Map<String, AttributeValue> readItem(ValueReader in) {
        return in.map(ItemCodec::read);
    }

    private static void write(ValueWriter out, AttributeValue value) {
        switch (value) {
            case AttributeValue.OfS(String text) -> out.uint8(1).string(text);
            case AttributeValue.OfN(String text) -> out.uint8(2).string(text);
            case AttributeValue.OfB(Blob blob) -> out.uint8(3).bytes(blob.bytes());
            case AttributeValue.OfSS(var set) -> out.uint8(4).list(set, ValueWriter::string);
            case AttributeValue.OfNS(var set) -> out.uint8(5).list(set, ValueWriter::string);
            case AttributeValue.OfBS(var set) ->
                    out.uint8(6).list(set, (o, b) -> o.bytes(b.bytes()));
            case AttributeValue.OfM(var map) -> {
                out.uint8(7);
                writeItem(out, map);
            }
            case AttributeValue.OfL(var list) -> out.uint8(8).list(list, ItemCodec::write);
            case AttributeValue.OfNULL v -> out.uint8(9);
            case AttributeValue.OfBOOL(Boolean flag) -> out.uint8(10).bool(flag);
            case AttributeValue.None v -> throw new IllegalArgumentException("no value");
            case AttributeValue.Several v -> throw new IllegalArgumentException("no value");
        }
    }

    private static AttributeValue read(ValueReader in) {
        return switch (in.uint8()) {
            case 1 -> new AttributeValue.OfS(in.string());
            case 2 -> new AttributeValue.OfN(in.string());
            case 3 -> new AttributeValue.OfB(Blob.wrap(in.bytes()));
            case 4 -> new AttributeValue.OfSS(in.list(ValueReader::string));
            case 5 -> new AttributeValue.OfNS(in.list(ValueReader::string));
            case 6 -> new AttributeValue.OfBS(in.list(i -> Blob.wrap(i.bytes())));
            case 7 -> new AttributeValue.OfM(readItem(in));
            case 8 -> new AttributeValue.OfL(in.list(ItemCodec::read));
            case 9 -> new AttributeValue.OfNULL(true);
            case 10 -> new AttributeValue.OfBOOL(in.bool());
            default -> throw new IllegalStateException("an item's bytes are broken");
        };
    }
}
