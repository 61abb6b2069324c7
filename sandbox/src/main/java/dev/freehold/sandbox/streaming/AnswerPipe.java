package dev.freehold.sandbox.streaming;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// An answer from the thread that runs a function to the one that sends it to the caller. For one
/// writer and one reader.
///
/// @param <R> what the writer says in the end
public final class AnswerPipe<R> implements ResponseSink, AutoCloseable {
    /// The most bytes that wait for the reader, unless they came in one piece.
    private static final int MAX_WAITING = 64 * 1024;

    private final long most;
    private final R cut;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Deque<byte[]> waiting = new ArrayDeque<>();
    private int bytes;
    private long total;
    private @Nullable String contentType;
    private @Nullable R result;
    private boolean broken;
    private boolean closed;

    /// @param most how many bytes an answer has at most
    /// @param cut the end of those that have more
    public AnswerPipe(long most, R cut) {
        this.most = most;
        this.cut = cut;
    }

    @Override
    public void begin(String type) {
        lock.lock();
        try {
            contentType = type;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public boolean write(byte[] chunk, Duration wait) throws IOException {
        lock.lock();
        try {
            long left = wait.toNanos();
            while (full(chunk) && left > 0) {
                left = changed.awaitNanos(left);
            }
            if (closed || result != null) {
                throw new IOException("nobody takes this answer any more");
            }
            if (full(chunk)) {
                return false;
            }
            put(chunk);
            return true;
        } catch (InterruptedException e) {
            throw interrupted();
        } finally {
            lock.unlock();
        }
    }

    private boolean full(byte[] chunk) {
        return !closed && result == null && bytes > 0 && bytes + chunk.length > MAX_WAITING;
    }

    private void put(byte[] chunk) {
        int length = (int) Math.min(chunk.length, most - total);
        total += length;
        bytes += length;
        waiting.add(length == chunk.length ? chunk : Arrays.copyOf(chunk, length));
        if (length < chunk.length) {
            result = cut;
        }
        changed.signalAll();
    }

    /// The answer is over; it may have been cut before.
    public void end(R how) {
        lock.lock();
        try {
            result = result == null ? how : result;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether the answer is over.
    public boolean answered() {
        lock.lock();
        try {
            return result != null;
        } finally {
            lock.unlock();
        }
    }

    /// No end will come, unless it has.
    public void breakOff() {
        lock.lock();
        try {
            broken = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the answer begins.
    ///
    /// @return what the function says it is; null when it ended without one
    /// @throws IOException when it broke off
    public @Nullable String begun() throws IOException {
        lock.lock();
        try {
            while (contentType == null && result == null) {
                await();
            }
            return contentType;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for more of the answer.
    ///
    /// @return all that is there; null when that was all
    /// @throws IOException when it broke off
    public byte @Nullable [] next() throws IOException {
        lock.lock();
        try {
            while (waiting.isEmpty() && result == null) {
                await();
            }
            byte[] next = waiting.size() > 1 ? joined() : waiting.poll();
            bytes = 0;
            changed.signalAll();
            return next;
        } finally {
            lock.unlock();
        }
    }

    private byte[] joined() {
        byte[] all = new byte[bytes];
        int at = 0;
        for (byte[] each = waiting.poll(); each != null; each = waiting.poll()) {
            System.arraycopy(each, 0, all, at, each.length);
            at += each.length;
        }
        return all;
    }

    private void await() throws IOException {
        if (broken || closed) {
            throw new IOException("the answer broke off");
        }
        try {
            changed.await();
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException();
    }

    /// How the answer ended, once [#next] has said so.
    public R result() {
        lock.lock();
        try {
            if (result == null) {
                throw new IllegalStateException("the answer has not ended");
            }
            return result;
        } finally {
            lock.unlock();
        }
    }

    /// Nobody reads any more.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waiting.clear();
            bytes = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
