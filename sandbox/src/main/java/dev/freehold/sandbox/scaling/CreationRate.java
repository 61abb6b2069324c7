package dev.freehold.sandbox.scaling;

import java.util.Arrays;

/// How many environments were asked for in each second of the last hour, and so how many should
/// wait for the next burst.
public final class CreationRate {
    private static final int SECONDS = 3600;

    private final int[] counts = new int[SECONDS];
    private long newest;

    /// @param now in seconds, of a clock that only goes forward
    public CreationRate(long now) {
        newest = now;
    }

    /// Counts one.
    public void count(long now) {
        move(now);
        counts[(int) Math.floorMod(now, (long) SECONDS)]++;
    }

    private void move(long now) {
        long from = Math.max(newest + 1, now - SECONDS + 1);
        for (long second = from; second <= now; second++) {
            counts[(int) Math.floorMod(second, (long) SECONDS)] = 0;
        }
        newest = Math.max(newest, now);
    }

    /// The 99th percentile of the seconds in which any were asked for; 0 when there were none.
    public int burst(long now) {
        move(now);
        int[] busy = Arrays.stream(counts).filter(count -> count > 0).sorted().toArray();
        return busy.length == 0 ? 0 : busy[(int) Math.ceil(busy.length * 0.99) - 1];
    }
}
