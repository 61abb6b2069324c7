package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.TableDescription;
import dev.freehold.protocol.Blob;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.KeyReader;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Table;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.util.LinkedHashMap;
import java.util.Map;

/// The rows of DynamoDB: 100 to 149.
final class DynamodbTables {
    record TableKey(String account, String region, String name) {}

    record ItemKey(String table, Blob hash, Blob range) {
        void write(KeyWriter out) {
            out.string(table).bytes(hash.bytes()).bytes(range.bytes());
        }

        static ItemKey read(KeyReader in) {
            return new ItemKey(in.string(), Blob.wrap(in.bytes()), Blob.wrap(in.bytes()));
        }
    }

    /// An index entry: the index's own key, then the item's.
    record IndexKey(
            String table, String index, Blob hash, Blob range, Blob itemHash, Blob itemRange) {}

    record PartKey(ItemKey item, int number) {}

    /// The first part of an item, and how many more there are.
    record Head(int parts, byte[] bytes) {}

    static final Table<TableKey, TableDescription> TABLES =
            new Table<>(
                    100,
                    "dynamodb.tables",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.account).string(key.region).string(key.name),
                            in -> new TableKey(in.string(), in.string(), in.string())),
                    StructureCodec.of(TableDescription.class, TableDescription.SCHEMA));

    static final Table<ItemKey, Head> ITEMS =
            new Table<>(
                    101,
                    "dynamodb.items",
                    Codecs.key((key, out) -> key.write(out), ItemKey::read),
                    Codecs.of(
                            (out, head) -> out.int32(head.parts).bytes(head.bytes),
                            in -> new Head(in.int32(), in.bytes())));

    /// The rest of items that are larger than a row.
    static final Table<PartKey, byte[]> PARTS =
            new Table<>(
                    102,
                    "dynamodb.parts",
                    Codecs.key(
                            (key, out) -> {
                                key.item.write(out);
                                out.int32(key.number);
                            },
                            in -> new PartKey(ItemKey.read(in), in.int32())),
                    Codecs.BYTES);

    static final Table<IndexKey, Boolean> INDEXES =
            new Table<>(
                    103,
                    "dynamodb.indexes",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.table)
                                            .string(key.index)
                                            .bytes(key.hash.bytes())
                                            .bytes(key.range.bytes())
                                            .bytes(key.itemHash.bytes())
                                            .bytes(key.itemRange.bytes()),
                            in ->
                                    new IndexKey(
                                            in.string(),
                                            in.string(),
                                            Blob.wrap(in.bytes()),
                                            Blob.wrap(in.bytes()),
                                            Blob.wrap(in.bytes()),
                                            Blob.wrap(in.bytes()))),
                    Codecs.PRESENT);

    static final Table<String, Long> COUNTS =
            new Table<>(104, "dynamodb.counts", Codecs.STRING_KEY, Codecs.INT64);

    /// Items as bytes.
    static final Codec<Map<String, AttributeValue>> ITEM =
            Codecs.of(DynamodbTables::writeItem, DynamodbTables::readItem);

    private DynamodbTables() {}

    private static void writeItem(ValueWriter out, Map<String, AttributeValue> item) {
        out.map(item, DynamodbTables::write);
    }

    private static Map<String, AttributeValue> readItem(ValueReader in) {
        return in.map(DynamodbTables::read);
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
                writeItem(out, new LinkedHashMap<>(map));
            }
            case AttributeValue.OfL(var list) -> out.uint8(8).list(list, DynamodbTables::write);
            case AttributeValue.OfNULL v -> out.uint8(9);
            case AttributeValue.OfBOOL(Boolean flag) -> out.uint8(10).bool(flag);
            default -> throw new IllegalArgumentException("no value");
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
            case 8 -> new AttributeValue.OfL(in.list(DynamodbTables::read));
            case 9 -> new AttributeValue.OfNULL(true);
            case 10 -> new AttributeValue.OfBOOL(in.bool());
            default -> throw new IllegalStateException("an item's bytes are broken");
        };
    }
}
