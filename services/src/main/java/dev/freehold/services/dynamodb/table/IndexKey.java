package dev.freehold.services.dynamodb.table;

import dev.freehold.protocol.Blob;
import dev.freehold.services.dynamodb.value.KeyBytes;
import dev.freehold.storage.KeyReader;
import dev.freehold.storage.KeyWriter;
import java.util.ArrayList;
import java.util.List;

/// An entry of an index: the index's own key, then the item's.
///
/// @param table the table's number
/// @param index the index's number in the table
public record IndexKey(long table, int index, List<Blob> hash, List<Blob> range, ItemKey item) {
    void write(KeyWriter out) {
        writePartition(out, table, index, hash, range.size());
        for (Blob part : range) {
            out.bytes(part.bytes());
        }
        writeItem(out, item);
    }

    /// The beginning of the keys of an index's partition. The counts are the same in all keys of an
    /// index: they tell how to read them.
    ///
    /// @param ranges of how many attributes the index's sort key is
    public static void writePartition(
            KeyWriter out, long table, int index, List<Blob> hash, int ranges) {
        out.int64(table).int32(index).uint8(hash.size()).uint8(ranges);
        ItemKey.writePlace(out, KeyBytes.place(hash));
        for (Blob part : hash) {
            out.bytes(part.bytes());
        }
    }

    /// The item's part of a key: entries with the same key in the index are in the order of the
    /// places of their items.
    static void writeItem(KeyWriter out, ItemKey item) {
        ItemKey.writePlace(out, KeyBytes.place(List.of(item.hash(), item.range())));
        out.bytes(item.hash().bytes()).bytes(item.range().bytes());
    }

    static IndexKey read(KeyReader in) {
        long table = in.int64();
        int index = in.int32();
        int hashes = in.uint8();
        int ranges = in.uint8();
        ItemKey.skipPlace(in);
        List<Blob> hash = read(in, hashes);
        List<Blob> range = read(in, ranges);
        ItemKey.skipPlace(in);
        ItemKey item = new ItemKey(table, Blob.wrap(in.bytes()), Blob.wrap(in.bytes()));
        return new IndexKey(table, index, hash, range, item);
    }

    private static List<Blob> read(KeyReader in, int count) {
        List<Blob> parts = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            parts.add(Blob.wrap(in.bytes()));
        }
        return parts;
    }
}
