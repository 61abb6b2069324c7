package dev.freehold.services;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/// A clock that stands still until a test moves it.
public final class FakeClock implements InstantSource {
    private volatile Instant now = Instant.parse("2026-11-24T00:00:00Z");

    @Override
    public Instant instant() {
        return now;
    }

    public void advance(Duration by) {
        now = now.plus(by);
    }
}
