package dev.freehold.storage.engine;

import dev.freehold.storage.engine.Commit.Range;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.NavigableMap;
import java.util.Queue;
import java.util.TreeMap;

/// What was written since the oldest open transaction began, for checking what others read. For one
/// thread at a time: the committer.
///
/// Its memory is bounded: while a slow transaction is open and others write very much, the oldest
/// writes are forgotten nevertheless. A transaction from before them can't be checked, so it counts
/// as one that lost.
public final class RecentWrites {
    /// The most writes and deleted ranges that it remembers.
    static final int MAX = 200_000;

    private final NavigableMap<byte[], Long> keys = new TreeMap<>(Arrays::compareUnsigned);
    private final Queue<Written> order = new ArrayDeque<>();
    private final Queue<Deleted> deletes = new ArrayDeque<>();

    /// Writes up to this version may have been forgotten.
    private long horizon;

    private record Written(byte[] key, long version) {}

    private record Deleted(Range range, long version) {}

    /// Whether something that the transaction read has changed since its snapshot.
    public boolean conflicts(Commit commit) {
        if (commit.version() < horizon && commit.hasRead()) {
            return true;
        }
        for (byte[] key : commit.reads()) {
            Long written = keys.get(key);
            if (written != null && written > commit.version()) {
                return true;
            }
        }
        for (Range range : commit.readRanges()) {
            for (long written : keys.subMap(range.start(), range.end()).values()) {
                if (written > commit.version()) {
                    return true;
                }
            }
        }
        return !deletes.isEmpty() && deleted(commit);
    }

    private boolean deleted(Commit commit) {
        for (Deleted delete : deletes) {
            if (delete.version > commit.version()
                    && (commit.reads().stream().anyMatch(delete.range::contains)
                            || commit.readRanges().stream()
                                    .anyMatch(r -> overlap(r, delete.range)))) {
                return true;
            }
        }
        return false;
    }

    private static boolean overlap(Range a, Range b) {
        return Arrays.compareUnsigned(a.start(), b.end()) < 0
                && Arrays.compareUnsigned(b.start(), a.end()) < 0;
    }

    /// Notes what a commit of that version wrote.
    public void add(Commit commit, long version) {
        for (byte[] key : commit.writes().keySet()) {
            keys.put(key, version);
            order.add(new Written(key, version));
        }
        commit.deletes().forEach(range -> deletes.add(new Deleted(range, version)));
    }

    /// Forgets what no open transaction can have missed.
    public void forgetUntil(long oldestOpen) {
        forget(oldestOpen);
        while (order.size() + deletes.size() > MAX) {
            forget(horizon + 1);
        }
    }

    private void forget(long version) {
        horizon = Math.max(horizon, version);
        for (Written w = order.peek(); w != null && w.version <= horizon; w = order.peek()) {
            order.remove();
            keys.remove(w.key, w.version);
        }
        while (!deletes.isEmpty() && deletes.element().version <= horizon) {
            deletes.remove();
        }
    }
}
