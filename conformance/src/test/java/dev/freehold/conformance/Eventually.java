package dev.freehold.conformance;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.function.Predicate;

/// Waits, boundedly, for what becomes true in its own time.
final class Eventually {
    private static final long PAUSE_MILLIS = 100;

    private Eventually() {}

    /// Looks again and again until what it finds is right.
    static <T> T until(String what, Duration patience, Callable<T> look, Predicate<T> right)
            throws Exception {
        long end = System.nanoTime() + patience.toNanos();
        T found = look.call();
        while (!right.test(found)) {
            if (System.nanoTime() > end) {
                throw new AssertionError("Not in " + patience + ": " + what + "; last: " + found);
            }
            Thread.sleep(PAUSE_MILLIS);
            found = look.call();
        }
        return found;
    }
}
