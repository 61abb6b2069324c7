package dev.freehold.sandbox;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/// Waits for what another process does in its own time.
public final class Eventually {
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private Eventually() {}

    /// Asserts that something comes to hold.
    public static void holds(Runnable assertion) {
        long end = System.nanoTime() + LONGEST.toNanos();
        while (true) {
            try {
                assertion.run();
                return;
            } catch (AssertionError e) {
                if (System.nanoTime() > end) {
                    throw e;
                }
                LockSupport.parkNanos(5_000_000);
            }
        }
    }
}
