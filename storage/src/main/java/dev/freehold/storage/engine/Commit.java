package dev.freehold.storage.engine;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;

/// What a transaction read and wants written.
///
/// @param version the version of its snapshot
/// @param reads the keys that it read
/// @param readRanges the ranges that its scans passed over
/// @param deletes ranges that go before anything is written
/// @param writes what is written, by key
public record Commit(
        long version,
        Collection<byte[]> reads,
        List<Range> readRanges,
        List<Range> deletes,
        SortedMap<byte[], Write> writes) {

    /// Raw keys from `start` (inclusive) to `end` (exclusive).
    public record Range(byte[] start, byte[] end) {
        /// Whether that raw key is in it.
        public boolean contains(byte[] key) {
            return java.util.Arrays.compareUnsigned(start, key) <= 0
                    && java.util.Arrays.compareUnsigned(key, end) < 0;
        }
    }

    /// One key's change.
    public sealed interface Write {
        /// The new value.
        record Put(byte[] value) implements Write {}

        /// It goes.
        record Delete() implements Write {}

        /// A number is added to a counter.
        record Add(long delta) implements Write {}
    }

    /// Whether it depends on what it read; a blind write does not.
    boolean hasRead() {
        return !reads.isEmpty() || !readRanges.isEmpty();
    }

    /// About how many bytes it writes.
    public long bytes() {
        long bytes = 0;
        for (Map.Entry<byte[], Write> entry : writes.entrySet()) {
            bytes += entry.getKey().length + 16L;
            if (entry.getValue() instanceof Write.Put(byte[] value)) {
                bytes += value.length;
            }
        }
        return bytes;
    }

    /// Whether it writes nothing.
    public boolean isEmpty() {
        return writes.isEmpty() && deletes.isEmpty();
    }
}
