package dev.freehold.storage.memory;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import dev.freehold.storage.engine.Commit;
import dev.freehold.storage.engine.Commit.Range;
import dev.freehold.storage.engine.Commit.Write;
import dev.freehold.storage.engine.OptimisticStore;
import dev.freehold.storage.engine.RecentWrites;
import dev.freehold.storage.engine.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Keeps everything in memory, each value with the older ones that open snapshots still show.
public final class MemoryStore extends OptimisticStore {
    private final ConcurrentSkipListMap<byte[], Versions> entries =
            new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    private final RecentWrites recent = new RecentWrites();
    private volatile long version;

    public MemoryStore() {
        this(System::nanoTime);
    }

    /// @param nanoTime a monotonic clock, for the limit on a transaction's time
    public MemoryStore(LongSupplier nanoTime) {
        super(nanoTime);
    }

    /// Values that were removed, and when: what no snapshot shows any more goes from `entries`.
    private final Queue<Removed> removed = new ArrayDeque<>();

    private record Removed(byte[] key, Versions versions) {}

    /// A value, or the lack of one, since a version; and what was before.
    private static final class Versions {
        final long since;
        final byte @Nullable [] value;
        volatile @Nullable Versions before;

        Versions(long since, byte @Nullable [] value, @Nullable Versions before) {
            this.since = since;
            this.value = value;
            this.before = before;
        }

        @Nullable Versions at(long version) {
            Versions found = this;
            while (found != null && found.since > version) {
                found = found.before;
            }
            return found;
        }

        /// Drops what no snapshot from `oldest` on shows.
        void forget(long oldest) {
            Versions shown = at(oldest);
            if (shown != null) {
                shown.before = null;
            }
        }
    }

    @Override
    protected long currentVersion() {
        return version;
    }

    @Override
    protected synchronized boolean commit(Commit commit) {
        if (recent.conflicts(commit)) {
            return false;
        }
        // First, because it may fail: then nothing has been written.
        List<byte @Nullable []> values = values(commit);
        long next = version + 1;
        long oldest = oldestOpen(version);
        for (Range range : commit.deletes()) {
            List<byte[]> keys =
                    new ArrayList<>(entries.subMap(range.start(), range.end()).keySet());
            keys.forEach(key -> write(key, null, next, oldest));
        }
        Iterator<byte @Nullable []> each = values.iterator();
        commit.writes().keySet().forEach(key -> write(key, each.next(), next, oldest));
        recent.add(commit, next);
        recent.forgetUntil(oldestUpdate(version));
        forgetRemoved(oldest);
        version = next;
        return true;
    }

    private List<byte @Nullable []> values(Commit commit) {
        List<byte @Nullable []> values = new ArrayList<>(commit.writes().size());
        commit.writes().forEach((key, write) -> values.add(value(key, write)));
        return values;
    }

    private byte @Nullable [] value(byte[] key, Write write) {
        return switch (write) {
            case Write.Put(byte[] value) -> value;
            case Write.Delete() -> null;
            case Write.Add(long delta) -> {
                Versions before = entries.get(key);
                byte[] counter = before == null ? null : before.value;
                long number = counter == null ? 0 : Codecs.INT64.read(new ValueReader(counter));
                ValueWriter out = new ValueWriter();
                Codecs.INT64.write(number + delta, out);
                yield number + delta == 0 ? null : out.toBytes();
            }
        };
    }

    private void write(byte[] key, byte @Nullable [] value, long next, long oldest) {
        Versions before = entries.get(key);
        if (value == null && before == null) {
            return;
        }
        if (before != null) {
            before.forget(oldest);
        }
        Versions versions = new Versions(next, value, before);
        entries.put(key, versions);
        if (value == null) {
            removed.add(new Removed(key, versions));
        }
    }

    private void forgetRemoved(long oldest) {
        for (Removed one = removed.peek();
                one != null && one.versions.since <= oldest;
                one = removed.peek()) {
            removed.remove();
            entries.remove(one.key, one.versions);
        }
    }

    @Override
    protected Snapshot snapshot(long at) {
        return new MemorySnapshot(at);
    }

    @Override
    protected void closeEngine() {
        entries.clear();
    }

    private final class MemorySnapshot implements Snapshot {
        private final long at;

        MemorySnapshot(long at) {
            this.at = at;
        }

        @Override
        public long version() {
            return at;
        }

        @Override
        public byte @Nullable [] get(byte[] key) {
            Versions versions = entries.get(key);
            Versions shown = versions == null ? null : versions.at(at);
            return shown == null ? null : shown.value;
        }

        @Override
        public RawCursor scan(byte[] start, byte[] end, boolean reverse) {
            ConcurrentNavigableMap<byte[], Versions> part = entries.subMap(start, end);
            return new MemoryCursor(
                    (reverse ? part.descendingMap() : part).entrySet().iterator(), at);
        }

        @Override
        public void close() {}
    }

    private static final class MemoryCursor implements Snapshot.RawCursor {
        private final Iterator<Map.Entry<byte[], Versions>> entries;
        private final long at;
        private byte[] key = new byte[0];
        private byte[] value = new byte[0];

        MemoryCursor(Iterator<Map.Entry<byte[], Versions>> entries, long at) {
            this.entries = entries;
            this.at = at;
        }

        @Override
        public boolean next() {
            while (entries.hasNext()) {
                Map.Entry<byte[], Versions> entry = entries.next();
                Versions shown = entry.getValue().at(at);
                if (shown != null && shown.value != null) {
                    key = entry.getKey();
                    value = shown.value;
                    return true;
                }
            }
            return false;
        }

        @Override
        public byte[] key() {
            return key;
        }

        @Override
        public byte[] value() {
            return value;
        }

        @Override
        public void close() {}
    }
}
