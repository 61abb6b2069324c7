package dev.freehold.storage.engine;

import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.LongSupplier;

/// The versions at which transactions are open. Safe for use by several threads.
final class OpenTransactions {
    private final ConcurrentSkipListMap<Long, Integer> counts = new ConcurrentSkipListMap<>();

    /// Opens at the current version. The version is read again after it was entered, so that the
    /// committer can't have forgotten anything newer than it.
    long open(LongSupplier current) {
        while (true) {
            long version = current.getAsLong();
            counts.merge(version, 1, Integer::sum);
            if (current.getAsLong() == version) {
                return version;
            }
            close(version);
        }
    }

    void close(long version) {
        counts.computeIfPresent(version, (v, count) -> count == 1 ? null : count - 1);
    }

    /// The oldest open version, or `current` when none is open.
    long oldest(long current) {
        Map.Entry<Long, Integer> first = counts.firstEntry();
        return first == null ? current : Math.min(first.getKey(), current);
    }
}
