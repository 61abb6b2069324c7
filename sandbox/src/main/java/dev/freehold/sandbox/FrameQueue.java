package dev.freehold.sandbox;

import dev.freehold.sandbox.Frames.Frame;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Frames that wait to be looked at: a function that streams faster than its caller reads waits.
final class FrameQueue {
    /// The most bytes that wait, unless they are of one frame.
    private static final int MAX_BYTES = 256 * 1024;

    /// The most frames that wait.
    private static final int MAX_FRAMES = 1024;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<Frame> frames = new ArrayDeque<>();
    private int bytes;

    /// Waits for a place.
    void put(Frame frame) throws InterruptedException {
        lock.lock();
        try {
            int size = frame.content().length;
            while (!frames.isEmpty() && (bytes + size > MAX_BYTES || frames.size() == MAX_FRAMES)) {
                changed.await();
            }
            frames.add(frame);
            bytes += size;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The next frame, or null when none comes within the time.
    @Nullable Frame poll(Duration wait) throws InterruptedException {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (frames.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            Frame next = frames.poll();
            if (next != null) {
                bytes -= next.content().length;
                changed.signalAll();
            }
            return next;
        } finally {
            lock.unlock();
        }
    }

    void clear() {
        lock.lock();
        try {
            frames.clear();
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
