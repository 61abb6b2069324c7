package dev.freehold.storage.engine;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyReader;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.StoreLimitException;
import dev.freehold.storage.StoreLimits;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import dev.freehold.storage.engine.Commit.Range;
import dev.freehold.storage.engine.Commit.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// A transaction over a snapshot: keeps its writes in an overlay and remembers what it read.
final class OptimisticTransaction implements Transaction {
    private final Snapshot snapshot;
    private final boolean writable;
    private final LongSupplier nanoTime;
    private final long begun;
    private final NavigableMap<byte[], Write> overlay = new TreeMap<>(Arrays::compareUnsigned);
    private final List<Range> deletes = new ArrayList<>();
    private final Set<byte[]> reads = new TreeSet<>(Arrays::compareUnsigned);
    private final List<Range> readRanges = new ArrayList<>();
    private int written;
    private int openCursors;
    private boolean ended;

    OptimisticTransaction(Snapshot snapshot, boolean writable, LongSupplier nanoTime) {
        this.snapshot = snapshot;
        this.writable = writable;
        this.nanoTime = nanoTime;
        this.begun = nanoTime.getAsLong();
    }

    /// Ends the body's use of this transaction.
    void end() {
        checkUse();
        if (openCursors > 0) {
            throw new IllegalStateException("A transaction's body left a cursor open");
        }
        ended = true;
    }

    Commit commit() {
        end();
        return new Commit(snapshot.version(), reads, readRanges, deletes, overlay);
    }

    @Override
    public <K, V> @Nullable V get(Table<K, V> table, K key) {
        byte[] raw = rawKey(table, key);
        if (!(overlay.get(raw) instanceof Write.Put || overlay.get(raw) instanceof Write.Delete)) {
            remember(raw);
        }
        return decode(table, current(raw));
    }

    @Override
    public <K, V> @Nullable V peek(Table<K, V> table, K key) {
        return decode(table, current(rawKey(table, key)));
    }

    @Override
    public <K, V> void put(Table<K, V> table, K key, V value) {
        ValueWriter out = new ValueWriter();
        table.values().write(value, out);
        byte[] bytes = out.toBytes();
        if (bytes.length > StoreLimits.MAX_VALUE_BYTES) {
            throw new StoreLimitException(
                    "A value of "
                            + table.name()
                            + " has "
                            + bytes.length
                            + " bytes; the most is "
                            + StoreLimits.MAX_VALUE_BYTES);
        }
        write(rawKey(table, key), new Write.Put(bytes), bytes.length);
    }

    @Override
    public <K, V> void delete(Table<K, V> table, K key) {
        write(rawKey(table, key), new Write.Delete(), 0);
    }

    @Override
    public <K, V> void deleteRange(Table<K, V> table, KeyRange range) {
        Range raw = rawRange(table, range);
        if (Arrays.compareUnsigned(raw.start(), raw.end()) >= 0) {
            return;
        }
        checkWritable(raw.start().length + raw.end().length);
        overlay.subMap(raw.start(), raw.end()).clear();
        deletes.add(raw);
    }

    @Override
    public <K> void add(Table<K, Long> table, K key, long delta) {
        byte[] raw = rawKey(table, key);
        Write before = overlay.get(raw);
        if (before == null && deletes.stream().noneMatch(range -> range.contains(raw))) {
            write(raw, new Write.Add(delta), 8);
        } else if (before instanceof Write.Add(long earlier)) {
            write(raw, new Write.Add(earlier + delta), 8);
        } else {
            write(raw, new Write.Put(counter(number(current(raw)) + delta)), 8);
        }
    }

