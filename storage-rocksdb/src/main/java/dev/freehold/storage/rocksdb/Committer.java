package dev.freehold.storage.rocksdb;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import dev.freehold.storage.engine.Commit;
import dev.freehold.storage.engine.Commit.Range;
import dev.freehold.storage.engine.Commit.Write;
import dev.freehold.storage.engine.RecentWrites;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// The one thread that commits: takes all transactions that wait, drops those that lost, writes the
/// others in one batch with one sync, and tells them.
final class Committer implements AutoCloseable {
    /// The most transactions of one batch; more wait for the next.
    private static final int MAX_BATCH = 512;

    private final RocksDB db;
    private final LongUnaryOperator oldestOpen;
    private final RecentWrites recent = new RecentWrites();
    private final LinkedBlockingQueue<Waiting> queue = new LinkedBlockingQueue<>();
    private final Thread thread;
    private volatile long version;
    private volatile boolean closed;

    /// A transaction that waits; a null commit asks the thread to end.
    private record Waiting(@Nullable Commit commit, CompletableFuture<Boolean> done) {}

    Committer(RocksDB db, LongUnaryOperator oldestOpen) {
        this.db = db;
        this.oldestOpen = oldestOpen;
        this.thread = Thread.ofPlatform().name("committer").daemon().start(this::run);
    }

    long version() {
        return version;
    }

    /// Commits durably; false when something that was read has changed.
    boolean commit(Commit commit) {
        CompletableFuture<Boolean> done = new CompletableFuture<>();
        if (closed) {
            throw new IllegalStateException("the store is closed");
        }
        queue.add(new Waiting(commit, done));
        try {
            return done.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    private void run() {
        try {
            while (true) {
                List<Waiting> batch = new ArrayList<>();
                batch.add(queue.take());
                queue.drainTo(batch, MAX_BATCH - 1);
                boolean last = batch.removeIf(waiting -> waiting.commit == null);
                commitAll(batch);
                if (last) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void commitAll(List<Waiting> waiting) {
        List<Waiting> written = new ArrayList<>();
        try (WriteBatch batch = new WriteBatch();
                WriteOptions options = new WriteOptions().setSync(true)) {
            Pending pending = new Pending();
            long next = version;
            for (Waiting one : waiting) {
                Commit commit = one.commit;
                if (commit == null || recent.conflicts(commit)) {
                    one.done.complete(false);
                    continue;
                }
                recent.add(commit, ++next);
                append(batch, commit, pending);
                written.add(one);
            }
            if (!written.isEmpty()) {
                db.write(options, batch);
                version = next;
            }
            recent.forgetUntil(oldestOpen.applyAsLong(version));
            written.forEach(one -> one.done.complete(true));
        } catch (RocksDBException | RuntimeException e) {
            UncheckedIOException failure =
                    new UncheckedIOException(new IOException("The store can't be written", e));
            waiting.forEach(one -> one.done.completeExceptionally(failure));
        }
    }

    /// What a batch has written so far, for adding to counters. Only batches with additions look at
    /// it.
    private static final class Pending {
        private final Map<Key, byte[]> values = new HashMap<>();
        private final List<Range> deleted = new ArrayList<>();
    }

    /// A raw key with the equality of its bytes.
    private record Key(byte[] bytes) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key(byte[] others) && Arrays.equals(bytes, others);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }

    private static final byte[] ABSENT = new byte[0];

    private void append(WriteBatch batch, Commit commit, Pending pending) throws RocksDBException {
        for (Range range : commit.deletes()) {
            batch.deleteRange(range.start(), range.end());
            pending.deleted.add(range);
            pending.values.replaceAll((key, value) -> within(range, key.bytes) ? ABSENT : value);
        }
        for (Map.Entry<byte[], Write> entry : commit.writes().entrySet()) {
            byte[] key = entry.getKey();
            switch (entry.getValue()) {
                case Write.Put(byte[] value) -> {
                    batch.put(key, value);
                    pending.values.put(new Key(key), value);
                }
                case Write.Delete() -> {
                    batch.delete(key);
                    pending.values.put(new Key(key), ABSENT);
                }
                case Write.Add(long delta) -> add(batch, key, delta, pending);
            }
        }
    }

    private static boolean within(Range range, byte[] key) {
        return Arrays.compareUnsigned(range.start(), key) <= 0
                && Arrays.compareUnsigned(key, range.end()) < 0;
    }

    private void add(WriteBatch batch, byte[] key, long delta, Pending pending)
            throws RocksDBException {
        byte[] before = pending.values.get(new Key(key));
        if (before == null) {
            boolean deleted = pending.deleted.stream().anyMatch(range -> within(range, key));
            before = deleted ? ABSENT : db.get(key);
        }
        long after = (before == null || before.length == 0 ? 0 : number(before)) + delta;
        if (after == 0) {
            batch.delete(key);
            pending.values.put(new Key(key), ABSENT);
        } else {
            ValueWriter out = new ValueWriter();
            Codecs.INT64.write(after, out);
            batch.put(key, out.toBytes());
            pending.values.put(new Key(key), out.toBytes());
        }
    }

    private static long number(byte[] counter) {
        return Codecs.INT64.read(new ValueReader(counter));
    }

    @Override
    public void close() {
        closed = true;
        queue.add(new Waiting(null, new CompletableFuture<>()));
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
