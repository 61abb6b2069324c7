package dev.freehold.sandbox;

import dev.freehold.sandbox.scaling.CreationRate;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sandboxes of one runtime that wait for a function. One that is taken is replaced, and as many
/// wait as the last hour's bursts took.
final class Pool implements AutoCloseable {
    private static final int MAX_SIZE = 64;

    private static final Duration REFILL_DELAY = Duration.ofMillis(25);

    private final Source source;
    private final Semaphore refills;
    private final int least;
    private final CreationRate rate = new CreationRate(now());
    private final Deque<Environment> ready = new ArrayDeque<>();
    private int starting;
    private boolean closed;

    /// Starts what the pool has.
    @FunctionalInterface
    interface Source {
        Environment start() throws IOException;
    }

    /// @param refills how many may start at a time, in all pools
    /// @param least how many wait at least; 0 is no pool
    Pool(Source source, Semaphore refills, int least) {
        this.source = source;
        this.refills = refills;
        this.least = least;
    }

    private static long now() {
        return TimeUnit.NANOSECONDS.toSeconds(System.nanoTime());
    }

    /// An environment that waited, or null.
    @Nullable Environment take() {
        Environment waiting = poll();
        fill();
        return waiting;
    }

    private synchronized @Nullable Environment poll() {
        rate.count(now());
        while (!ready.isEmpty()) {
            Environment environment = ready.removeFirst();
            if (environment.alive()) {
                return environment;
            }
            environment.close();
        }
        return null;
    }

    private int target() {
        return least == 0
                ? 0
                : Math.clamp(rate.burst(now()) + 1L, least, Math.max(least, MAX_SIZE));
    }

    /// Starts, in the background, what is missing, and ends what is too many.
    void fill() {
        List<Environment> surplus = new ArrayList<>();
        synchronized (this) {
            int target = target();
            while (!closed && ready.size() + starting < target) {
                starting++;
                Thread.ofVirtual().name("pool").start(this::startOne);
            }
            while (ready.size() > target) {
                surplus.add(ready.removeLast());
            }
        }
        surplus.forEach(Environment::close);
    }

    private void startOne() {
        Environment environment = null;
        try {
            // What took one is busy now; it comes first.
            Thread.sleep(REFILL_DELAY);
            refills.acquire();
            try {
                environment = source.start();
                environment.settle();
            } finally {
                refills.release();
            }
        } catch (IOException e) {
            System.getLogger(Pool.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "The pool can't be filled: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (!add(environment) && environment != null) {
            environment.close();
        }
    }

    private synchronized boolean add(@Nullable Environment environment) {
        starting--;
        if (closed || environment == null) {
            return false;
        }
        ready.addLast(environment);
        return true;
    }

    @Override
    public synchronized void close() {
        closed = true;
        ready.forEach(Environment::close);
        ready.clear();
    }
}
