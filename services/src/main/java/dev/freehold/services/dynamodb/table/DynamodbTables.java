package dev.freehold.services.dynamodb.table;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.KeyCodec;
import dev.freehold.storage.KeyReader;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// The rows of DynamoDB: 100 to 149.
public final class DynamodbTables {
    /// A part of an item that is larger than a row.
    public record PartKey(ItemKey item, int number) {}

    /// The first part of an item, and how many more there are.
    public record Head(int parts, byte[] bytes) {}

    /// An index of a table, by numbers; 0 is the table itself.
    public record IndexId(long table, int index) {}

    /// A part of a stream's record.
    ///
    /// @param number the record's place in its stream: a time before it is sequenced, then its
    ///   sequence number
    public record RecordKey(long stream, long number, int part) {}

    /// When an item expires.
    public record DueKey(long second, ItemKey item) {}

    /// What is left of filling an index.
    ///
    /// @param after the last item that was added, or null
    public record BackfillRow(TableKey table, @Nullable ItemKey after) {}

    /// A token that makes a transaction's repetition harmless.
    public record TokenKey(String account, String region, String token) {}

    /// What was done under a token.
    ///
    /// @param digest of the request
    public record TokenRow(byte[] digest, Instant time) {}

    /// When a token was used.
    public record TokenTime(Instant time, TokenKey key) {}

    private static final KeyCodec<TableKey> TABLE_KEY =
            Codecs.key(DynamodbTables::writeTable, DynamodbTables::readTable);

    public static final Table<TableKey, TableRow> TABLES =
            new Table<>(100, "dynamodb.tables", TABLE_KEY, TableRow.CODEC);

    public static final Table<ItemKey, Head> ITEMS =
            new Table<>(
                    101,
                    "dynamodb.items",
                    Codecs.key((key, out) -> key.write(out), ItemKey::read),
                    Codecs.of(
                            (out, head) -> out.int32(head.parts).bytes(head.bytes),
                            in -> new Head(in.int32(), in.bytes())));

    /// The rest of items that are larger than a row.
    public static final Table<PartKey, byte[]> PARTS =
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

    public static final Table<IndexKey, Boolean> INDEXES =
            new Table<>(
                    103,
                    "dynamodb.indexes",
                    Codecs.key((key, out) -> key.write(out), IndexKey::read),
                    Codecs.PRESENT);

    private static final KeyCodec<IndexId> INDEX_ID =
            Codecs.key(
                    (key, out) -> out.int64(key.table).int32(key.index),
                    in -> new IndexId(in.int64(), in.int32()));

    /// How many items.
    public static final Table<IndexId, Long> COUNTS =
            new Table<>(104, "dynamodb.counts", INDEX_ID, Codecs.INT64);

    /// How many bytes of items.
    public static final Table<IndexId, Long> SIZES =
            new Table<>(105, "dynamodb.sizes", INDEX_ID, Codecs.INT64);

    /// The last number that was given to a table or a stream.
    static final Table<String, Long> NUMBERS =
            new Table<>(106, "dynamodb.numbers", Codecs.STRING_KEY, Codecs.INT64);

    /// Each table's version: what caches of its definition are checked by.
    static final Table<TableKey, Long> VERSIONS =
            new Table<>(107, "dynamodb.versions", TABLE_KEY, Codecs.INT64);

    public static final Table<StreamRow.Key, StreamRow> STREAMS =
            new Table<>(
                    110,
                    "dynamodb.streams",
                    Codecs.key(
                            (key, out) -> {
                                writeTable(key.table(), out);
                                out.string(key.label());
                            },
                            in -> new StreamRow.Key(readTable(in), in.string())),
                    StreamRow.CODEC);

    private static final KeyCodec<RecordKey> RECORD_KEY =
            Codecs.key(
                    (key, out) -> out.int64(key.stream).int64(key.number).int32(key.part),
                    in -> new RecordKey(in.int64(), in.int64(), in.int32()));

