package dev.freehold.sandbox.scaling;

/// A rate with a burst: tokens are refilled continuously up to the burst, and each piece of work
/// takes one.
public final class TokenBucket {
    private final double burst;
    private final double perNano;
    private double tokens;
    private long last;

    /// @param burst how many there are at most, and at first
    /// @param perSecond how many come back each second
    /// @param now in nanoseconds, of a clock that only goes forward
    public TokenBucket(int burst, double perSecond, long now) {
        this.burst = burst;
        this.perNano = perSecond / 1e9;
        this.tokens = burst;
        this.last = now;
    }

    /// Takes a token, when there is one.
    public boolean take(long now) {
        return take(1, now) == 0;
    }

    /// Takes several tokens at once, when there are so many.
    ///
    /// @param count more than the burst is as much as that
    /// @return 0 when they were taken; else in how many nanoseconds they are there
    public long take(int count, long now) {
        tokens = Math.min(burst, tokens + (now - last) * perNano);
        last = now;
        double missing = Math.min(count, burst) - tokens;
        if (missing > 0) {
            return (long) Math.ceil(missing / perNano);
        }
        tokens -= Math.min(count, burst);
        return 0;
    }
}
