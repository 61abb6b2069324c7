package dev.freehold.services.lambda.sources;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// How many batches of one mapping run at a time: five at first, up to 300 more a minute while all
/// places are taken, and fewer again after the function was throttled.
final class Scale {
    private static final int START = 5;
    private static final int PER_SECOND = 5;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private int limit = START;
    private int running;
    private long grownMillis;

    /// Waits for a place.
    ///
    /// @param most the mapping's maximum concurrency
    /// @return whether there was one in time
    boolean enter(int most, long nowMillis, long waitMillis) throws InterruptedException {
        lock.lock();
        try {
            if (running >= limit && limit < most && nowMillis - grownMillis >= 1000) {
                limit += PER_SECOND;
                grownMillis = nowMillis;
            }
            if (running >= Math.min(limit, most)
                    && !changed.await(waitMillis, TimeUnit.MILLISECONDS)) {
                return false;
            }
            if (running >= Math.min(limit, most)) {
                return false;
            }
            running++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Gives the place back.
    ///
    /// @param throttled whether the function could not be started
    void leave(boolean throttled) {
        lock.lock();
        try {
            running--;
            if (throttled) {
                limit = Math.max(1, limit / 2);
            }
            changed.signal();
        } finally {
            lock.unlock();
        }
    }
}
