package dev.freehold.services.lambda.durable;

import dev.freehold.services.lambda.durable.state.ExecutionKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Callers that wait for an execution's end. In memory only: a caller is gone when the process is.
/// Safe for use by several threads.
public final class Ends {
    /// How often a waiting caller looks for itself.
    private static final long LOOK_MILLIS = 1_000;

    private final Map<ExecutionKey, Set<CountDownLatch>> waiting = new HashMap<>();

    /// Tells those who wait that the execution may have ended.
    public void signal(ExecutionKey key) {
        synchronized (waiting) {
            waiting.getOrDefault(key, Set.of()).forEach(CountDownLatch::countDown);
        }
    }

    /// Waits until it has ended.
    ///
    /// @param most how long at most
    /// @return whether it has
    boolean await(ExecutionKey key, Duration most, BooleanSupplier ended) {
        CountDownLatch latch = new CountDownLatch(1);
        synchronized (waiting) {
            waiting.computeIfAbsent(key, _ -> new HashSet<>()).add(latch);
        }
        try {
            long end = System.nanoTime() + most.toNanos();
            while (!ended.getAsBoolean()) {
                long left = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (left <= 0) {
                    return false;
                }
                boolean _ = latch.await(Math.min(left, LOOK_MILLIS), TimeUnit.MILLISECONDS);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            remove(key, latch);
        }
    }

    private void remove(ExecutionKey key, CountDownLatch latch) {
        synchronized (waiting) {
            Set<CountDownLatch> all = waiting.get(key);
            if (all != null && all.remove(latch) && all.isEmpty()) {
                waiting.remove(key);
            }
        }
    }
}
