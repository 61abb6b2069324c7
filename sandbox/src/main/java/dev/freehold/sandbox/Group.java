package dev.freehold.sandbox;

import dev.freehold.sandbox.scaling.KeepAlive;
import dev.freehold.sandbox.scaling.TokenBucket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.function.Supplier;

/// The environments of one function, and the requests that wait for one. Guarded by the fleet's
/// lock.
final class Group {
    /// AWS: a function gets at most 1,000 environments in ten seconds.
    private static final int CREATIONS = 1000;

    private static final double CREATIONS_PER_SECOND = 100;

    final FunctionSpec spec;

    /// The most recently used first: the tail is what may go.
    final Deque<Instance> idle = new ArrayDeque<>();

    final Deque<BlockingQueue<Start>> waiting = new ArrayDeque<>();
    final TokenBucket creations;
    final KeepAlive keepAlive = new KeepAlive();
    Supplier<Map<String, String>> credentials;
    int starting;
    int busy;
    int provisioned;
    boolean retired;
    private long lastEnded;

    Group(FunctionSpec spec, Supplier<Map<String, String>> credentials) {
        this.spec = spec;
        this.credentials = credentials;
        this.creations = new TokenBucket(CREATIONS, CREATIONS_PER_SECOND, System.nanoTime());
    }

    /// A request arrives.
    void arrived() {
        if (busy == 0 && lastEnded != 0) {
            keepAlive.observe(Duration.ofNanos(System.nanoTime() - lastEnded));
        }
    }

    void ended() {
        lastEnded = System.nanoTime();
    }

    BlockingQueue<Start> queue() {
        BlockingQueue<Start> place = new ArrayBlockingQueue<>(1);
        waiting.addLast(place);
        return place;
    }

    /// Gives something to the request that waits the longest.
    ///
    /// @return false when none waits
    boolean hand(Start start) {
        BlockingQueue<Start> first = waiting.pollFirst();
        return first != null && first.offer(start);
    }

    /// Whether a request waits for an environment that is not under way. There is only one place
    /// where a debugger looks for them.
    boolean wantsMore() {
        boolean one = spec.runtime().debugged() && live() + starting > 0;
        return !one && starting < waiting.size();
    }

    int live() {
        return idle.size() + busy;
    }

    boolean empty() {
        return live() + starting + waiting.size() + provisioned == 0;
    }
}
