package dev.freehold.storage.engine;

import java.lang.invoke.VarHandle;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/// The versions at which transactions are open. Safe for use by several threads.
final class OpenTransactions {
    private final ConcurrentSkipListMap<Long, Integer> counts = new ConcurrentSkipListMap<>();
    private volatile boolean shut;

    /// Opens at the current version. The version is read again after it was entered, so that the
    /// committer can't have forgotten anything newer than it.
    ///
    /// @throws IllegalStateException when the store is closed
    long open(LongSupplier current) {
        while (true) {
            long version = current.getAsLong();
            counts.merge(version, 1, Integer::sum);
            if (shut) {
                close(version);
                throw new IllegalStateException("The store is closed");
            }
            if (current.getAsLong() == version) {
                return version;
            }
            close(version);
        }
    }

    void close(long version) {
        counts.computeIfPresent(version, (v, count) -> count == 1 ? null : count - 1);
        if (shut) {
            synchronized (this) {
                notifyAll();
            }
        }
    }

    /// The oldest open version, or `current` when none is open.
    long oldest(long current) {
        // Pairs with the second look of `open`: whoever entered a version before this fence is
        // seen, whoever enters one after it sees the committer's new version and tries again.
        VarHandle.fullFence();
        Map.Entry<Long, Integer> first = counts.firstEntry();
        return first == null ? current : Math.min(first.getKey(), current);
    }

    /// Opens no more, and waits for those that are open.
    ///
    /// @return whether none is open any more
    boolean shut(Duration patience) {
        shut = true;
        long end = System.nanoTime() + patience.toNanos();
        boolean interrupted = false;
        // Seen once, it holds: whoever enters from now on sees that this is shut, and leaves.
        boolean idle = counts.isEmpty();
        synchronized (this) {
            while (!idle && System.nanoTime() < end) {
                try {
                    wait(Math.max(1, (end - System.nanoTime()) / 1_000_000));
                } catch (InterruptedException e) {
                    interrupted = true;
                }
                idle = counts.isEmpty();
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        return idle;
    }
}
