package dev.freehold.sandbox;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Environments of one runtime that wait for a function. One that is taken is replaced.
final class Pool implements AutoCloseable {
    private final Interpreter runtime;
    private final Sandbox sandbox;
    private final Layout layout;
    private final Supplier<String> ids;
    private final int size;
    private final Deque<Environment> ready = new ArrayDeque<>();
    private int starting;
    private boolean closed;

    /// @param size how many wait
    Pool(Interpreter runtime, Sandbox sandbox, Layout layout, Supplier<String> ids, int size) {
        this.runtime = runtime;
        this.sandbox = sandbox;
        this.layout = layout;
        this.ids = ids;
        this.size = size;
    }

    /// An environment that waited, or a new one.
    Environment take() throws IOException {
        Environment waiting = poll();
        fill();
        return waiting == null ? new Environment(ids.get(), runtime, sandbox, layout) : waiting;
    }

    private synchronized @Nullable Environment poll() {
        while (!ready.isEmpty()) {
            Environment environment = ready.removeFirst();
            if (environment.alive()) {
                return environment;
            }
            environment.close();
        }
        return null;
    }

    /// Starts, in the background, what is missing.
    synchronized void fill() {
        while (!closed && ready.size() + starting < size) {
            starting++;
            Thread.ofVirtual().name("pool").start(this::startOne);
        }
    }

    private void startOne() {
        Environment environment = null;
        try {
            environment = new Environment(ids.get(), runtime, sandbox, layout);
        } catch (IOException e) {
            System.getLogger(Pool.class.getName())
                    .log(
                            System.Logger.Level.WARNING,
                            "The pool can't be filled: " + e.getMessage());
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