    /// Records as they were written with their cause, not in sequence yet.
    public static final Table<RecordKey, byte[]> PENDING =
            new Table<>(111, "dynamodb.streams.pending", RECORD_KEY, Codecs.BYTES);

    public static final Table<RecordKey, byte[]> RECORDS =
            new Table<>(112, "dynamodb.streams.records", RECORD_KEY, Codecs.BYTES);

    /// The last sequence number of each stream.
    public static final Table<Long, Long> SEQUENCES =
            new Table<>(
                    113,
                    "dynamodb.streams.sequences",
                    Codecs.key((key, out) -> out.int64(key), KeyReader::int64),
                    Codecs.INT64);

    public static final Table<DueKey, Boolean> DUE =
            new Table<>(
                    114,
                    "dynamodb.due",
                    Codecs.key(
                            (key, out) -> {
                                out.int64(key.second);
                                key.item.write(out);
                            },
                            in -> new DueKey(in.int64(), ItemKey.read(in))),
                    Codecs.PRESENT);

    public static final Table<IndexId, BackfillRow> BACKFILLS =
            new Table<>(
                    115,
                    "dynamodb.backfills",
                    INDEX_ID,
                    Codecs.of(
                            (out, row) ->
                                    out.bytes(key(TABLE_KEY, row.table))
                                            .optional(
                                                    row.after,
                                                    (o, item) -> o.bytes(key(itemKeys(), item))),
                            in ->
                                    new BackfillRow(
                                            TABLE_KEY.read(new KeyReader(in.bytes(), 2)),
                                            in.optional(i ->
                                                    ItemKey.read(new KeyReader(i.bytes(), 2))))));

    private static final KeyCodec<TokenKey> TOKEN_KEY =
            Codecs.key(
                    (key, out) -> out.string(key.account).string(key.region).string(key.token),
                    in -> new TokenKey(in.string(), in.string(), in.string()));

    private static final Codec<TokenRow> TOKEN_ROW =
            Codecs.of(
                    (out, row) -> out.bytes(row.digest).instant(row.time),
                    in -> new TokenRow(in.bytes(), in.instant()));

    public static final Table<TokenKey, TokenRow> TOKENS =
            new Table<>(116, "dynamodb.tokens", TOKEN_KEY, TOKEN_ROW);

    /// Tokens by time, for sweeping.
    public static final Table<TokenTime, Boolean> TOKEN_TIMES =
            new Table<>(
                    118,
                    "dynamodb.tokens.times",
                    Codecs.key(
                            (key, out) -> {
                                out.instant(key.time);
                                TOKEN_KEY.write(key.key, out);
                            },
                            in -> new TokenTime(in.instant(), TOKEN_KEY.read(in))),
                    Codecs.PRESENT);

    /// The number of a table, to the table: for work that is found by number.
    public static final Table<Long, TableKey> BY_NUMBER =
            new Table<>(
                    117,
                    "dynamodb.numbered",
                    Codecs.key((key, out) -> out.int64(key), KeyReader::int64),
                    Codecs.of(
                            (out, key) -> out.bytes(key(TABLE_KEY, key)),
                            in -> TABLE_KEY.read(new KeyReader(in.bytes(), 2))));

    private DynamodbTables() {}

    private static KeyCodec<ItemKey> itemKeys() {
        return ITEMS.keys();
    }

    /// A key as a value; two bytes that a key's table would take come first.
    private static <K> byte[] key(KeyCodec<K> codec, K key) {
        KeyWriter out = new KeyWriter(0);
        codec.write(key, out);
        return out.toBytes();
    }

    private static void writeTable(TableKey key, KeyWriter out) {
        out.string(key.account()).string(key.region()).string(key.name());
    }

    private static TableKey readTable(KeyReader in) {
        return new TableKey(in.string(), in.string(), in.string());
    }
}
