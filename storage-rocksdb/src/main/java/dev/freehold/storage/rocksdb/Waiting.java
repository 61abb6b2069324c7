package dev.freehold.storage.rocksdb;

import dev.freehold.storage.engine.Commit;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/// A transaction that waits for the committer.
final class Waiting {
    private final Commit commit;
    private final long bytes;
    private final CountDownLatch done = new CountDownLatch(1);
    private boolean won;
    private @Nullable Throwable failure;

    Waiting(Commit commit) {
        this.commit = commit;
        this.bytes = commit.bytes();
    }

    Commit commit() {
        return commit;
    }

    /// About how many bytes it writes.
    long bytes() {
        return bytes;
    }

    /// Tells whether it was committed, or lost.
    void complete(boolean committed) {
        won = committed;
        done.countDown();
    }

    /// Tells why it is not known to be committed. Without effect when it was told already.
    void fail(Throwable cause) {
        if (done.getCount() > 0) {
            failure = cause;
            done.countDown();
        }
    }

    /// Waits for the committer. The wait can't be interrupted: the answer is on its way, and only
    /// it says what became of the transaction.
    boolean await() {
        boolean interrupted = false;
        while (true) {
            try {
                done.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        if (failure != null) {
            throw new StoreWriteException(failure);
        }
        return won;
    }
}
