package dev.freehold.sandbox;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Freezes environments that have been idle for a moment. A function that is called all the time
/// never waits for a thaw.
final class Freezer implements AutoCloseable {
    private static final Duration GRACE = Duration.ofMillis(20);

    /// Each environment is in it at most once.
    private final BlockingQueue<Instance> idle = new LinkedBlockingQueue<>();

    private final Thread thread = Thread.ofPlatform().daemon().name("freezer").start(this::run);

    /// An environment has become idle.
    void add(Instance instance) {
        if (instance.watched.compareAndSet(false, true)) {
            idle.add(instance);
        }
    }

    private void run() {
        try {
            while (true) {
                Instance first = idle.take();
                TimeUnit.NANOSECONDS.sleep(Math.clamp(left(first), 0, GRACE.toNanos()));
                first.watched.set(false);
                if (left(first) <= 0) {
                    first.environment.freeze();
                } else {
                    add(first);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static long left(Instance instance) {
        return instance.lastUsed() + GRACE.toNanos() - System.nanoTime();
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
