package dev.freehold.storage.engine;

import dev.freehold.storage.Store;
import dev.freehold.storage.StoreConflictException;
import dev.freehold.storage.StoreLimits;
import dev.freehold.storage.Transaction;
import java.time.Duration;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The part of a store that is the same for all engines: runs bodies, commits what they wrote, and
/// runs them again when they lost.
///
/// A body that loses runs again, at most [StoreLimits#MAX_RUNS] times in all. First freely; from
/// the third run on, one at a time with others that lost as often; the last run is alone in the
/// store, so that it can't lose. So each body ends, however hot its keys are.
public abstract class OptimisticStore implements Store {
    /// From this run on, bodies that lose run one at a time.
    private static final int CONTENDED_RUN = 3;

    /// How long closing waits for transactions that are open.
    private static final Duration CLOSING = StoreLimits.MAX_DURATION.plusSeconds(5);

    private static final System.Logger LOG = System.getLogger(OptimisticStore.class.getName());

    private final OpenTransactions reads = new OpenTransactions();
    private final OpenTransactions updates = new OpenTransactions();
    private final ReentrantLock contended = new ReentrantLock(true);
    private final ReentrantReadWriteLock exclusive = new ReentrantReadWriteLock();
    private final LongSupplier nanoTime;

    /// @param nanoTime a monotonic clock, for the limit on a body's time
    protected OptimisticStore(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /// The version of the last commit that snapshots show.
    protected abstract long currentVersion();

    /// A snapshot that shows at least the commits up to `version`.
    protected abstract Snapshot snapshot(long version);

    /// Commits durably, unless what was read has changed.
    ///
    /// @return whether it did
    protected abstract boolean commit(Commit commit);

    /// Gives back what the engine holds. No transaction is open, and none will be.
    protected abstract void closeEngine();

    /// The oldest version that an open transaction may read at.
    protected final long oldestOpen(long current) {
        return Math.min(reads.oldest(current), updates.oldest(current));
    }

    /// The oldest version at which an open transaction may want to commit. A read, which may be
    /// older, never does.
    protected final long oldestUpdate(long current) {
        return updates.oldest(current);
    }

    @Override
    public final <T extends @Nullable Object> T read(Function<Transaction, T> body) {
        long version = reads.open(this::currentVersion);
        try (Snapshot snapshot = snapshot(version)) {
            OptimisticTransaction tx = new OptimisticTransaction(snapshot, false, nanoTime);
            T result = body.apply(tx);
            tx.end();
            return result;
        } finally {
            reads.close(version);
        }
    }

    @Override
    public final <T extends @Nullable Object> T update(Function<Transaction, T> body) {
        if (exclusive.getReadHoldCount() > 0 || exclusive.isWriteLockedByCurrentThread()) {
            throw new IllegalStateException("A transaction's body begins another transaction");
        }
        for (int run = 1; run < CONTENDED_RUN; run++) {
            Outcome<T> outcome = attempt(body, exclusive.readLock());
            if (outcome != null) {
                return outcome.result;
            }
        }
        contended.lock();
        try {
            for (int run = CONTENDED_RUN; run <= StoreLimits.MAX_RUNS; run++) {
                Lock lock =
                        run < StoreLimits.MAX_RUNS ? exclusive.readLock() : exclusive.writeLock();
                Outcome<T> outcome = attempt(body, lock);
                if (outcome != null) {
                    return outcome.result;
                }
            }
        } finally {
            contended.unlock();
        }
        throw new StoreConflictException(StoreLimits.MAX_RUNS);
    }

    private record Outcome<T extends @Nullable Object>(T result) {}

    private <T extends @Nullable Object> @Nullable Outcome<T> attempt(
            Function<Transaction, T> body, Lock lock) {
        lock.lock();
        try {
            return attempt(body);
        } finally {
            lock.unlock();
        }
    }

    private <T extends @Nullable Object> @Nullable Outcome<T> attempt(
            Function<Transaction, T> body) {
        long version = updates.open(this::currentVersion);
        try {
            T result;
            Commit commit;
            try (Snapshot snapshot = snapshot(version)) {
                OptimisticTransaction tx = new OptimisticTransaction(snapshot, true, nanoTime);
                result = body.apply(tx);
                commit = tx.commit();
            }
            return commit.isEmpty() || commit(commit) ? new Outcome<>(result) : null;
        } finally {
            updates.close(version);
        }
    }

    @Override
    public final void close() {
        boolean idle = reads.shut(CLOSING) && updates.shut(CLOSING);
        if (!idle) {
            // Closing a database that somebody reads would crash the process. It is safe without:
            // what was acknowledged is on the disk.
            LOG.log(System.Logger.Level.WARNING, "The store stays open: transactions do not end");
            return;
        }
        closeEngine();
    }
}
