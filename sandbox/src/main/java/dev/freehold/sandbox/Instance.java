package dev.freehold.sandbox;

import dev.freehold.sandbox.InvocationResult.ColdStart;
import dev.freehold.sandbox.scaling.GreedyDual;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/// An environment with a function in it.
final class Instance {
    final Environment environment;
    final SystemLog log;
    final Duration cost;
    private @Nullable ColdStart start;
    private volatile long lastUsed = System.nanoTime();
    private long uses;
    private double worth;

    /// Whether the freezer has it to look at.
    final AtomicBoolean watched = new AtomicBoolean();

    /// @param start how it came up; the first invocation reports it
    Instance(Environment environment, SystemLog log, ColdStart start) {
        this.environment = environment;
        this.log = log;
        this.start = start;
        this.cost = start.sandbox().plus(start.runtime()).plus(start.code()).plus(start.init());
    }

    /// How it came up, for the first who asks; null for others.
    @Nullable ColdStart takeStart() {
        ColdStart taken = start;
        start = null;
        return taken;
    }

    void used() {
        lastUsed = System.nanoTime();
        uses++;
    }

    /// When it was last used, in nanoseconds.
    long lastUsed() {
        return lastUsed;
    }

    /// It is idle from now on.
    ///
    /// @param rule how much would be lost with it: what it would cost to have it again, as often as
    ///   it was used, for the memory that it takes
    void rests(GreedyDual rule) {
        double megabytes = Math.max(1, environment.memory().most() >> 20);
        worth = rule.priority(uses + 1, cost.toNanos() / 1e6, megabytes);
    }

    /// The one that is worth least goes first.
    double worth() {
        return worth;
    }
}
