package dev.freehold.services.apigateway;

/// Throttles to a rate with bursts. Time comes with each call. Safe for use by several threads.
final class TokenBucket {
    private static final double NANOS = 1e9;

    private final double rate;
    private final double burst;
    private double tokens;
    private long last;

    /// @param rate tokens a second
    /// @param burst the most tokens that wait
    /// @param nanos the time now, in nanoseconds of any clock
    TokenBucket(double rate, double burst, long nanos) {
        this.rate = rate;
        this.burst = burst;
        this.tokens = burst;
        this.last = nanos;
    }

    /// Takes a token, if there is one.
    synchronized boolean take(long nanos) {
        tokens = Math.min(burst, tokens + Math.max(0, nanos - last) / NANOS * rate);
        last = Math.max(last, nanos);
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }

    boolean has(double wantedRate, double wantedBurst) {
        return rate == wantedRate && burst == wantedBurst;
    }
}
