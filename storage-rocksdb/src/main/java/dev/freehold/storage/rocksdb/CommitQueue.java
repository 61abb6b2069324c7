package dev.freehold.storage.rocksdb;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Transactions that wait for the committer. Its length is bounded by the number of open
/// transactions: each has one place. Safe for use by several threads.
final class CommitQueue {
    /// The most transactions of one batch; more wait for the next.
    private static final int MAX_BATCH = 1024;

    /// A batch takes no more transactions when it has so many bytes.
    private static final long MAX_BATCH_BYTES = 16L * 1024 * 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Queue<Waiting> waiting = new ArrayDeque<>();
    private boolean closed;

    void add(Waiting one) {
        lock.lock();
        try {
            if (closed) {
                throw new IllegalStateException("The store is closed");
            }
            waiting.add(one);
            if (waiting.size() == 1) {
                filled.signal();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Waits for transactions and takes a batch of them; an empty one when the queue is closed and
    /// nobody waits any more.
    List<Waiting> take() throws InterruptedException {
        lock.lock();
        try {
            while (waiting.isEmpty() && !closed) {
                filled.await();
            }
            List<Waiting> batch = new ArrayList<>(waiting.size());
            long bytes = 0;
            while (!waiting.isEmpty() && batch.size() < MAX_BATCH && bytes < MAX_BATCH_BYTES) {
                Waiting one = waiting.remove();
                bytes += one.bytes();
                batch.add(one);
            }
            return batch;
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more.
    void close() {
        lock.lock();
        try {
            closed = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }
}
