package dev.freehold.sandbox;

import dev.freehold.sandbox.scaling.CreationRate;
import dev.freehold.sandbox.scaling.Turns;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sandboxes of one runtime that wait for a function. One that is taken is replaced, and as many
/// wait as the last hour's bursts took.
final class Pool implements AutoCloseable {
    private static final int MAX_SIZE = 64;

    private static final Duration REFILL_DELAY = Duration.ofMillis(25);

    private final Source source;
    private final Turns starts;
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

    /// @param starts whose turn it is to start one: those that a request waits for come first
    /// @param least how many wait at least; 0 is no pool
    Pool(Source source, Turns starts, int least) {
        this.source = source;
        this.starts = starts;
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
            starts.last();
            try {
                environment = open() ? source.start() : null;
                if (environment != null) {
                    environment.settle();
                }
            } finally {
                starts.done();
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

    private synchronized boolean open() {
        return !closed;
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
