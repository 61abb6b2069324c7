package dev.freehold.storage.engine;

import dev.freehold.storage.Store;
import dev.freehold.storage.StoreConflictException;
import dev.freehold.storage.Transaction;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The part of a store that is the same for all engines: runs bodies, commits what they wrote, and
/// runs them again when they lost.
public abstract class OptimisticStore implements Store {
    /// How often a body runs before its conflicts are an error.
    private static final int MAX_RUNS = 100;

    /// From this run on, bodies that lose run one at a time, so that somebody always wins.
    private static final int CONTENDED_RUNS = 3;

    private final OpenTransactions open = new OpenTransactions();
    private final ReentrantLock contended = new ReentrantLock(true);

    /// The version of the last commit that snapshots show.
    protected abstract long currentVersion();

    /// A snapshot that shows at least the commits up to `version`.
    protected abstract Snapshot snapshot(long version);

    /// Commits durably, unless what was read has changed.
    ///
    /// @return whether it did
    protected abstract boolean commit(Commit commit);

    /// The oldest version that an open transaction may read at.
    protected final long oldestOpen(long current) {
        return open.oldest(current);
    }

    @Override
    public final <T extends @Nullable Object> T read(Function<Transaction, T> body) {
        long version = open.open(this::currentVersion);
        try (Snapshot snapshot = snapshot(version)) {
            return body.apply(new OptimisticTransaction(snapshot, false));
        } finally {
            open.close(version);
        }
    }

    @Override
    public final <T extends @Nullable Object> T update(Function<Transaction, T> body) {
        for (int run = 1; run < CONTENDED_RUNS; run++) {
            Outcome<T> outcome = attempt(body);
            if (outcome != null) {
                return outcome.result;
            }
        }
        contended.lock();
        try {
            for (int run = CONTENDED_RUNS; run <= MAX_RUNS; run++) {
                Outcome<T> outcome = attempt(body);
                if (outcome != null) {
                    return outcome.result;
                }
            }
        } finally {
            contended.unlock();
        }
        throw new StoreConflictException(MAX_RUNS);
    }

    private record Outcome<T extends @Nullable Object>(T result) {}

    private <T extends @Nullable Object> @Nullable Outcome<T> attempt(
            Function<Transaction, T> body) {
        long version = open.open(this::currentVersion);
        try {
            T result;
            Commit commit;
            try (Snapshot snapshot = snapshot(version)) {
                OptimisticTransaction tx = new OptimisticTransaction(snapshot, true);
                result = body.apply(tx);
                commit = tx.commit();
            }
            return commit.isEmpty() || commit(commit) ? new Outcome<>(result) : null;
        } finally {
            open.close(version);
        }
    }
}
