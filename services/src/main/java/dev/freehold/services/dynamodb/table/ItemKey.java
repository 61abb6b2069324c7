package dev.freehold.services.dynamodb.table;

import dev.freehold.protocol.Blob;
import dev.freehold.services.dynamodb.value.KeyBytes;
import dev.freehold.storage.KeyReader;
import dev.freehold.storage.KeyWriter;
import java.util.List;

/// Where an item is.
///
/// @param table the table's number
/// @param hash the partition key's bytes
/// @param range the sort key's bytes; empty when the table has none
public record ItemKey(long table, Blob hash, Blob range) {
    void write(KeyWriter out) {
        writePartition(out, table, hash);
        out.bytes(range.bytes());
    }

    /// The beginning of the keys of a partition.
    public static void writePartition(KeyWriter out, long table, Blob hash) {
        out.int64(table);
        writePlace(out, KeyBytes.place(List.of(hash)));
        out.bytes(hash.bytes());
    }

    static void writePlace(KeyWriter out, byte[] place) {
        for (byte b : place) {
            out.uint8(b & 0xFF);
        }
    }

    static void skipPlace(KeyReader in) {
        for (int i = 0; i < KeyBytes.PLACE_BYTES; i++) {
            in.uint8();
        }
    }

    static ItemKey read(KeyReader in) {
        long table = in.int64();
        skipPlace(in);
        return new ItemKey(table, Blob.wrap(in.bytes()), Blob.wrap(in.bytes()));
    }
}
