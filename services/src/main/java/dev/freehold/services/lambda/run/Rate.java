package dev.freehold.services.lambda.run;

/// A token bucket: so many calls a second, and as many at once after a second without any.
final class Rate {
    private double tokens = -1;
    private long lastMillis;

    /// Takes one token.
    ///
    /// @return whether there was one
    synchronized boolean take(double perSecond, long nowMillis) {
        if (tokens < 0) {
            tokens = perSecond;
            lastMillis = nowMillis;
        }
        double added = Math.max(0, nowMillis - lastMillis) * perSecond / 1000;
        tokens = Math.min(perSecond, tokens + added);
        lastMillis = nowMillis;
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