    @Override
    public <K, V> Cursor<K, V> scan(
            Table<K, V> table, KeyRange range, Direction direction, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("limit: " + limit);
        }
        checkUse();
        Range raw = rawRange(table, range);
        if (Arrays.compareUnsigned(raw.start(), raw.end()) >= 0) {
            raw = new Range(raw.start(), raw.start());
        }
        boolean reverse = direction == Direction.REVERSE;
        MergingCursor merged =
                new MergingCursor(
                        snapshot.scan(raw.start(), raw.end(), reverse),
                        overlay,
                        deletes,
                        raw,
                        reverse);
        openCursors++;
        return new TableCursor<>(table, raw, merged, reverse, limit);
    }

    static byte[] counter(long value) {
        ValueWriter out = new ValueWriter();
        Codecs.INT64.write(value, out);
        return out.toBytes();
    }

    static long number(byte @Nullable [] counter) {
        return counter == null ? 0 : Codecs.INT64.read(new ValueReader(counter));
    }

    private byte @Nullable [] current(byte[] raw) {
        checkUse();
        Write write = overlay.get(raw);
        return switch (write) {
            case Write.Put(byte[] value) -> value;
            case Write.Delete() -> null;
            case Write.Add(long delta) -> counter(number(snapshot.get(raw)) + delta);
            case null -> deletes.stream().anyMatch(r -> r.contains(raw)) ? null : snapshot.get(raw);
        };
    }

    private void remember(byte[] raw) {
        if (writable) {
            checkReads();
            reads.add(raw);
        }
    }

    private void checkReads() {
        if (reads.size() + readRanges.size() >= StoreLimits.MAX_READS) {
            throw new StoreLimitException(
                    "A transaction reads more than " + StoreLimits.MAX_READS + " keys");
        }
    }

    private void write(byte[] raw, Write write, int size) {
        checkWritable(raw.length + size);
        overlay.put(raw, write);
    }

    private void checkWritable(int size) {
        if (!writable) {
            throw new IllegalStateException("a read must not write");
        }
        checkUse();
        written += size;
        if (written > StoreLimits.MAX_WRITTEN_BYTES) {
            throw new StoreLimitException(
                    "A transaction writes more than " + StoreLimits.MAX_WRITTEN_BYTES + " bytes");
        }
    }

    /// Each use of the transaction comes through here.
    private void checkUse() {
        if (ended) {
            throw new IllegalStateException("A transaction is used after its body");
        }
        if (nanoTime.getAsLong() - begun > StoreLimits.MAX_DURATION.toNanos()) {
            throw new StoreLimitException(
                    "A transaction takes longer than " + StoreLimits.MAX_DURATION);
        }
    }

    private static <K, V> byte[] rawKey(Table<K, V> table, K key) {
        KeyWriter out = new KeyWriter(table.number());
        table.keys().write(key, out);
        byte[] raw = out.toBytes();
        if (raw.length > StoreLimits.MAX_KEY_BYTES) {
            throw new StoreLimitException(
                    "A key of "
                            + table.name()
                            + " has "
                            + raw.length
                            + " bytes; the most is "
                            + StoreLimits.MAX_KEY_BYTES);
        }
        return raw;
    }

    private static Range rawRange(Table<?, ?> table, KeyRange range) {
        return new Range(range.start(table.number()), range.end(table.number()));
    }

    private static <V> @Nullable V decode(Table<?, V> table, byte @Nullable [] value) {
        return value == null ? null : table.values().read(new ValueReader(value));
    }

    /// Decodes what a merged cursor finds, and remembers what it passed over.
    private final class TableCursor<K, V> implements Cursor<K, V> {
        private final Table<K, V> table;
        private final Range range;
        private final MergingCursor merged;
        private final boolean reverse;
        private final int limit;
        private int count;
        private boolean ended;
        private boolean closed;

        TableCursor(
                Table<K, V> table, Range range, MergingCursor merged, boolean reverse, int limit) {
            this.table = table;
            this.range = range;
            this.merged = merged;
            this.reverse = reverse;
            this.limit = limit;
        }

        @Override
        public boolean next() {
            if (ended || count >= limit) {
                return false;
            }
            checkUse();
            if (!merged.next()) {
                ended = true;
                return false;
            }
            count++;
            return true;
        }

        @Override
        public K key() {
            return table.keys().read(new KeyReader(merged.key(), 2));
        }

        @Override
        public V value() {
            return table.values().read(new ValueReader(merged.value()));
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            openCursors--;
            try (merged) {
                if (writable) {
                    checkReads();
                    readRanges.add(passed());
                }
            }
        }

        private Range passed() {
            if (ended || count == 0) {
                return ended ? range : new Range(range.start(), range.start());
            }
            byte[] last = merged.key();
            return reverse
                    ? new Range(last, range.end())
                    : new Range(range.start(), Arrays.copyOf(last, last.length + 1));
        }
    }
}
