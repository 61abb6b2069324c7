package dev.freehold.storage;

import java.util.Arrays;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// A range of keys of one table, by the bytes of partial keys: from `start` (inclusive) to `end`
/// (exclusive; null: to the table's end).
public final class KeyRange {
    /// The whole table.
    public static final KeyRange ALL = new KeyRange(new byte[0], null);

    private final byte[] start;
    private final byte @Nullable [] end;

    private KeyRange(byte[] start, byte @Nullable [] end) {
        this.start = Objects.requireNonNull(start);
        this.end = end;
    }

    /// All keys whose first components are those that `prefix` writes.
    public static KeyRange prefix(Consumer<KeyWriter> prefix) {
        byte[] bytes = bytes(prefix);
        return new KeyRange(bytes, successor(bytes));
    }

    /// From the first key at or after what `start` writes to the last before what `end` writes.
    public static KeyRange between(Consumer<KeyWriter> start, Consumer<KeyWriter> end) {
        return new KeyRange(bytes(start), bytes(end));
    }

    /// The part of this range at or after what `from` writes.
    public KeyRange startingAt(Consumer<KeyWriter> from) {
        byte[] bytes = bytes(from);
        return new KeyRange(Arrays.compareUnsigned(bytes, start) > 0 ? bytes : start, end);
    }

    /// The part of this range after all keys that begin with what `last` writes.
    public KeyRange startingAfter(Consumer<KeyWriter> last) {
        byte[] next = successor(bytes(last));
        if (next == null) {
            return new KeyRange(start, start);
        }
        return new KeyRange(Arrays.compareUnsigned(next, start) > 0 ? next : start, end);
    }

    /// The part of this range before what `to` writes.
    public KeyRange endingBefore(Consumer<KeyWriter> to) {
        byte[] bytes = bytes(to);
        return new KeyRange(
                start, end == null || Arrays.compareUnsigned(bytes, end) < 0 ? bytes : end);
    }

    /// The first raw key of the range in that table.
    public byte[] start(int table) {
        return raw(table, start);
    }

    /// The first raw key after the range in that table.
    public byte[] end(int table) {
        return end == null ? raw(table + 1, new byte[0]) : raw(table, end);
    }

    private static byte[] raw(int table, byte[] part) {
        byte[] raw = new byte[part.length + 2];
        raw[0] = (byte) (table >>> 8);
        raw[1] = (byte) table;
        System.arraycopy(part, 0, raw, 2, part.length);
        return raw;
    }

    private static byte[] bytes(Consumer<KeyWriter> parts) {
        KeyWriter out = new KeyWriter();
        parts.accept(out);
        return out.toBytes();
    }

    /// The least key greater than all keys with that prefix, or null when there is none.
    static byte @Nullable [] successor(byte[] prefix) {
        for (int i = prefix.length - 1; i >= 0; i--) {
            if (prefix[i] != (byte) 0xFF) {
                byte[] next = Arrays.copyOf(prefix, i + 1);
                next[i]++;
                return next;
            }
        }
        return null;
    }
}
