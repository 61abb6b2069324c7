package dev.freehold.sandbox.scaling;

import java.time.Duration;

/// How long a function's idle environments are worth keeping, learnt from how long they were idle
/// before: a histogram of one bin a minute for four hours, whose 99th percentile is the answer.
/// With too few observations, or too many that were longer than the histogram, it is a fixed time.
public final class KeepAlive {
    private static final int BINS = 240;

    /// Fewer observations say nothing.
    private static final int ENOUGH = 20;

    private static final Duration FIXED = Duration.ofMinutes(15);
    private static final Duration SHORTEST = Duration.ofMinutes(2);

    private final int[] bins = new int[BINS];
    private int inside;
    private int beyond;

    /// Takes an idle time that ended with a request.
    public void observe(Duration idle) {
        long bin = idle.toMinutes();
        if (bin >= BINS) {
            beyond++;
        } else {
            bins[(int) bin]++;
            inside++;
        }
        if (inside + beyond >= 1 << 20) {
            forgetHalf();
        }
    }

    /// Old observations count less than new ones, and no counter overflows.
    private void forgetHalf() {
        inside = 0;
        beyond /= 2;
        for (int i = 0; i < BINS; i++) {
            bins[i] /= 2;
            inside += bins[i];
        }
    }

    /// How long to keep an idle environment.
    public Duration keep() {
        if (inside < ENOUGH || beyond > inside) {
            return FIXED;
        }
        int bin = percentile(0.99);
        Duration keep = Duration.ofMinutes(bin + 1);
        return keep.compareTo(SHORTEST) < 0 ? SHORTEST : keep;
    }

    private int percentile(double share) {
        long wanted = (long) Math.ceil(inside * share);
        long seen = 0;
        for (int i = 0; i < BINS; i++) {
            seen += bins[i];
            if (seen >= wanted) {
                return i;
            }
        }
        return BINS - 1;
    }
}
