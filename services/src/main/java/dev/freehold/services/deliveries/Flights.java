package dev.freehold.services.deliveries;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Which deliveries are under way, and the dispatcher's sleep. Safe for use by several threads.
final class Flights {
    /// The most deliveries under way at a time.
    static final int MAX = 512;

    /// The most deliveries of one kind: what hangs, like users' HTTP endpoints, leaves room for the
    /// other kinds.
    static final int MAX_PER_KIND = MAX / 2;

    /// The most deliveries to one target under way at a time. When many of its kind are under way
    /// it is less: half of what its kind has left, so that a few targets that hang do not keep out
    /// the others.
    static final int MAX_PER_TARGET = 64;

    /// What [#begin] answers.
    enum Start {
        STARTED,
        /// Others of its target or kind must end first.
        BUSY,
        CLOSED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition work = lock.newCondition();
    private final Condition idle = lock.newCondition();
    private final Set<DueKey> keys = new HashSet<>();
    private final Map<String, Integer> targets = new HashMap<>();
    private final Map<String, Integer> kinds = new HashMap<>();
    private boolean woken;
    private boolean closed;

    boolean contains(DueKey key) {
        lock.lock();
        try {
            return keys.contains(key);
        } finally {
            lock.unlock();
        }
    }

    boolean full() {
        lock.lock();
        try {
            return keys.size() >= MAX;
        } finally {
            lock.unlock();
        }
    }

    boolean closed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /// Notes that a delivery is under way, if it may be.
    Start begin(DueKey key, String kind, String target) {
        lock.lock();
        try {
            if (closed) {
                return Start.CLOSED;
            }
            int left = MAX_PER_KIND - kinds.getOrDefault(kind, 0);
            int share = Math.clamp(left / 2, Math.min(left, 1), MAX_PER_TARGET);
            if (targets.getOrDefault(kind + target, 0) >= share) {
                return Start.BUSY;
            }
            kinds.merge(kind, 1, Integer::sum);
            targets.merge(kind + target, 1, Integer::sum);
            keys.add(key);
            return Start.STARTED;
        } finally {
            lock.unlock();
        }
    }

    /// Notes that it has ended; its row is gone or elsewhere. Frees a place, so wakes the
    /// dispatcher when there was none.
    void end(DueKey key, String kind, String target) {
        lock.lock();
        try {
            if (keys.size() == MAX) {
                woken = true;
                work.signalAll();
            }
            keys.remove(key);
            less(kinds, kind);
            less(targets, kind + target);
            if (keys.isEmpty()) {
                idle.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private static void less(Map<String, Integer> counts, String name) {
        counts.computeIfPresent(name, (_, count) -> count == 1 ? null : count - 1);
    }

    void wake() {
        lock.lock();
        try {
            woken = true;
            work.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Sleeps until woken or closed, or for `pause`.
    void await(Duration pause) throws InterruptedException {
        lock.lock();
        try {
            long nanos = pause.toNanos();
            while (!woken && !closed && nanos > 0) {
                nanos = work.awaitNanos(nanos);
            }
            woken = false;
        } finally {
            lock.unlock();
        }
    }

    void awaitIdle() throws InterruptedException {
        lock.lock();
        try {
            while (!keys.isEmpty()) {
                idle.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Begins no more, and waits a bounded time for those under way: their rows outlive them.
    void close() {
        lock.lock();
        try {
            closed = true;
            work.signalAll();
            long nanos = TimeUnit.SECONDS.toNanos(5);
            while (!keys.isEmpty() && nanos > 0) {
                nanos = idle.awaitNanos(nanos);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }
}
