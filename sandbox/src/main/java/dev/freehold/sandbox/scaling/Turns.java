package dev.freehold.sandbox.scaling;

import java.util.concurrent.Semaphore;

/// Whose turn it is to do what only few can do at a time. Those that somebody waits for come first,
/// in their order; others when nobody does.
public final class Turns {
    private static final long LOOK_MILLIS = 20;

    private final Semaphore free;

    /// @param atOnce how many at a time
    public Turns(int atOnce) {
        this.free = new Semaphore(atOnce, true);
    }

    /// Waits for the turn of something that somebody waits for.
    public void first() throws InterruptedException {
        free.acquire();
    }

    /// Waits for the turn of something that has time.
    public void last() throws InterruptedException {
        while (free.hasQueuedThreads() || !free.tryAcquire()) {
            Thread.sleep(LOOK_MILLIS);
        }
    }

    /// Ends a turn.
    public void done() {
        free.release();
    }
}
