package dev.freehold.storage.rocksdb;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import dev.freehold.storage.engine.Commit;
import dev.freehold.storage.engine.Commit.Range;
import dev.freehold.storage.engine.Commit.Write;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// What several commits write, in their order, in one batch.
///
/// Additions become values here: counters are looked up in what the batch has written so far, then
/// in the database. Nobody else writes the database, so what is read stays true.
final class Batch implements AutoCloseable {
    private static final byte[] ABSENT = new byte[0];

    private final RocksDB db;
    private final WriteBatch batch = new WriteBatch();
    private final NavigableMap<byte[], byte[]> written = new TreeMap<>(Arrays::compareUnsigned);
    private final List<Range> deleted = new ArrayList<>();

    Batch(RocksDB db) {
        this.db = db;
    }

    /// Appends a commit, or nothing of it.
    ///
    /// @throws IllegalStateException when it adds to what is no counter
    void append(Commit commit) throws RocksDBException {
        List<byte[]> counters = counters(commit);
        for (Range range : commit.deletes()) {
            batch.deleteRange(range.start(), range.end());
            written.subMap(range.start(), range.end()).replaceAll((key, value) -> ABSENT);
            deleted.add(range);
        }
        int counter = 0;
        for (Map.Entry<byte[], Write> entry : commit.writes().entrySet()) {
            byte[] value =
                    switch (entry.getValue()) {
                        case Write.Put(byte[] bytes) -> bytes;
                        case Write.Delete() -> ABSENT;
                        case Write.Add _ -> counters.get(counter++);
                    };
            put(entry.getKey(), value, entry.getValue() instanceof Write.Delete);
        }
    }

    private void put(byte[] key, byte[] value, boolean delete) throws RocksDBException {
        // A counter that comes to 0 goes: its bytes are never empty otherwise.
        if (delete || value == ABSENT) {
            batch.delete(key);
        } else {
            batch.put(key, value);
        }
        written.put(key, value);
    }

    /// What the commit's additions come to, in the order of its writes.
    private List<byte[]> counters(Commit commit) throws RocksDBException {
        List<byte[]> counters = new ArrayList<>();
        for (Map.Entry<byte[], Write> entry : commit.writes().entrySet()) {
            if (entry.getValue() instanceof Write.Add(long delta)) {
                long sum = number(current(entry.getKey())) + delta;
                counters.add(sum == 0 ? ABSENT : bytes(sum));
            }
        }
        return counters;
    }

    private byte @Nullable [] current(byte[] key) throws RocksDBException {
        byte[] pending = written.get(key);
        if (pending != null) {
            return pending;
        }
        return deleted.stream().anyMatch(range -> range.contains(key)) ? null : db.get(key);
    }

    private static long number(byte @Nullable [] counter) {
        return counter == null || counter == ABSENT
                ? 0
                : Codecs.INT64.read(new ValueReader(counter));
    }

    private static byte[] bytes(long number) {
        ValueWriter out = new ValueWriter();
        Codecs.INT64.write(number, out);
        return out.toBytes();
    }

    /// Writes all of it, or nothing.
    void write(WriteOptions options) throws RocksDBException {
        db.write(options, batch);
    }

    @Override
    public void close() {
        batch.close();
    }
}
