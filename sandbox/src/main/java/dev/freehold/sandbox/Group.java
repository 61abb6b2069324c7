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

    /// Invocations that are shorter are worth waiting for, and for how long.
    private static final Duration BRIEF = Duration.ofMillis(5);

    private static final Duration WAIT = Duration.ofMillis(10);

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

    /// How long invocations take, in nanoseconds: an average that forgets; 0 before the first.
    private long usual;

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

    /// @param nanos how long the invocation took
    void ended(long nanos) {
        lastEnded = System.nanoTime();
        long shown = Math.max(1, nanos);
        usual = usual == 0 ? shown : usual + (shown - usual) / 8;
    }

    /// How long a request waits for an environment that is busy before another one starts for it:
    /// about as long as a start takes, when invocations end sooner than that. A request comes no
    /// later by it, and many short invocations at a time do not start more environments than the
    /// processors can run.
    Duration worthWaiting() {
        boolean brief = busy > 0 && usual != 0 && usual < BRIEF.toNanos();
        return brief ? WAIT : Duration.ZERO;
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
