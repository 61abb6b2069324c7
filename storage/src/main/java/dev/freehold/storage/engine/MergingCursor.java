package dev.freehold.storage.engine;

import dev.freehold.storage.engine.Commit.Range;
import dev.freehold.storage.engine.Commit.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/// A transaction's own writes laid over a snapshot's entries, in order. Writes that are made while
/// it is open are not seen.
final class MergingCursor implements AutoCloseable {
    private final Snapshot.RawCursor stored;
    private final Iterator<Map.Entry<byte[], Write>> written;
    private final List<Range> deletes;
    private final boolean reverse;
    private boolean storedReady;
    private boolean storedEnded;
    private Map.@Nullable Entry<byte[], Write> pending;
    private byte[] key = new byte[0];
    private byte[] value = new byte[0];

    MergingCursor(
            Snapshot.RawCursor stored,
            NavigableMap<byte[], Write> overlay,
            List<Range> deletes,
            Range range,
            boolean reverse) {
        this.stored = stored;
        this.deletes = List.copyOf(deletes);
        this.reverse = reverse;
        NavigableMap<byte[], Write> part =
                overlay.isEmpty()
                        ? overlay
                        : overlay.subMap(range.start(), true, range.end(), false);
        this.written = copy(reverse ? part.descendingMap() : part).iterator();
        this.pending = written.hasNext() ? written.next() : null;
    }

    private static List<Map.Entry<byte[], Write>> copy(NavigableMap<byte[], Write> part) {
        List<Map.Entry<byte[], Write>> copy = new ArrayList<>(part.size());
        part.forEach((k, w) -> copy.add(Map.entry(k, w)));
        return copy;
    }

    boolean next() {
        while (true) {
            boolean haveStored = advanceStored();
            if (!haveStored && pending == null) {
                return false;
            }
            int order = order(haveStored);
            if (order < 0) {
                key = stored.key();
                value = stored.value();
                storedReady = false;
                return true;
            }
            byte[] below = order == 0 ? stored.value() : null;
            storedReady &= order != 0;
            if (takeWritten(below)) {
                return true;
            }
        }
    }

    /// Negative: the stored entry comes first; zero: both have the same key; positive: the written.
    private int order(boolean haveStored) {
        if (pending == null) {
            return -1;
        }
        if (!haveStored) {
            return 1;
        }
        int order = Arrays.compareUnsigned(stored.key(), pending.getKey());
        return reverse ? -order : order;
    }

    private boolean advanceStored() {
        while (!storedReady && !storedEnded) {
            storedEnded = !stored.next();
            storedReady = !storedEnded && deletes.stream().noneMatch(r -> r.contains(stored.key()));
        }
        return storedReady;
    }

    private boolean takeWritten(byte @Nullable [] below) {
        Map.Entry<byte[], Write> entry = java.util.Objects.requireNonNull(pending);
        pending = written.hasNext() ? written.next() : null;
        key = entry.getKey();
        switch (entry.getValue()) {
            case Write.Put(byte[] bytes) -> value = bytes;
            case Write.Delete() -> {
                return false;
            }
            case Write.Add(long delta) ->
                    value =
                            OptimisticTransaction.counter(
                                    OptimisticTransaction.number(below) + delta);
        }
        return true;
    }

    byte[] key() {
        return key;
    }

    byte[] value() {
        return value;
    }

    @Override
    public void close() {
        stored.close();
    }
}
