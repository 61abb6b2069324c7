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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/// Keeps everything in memory, each value with the older ones that open snapshots still show.
public final class MemoryStore extends OptimisticStore {
    private final ConcurrentSkipListMap<byte[], Versions> entries =
            new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
    private final RecentWrites recent = new RecentWrites();
    private volatile long version;

    /// A value, or the lack of one, since a version; and what was before.
    private record Versions(long since, byte @Nullable [] value, @Nullable Versions before) {
        @Nullable Versions at(long version) {
            Versions found = this;
            while (found != null && found.since > version) {
                found = found.before;
            }
            return found;
        }

        /// Without what no snapshot from `oldest` on shows.
        Versions since(long oldest) {
            if (since <= oldest || before == null) {
                return new Versions(since, value, null);
            }
            return new Versions(since, value, before.since(oldest));
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
        long next = version + 1;
        long oldest = oldestOpen(version);
        for (Range range : commit.deletes()) {
            List<byte[]> keys =
                    new ArrayList<>(entries.subMap(range.start(), range.end()).keySet());
            keys.forEach(key -> write(key, null, next, oldest));
        }
        commit.writes().forEach((key, write) -> write(key, value(key, write), next, oldest));
        recent.add(commit, next);
        recent.forgetUntil(oldest);
        version = next;
        return true;
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
        Versions kept = before == null ? null : before.since(oldest);
        if (value == null && (kept == null || (kept.value == null && kept.before == null))) {
            entries.remove(key);
        } else {
            entries.put(key, new Versions(next, value, kept));
        }
    }

    @Override
    protected Snapshot snapshot(long at) {
        return new MemorySnapshot(at);
    }

    @Override
    public void close() {}

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
