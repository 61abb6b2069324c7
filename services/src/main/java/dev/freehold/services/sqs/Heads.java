package dev.freehold.services.sqs;

import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// Knows from where on a standard queue can have visible messages. A receiver looks from there: the
/// places of all that was received before are deleted rows, which an engine steps over one by one
/// until it compacts.
///
/// Whoever writes a place asks for the time first ([#begin]) and writes it at that time or later.
/// So who asks for the oldest writer under way, and then reads, knows that nothing will ever stand
/// before both that time and the first place that it saw.
///
/// INVARIANT: all writers of a store's queues share one `Heads`, which holds since one process has
/// the store. Nothing of it is kept: after a start, the first look goes over everything.
final class Heads {
    /// The most queues whose heads are known; beyond that all are forgotten, which costs a look.
    private static final int MAX_QUEUES = 10_000;

    private final InstantSource clock;
    private final TreeMap<Long, Integer> writers = new TreeMap<>();
    private final Map<String, Long> heads = new ConcurrentHashMap<>();
    private long latest;

    Heads(InstantSource clock) {
        this.clock = clock;
    }

    /// The time in milliseconds, never less than before, for one that will write places. It must
    /// [#end].
    synchronized long begin() {
        long now = now();
        writers.merge(now, 1, Integer::sum);
        return now;
    }

    synchronized void end(long begun) {
        writers.computeIfPresent(begun, (_, count) -> count == 1 ? null : count - 1);
    }

    /// The time at which the oldest writer under way began; now, when there is none.
    synchronized long oldestWriter() {
        return writers.isEmpty() ? now() : Math.min(writers.firstKey(), now());
    }

    private long now() {
        latest = Math.max(latest, clock.millis());
        return latest;
    }

    /// Nothing of the queue stands before this time.
    long of(String queue) {
        return heads.getOrDefault(queue, Long.MIN_VALUE);
    }

    /// Nothing of the queue will ever stand before this time.
    void learn(String queue, long time) {
        if (heads.size() >= MAX_QUEUES && !heads.containsKey(queue)) {
            heads.clear();
        }
        heads.merge(queue, time, Math::max);
    }
}
