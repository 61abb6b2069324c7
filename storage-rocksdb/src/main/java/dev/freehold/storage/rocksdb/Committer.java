package dev.freehold.storage.rocksdb;

import dev.freehold.storage.engine.Commit;
import dev.freehold.storage.engine.RecentWrites;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.WriteOptions;

/// The one thread that commits: takes all transactions that wait, drops those that lost, writes the
/// others in one batch with one sync, and tells them. While it syncs, the next batch gathers.
final class Committer implements AutoCloseable {
    private final RocksDB db;
    private final LongUnaryOperator oldestUpdate;
    private final RecentWrites recent = new RecentWrites();
    private final CommitQueue queue = new CommitQueue();
    private final WriteOptions synced = new WriteOptions().setSync(true);
    private final Thread thread;
    private volatile long version;

    /// @param oldestUpdate the oldest version at which an open transaction may want to commit
    Committer(RocksDB db, LongUnaryOperator oldestUpdate) {
        this.db = db;
        this.oldestUpdate = oldestUpdate;
        this.thread = Thread.ofPlatform().name("committer").daemon().start(this::run);
    }

    /// The version of the last commit that is in the database.
    long version() {
        return version;
    }

    /// Commits durably; false when something that was read has changed.
    ///
    /// @throws StoreWriteException when the disk fails
    boolean commit(Commit commit) {
        Waiting waiting = new Waiting(commit);
        queue.add(waiting);
        return waiting.await();
    }

    private void run() {
        try {
            for (List<Waiting> batch = queue.take(); !batch.isEmpty(); batch = queue.take()) {
                commitAll(batch);
            }
        } catch (InterruptedException e) {
            // Nobody interrupts this thread: it ends when the queue is closed.
            throw new IllegalStateException(e);
        }
    }

    /// Whatever goes wrong, each one is told and the thread lives on for the next batch.
    private void commitAll(List<Waiting> waiting) {
        try {
            List<Waiting> winners = write(waiting);
            recent.forgetUntil(oldestUpdate.applyAsLong(version));
            winners.forEach(one -> one.complete(true));
        } catch (RocksDBException | RuntimeException | Error e) {
            waiting.forEach(one -> one.fail(e));
        }
    }

    private List<Waiting> write(List<Waiting> waiting) throws RocksDBException {
        List<Waiting> winners = new ArrayList<>(waiting.size());
        long next = version;
        try (Batch batch = new Batch(db)) {
            for (Waiting one : waiting) {
                if (recent.conflicts(one.commit())) {
                    one.complete(false);
                } else if (append(batch, one)) {
                    recent.add(one.commit(), ++next);
                    winners.add(one);
                }
            }
            if (!winners.isEmpty()) {
                batch.write(synced);
            }
            return winners;
        } finally {
            // Also after a failed write, which may have happened nevertheless: versions are never
            // used twice.
            version = next;
        }
    }

    /// One that can't be written, such as an addition to what is no counter, fails alone.
    private static boolean append(Batch batch, Waiting one) throws RocksDBException {
        try {
            batch.append(one.commit());
            return true;
        } catch (IllegalStateException e) {
            one.fail(e);
            return false;
        }
    }

    /// Commits what waits, and ends.
    @Override
    public void close() {
        queue.close();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        synced.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
