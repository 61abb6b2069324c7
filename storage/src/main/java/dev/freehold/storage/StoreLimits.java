package dev.freehold.storage;

import java.time.Duration;

/// What one transaction may do, the same for every engine, so that any ordered transactional engine
/// can carry what was written for another. Whoever goes beyond gets a [StoreLimitException], and
/// nothing has been written. Larger things are split, or are blobs.
public final class StoreLimits {
    /// The longest key, in bytes as stored.
    public static final int MAX_KEY_BYTES = 16 * 1024;

    /// The longest value, in bytes as stored.
    public static final int MAX_VALUE_BYTES = 64 * 1024;

    /// The most bytes of keys and values that a transaction writes.
    public static final int MAX_WRITTEN_BYTES = 10 * 1024 * 1024;

    /// The most keys and ranges that an update reads and remembers.
    public static final int MAX_READS = 100_000;

    /// The longest time that one run of a body takes. What is older can't be checked against what
    /// committed since, and holds back the engine's own housekeeping.
    public static final Duration MAX_DURATION = Duration.ofSeconds(5);

    /// How often a body runs before its conflicts are a [StoreConflictException].
    public static final int MAX_RUNS = 10;

    private StoreLimits() {}
}
