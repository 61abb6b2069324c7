package dev.freehold.services.lambda.run;

import java.util.ArrayDeque;
import java.util.Deque;

/// What an invocation holds until it has ended, which may be after its answer: a place among those
/// that run, and the code. Given back in the opposite order, once.
final class Held implements AutoCloseable {
    private final Deque<Runnable> releases = new ArrayDeque<>();

    /// @param release gives something back
    synchronized void add(Runnable release) {
        releases.addFirst(release);
    }

    @Override
    public synchronized void close() {
        while (!releases.isEmpty()) {
            releases.removeFirst().run();
        }
    }
}
