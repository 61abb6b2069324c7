package dev.freehold.sandbox;

import dev.freehold.sandbox.scaling.GreedyDual;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// All environments, by function. A request takes the one that was used last, so that others stay
/// idle and may go. When none is idle it waits in the function's queue while one starts, and
/// whatever is ready first takes it: the new one, or one that has become free meanwhile.
final class Fleet implements AutoCloseable {
    /// The most environments that have functions at a time.
    private static final int MAX_ENVIRONMENTS = 1000;

    /// The most requests that wait for environments of one function.
    private static final int MAX_WAITING = 1000;

    /// How often a request that waits looks whether another environment may start.
    private static final Duration LOOK = Duration.ofMillis(20);

    private static final String ON_DEMAND = "on-demand";
    private static final String SNAP_START = "snap-start";

    private final Starter starter;
    private final Freezer freezer;
    private final ReentrantLock lock = new ReentrantLock();
    private final Map<String, Group> groups = new HashMap<>();
    private final GreedyDual eviction = new GreedyDual();
    private int running;
    private boolean closed;

    Fleet(Starter starter) {
        this.starter = starter;
        starter.reloads(this::reload);
        this.freezer = new Freezer();
    }

    /// An environment for a request.
    ///
    /// @param credentials asked for when an environment starts
    /// @param patience how long the request may wait
    Start acquire(FunctionSpec spec, Supplier<Map<String, String>> credentials, Duration patience) {
        long asked = System.nanoTime();
        Group group;
        BlockingQueue<Start> place;
        lock.lock();
        try {
            if (closed) {
                return new Start.Full();
            }
            group = group(spec, credentials);
            group.arrived();
            Instance idle = idle(group);
            if (idle != null) {
                group.busy++;
                return new Start.Up(group, idle);
            }
            if (group.waiting.size() >= MAX_WAITING) {
                return new Start.Full();
            }
            place = group.queue();
        } finally {
            lock.unlock();
        }
        try {
            return await(group, place, credentials, asked, patience);
        } finally {
            leave(group, place);
        }
    }

    private Group group(FunctionSpec spec, Supplier<Map<String, String>> credentials) {
        Group group = groups.computeIfAbsent(spec.key(), _ -> new Group(spec, credentials));
        group.credentials = credentials;
        return group;
    }

    private @Nullable Instance idle(Group group) {
        for (Instance first = group.idle.pollFirst();
                first != null;
                first = group.idle.pollFirst()) {
            if (first.environment.alive()) {
                return first;
            }
            running--;
            closeLater(first);
        }
        return null;
    }

    private Start await(
            Group group,
            BlockingQueue<Start> place,
            Supplier<Map<String, String>> credentials,
            long asked,
            Duration patience) {
        long end = asked + patience.toNanos();
        try {
            Duration brief = worthWaiting(group);
            Start soon = place.poll(brief.toNanos(), TimeUnit.NANOSECONDS);
            if (soon != null) {
                return soon;
            }
            while (true) {
                boolean more = mayStart(group);
                if (more) {
                    begin(group, credentials, asked);
                }
                Start start = place.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                if (start != null) {
                    return start;
                }
                if (System.nanoTime() > end || (!more && hopeless(group))) {
                    return new Start.Full();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Start.Full();
        }
    }

    private Duration worthWaiting(Group group) {
        lock.lock();
        try {
            return group.worthWaiting();
        } finally {
            lock.unlock();
        }
    }

    /// A request goes. When it was given an environment that it does not know of, that is put back.
    private void leave(Group group, BlockingQueue<Start> place) {
        lock.lock();
        try {
            group.waiting.remove(place);
            if (place.poll() instanceof Start.Up unseen) {
                group.busy--;
                offer(group, unseen.instance());
            }
            forget(group);
        } finally {
            lock.unlock();
        }
    }

    /// Counts a start when one more is wanted, allowed, and there is room for it.
    private boolean mayStart(Group group) {
        lock.lock();
        try {
            boolean wanted = !closed && group.wantsMore();
            if (!wanted
                    || !group.creations.take(System.nanoTime())
                    || (running >= MAX_ENVIRONMENTS && !evictOne())) {
                return false;
            }
            group.starting++;
            running++;
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Whether nothing is under way that could give a waiting request an environment.
    private boolean hopeless(Group group) {
        lock.lock();
        try {
            return closed || (group.starting == 0 && group.busy == 0);
        } finally {
            lock.unlock();
        }
    }

    private void begin(Group group, Supplier<Map<String, String>> credentials, long asked) {
        Map<String, String> variables;
        try {
            variables = credentials.get();
        } catch (RuntimeException e) {
            withdraw(group);
            throw e;
        }
        Duration queued = Duration.ofNanos(System.nanoTime() - asked);
        Thread.ofVirtual()
                .name("cold-start")
                .start(() -> {
                    Start start = null;
                    try {
                        start =
                                starter.start(
                                        group,
                                        variables,
                                        group.spec.snapStart() ? SNAP_START : ON_DEMAND,
                                        queued,
                                        () -> awaited(group));
                    } finally {
                        started(group, start);
                    }
                });
    }

    private void withdraw(Group group) {
        lock.lock();
        try {
            group.starting--;
            running--;
        } finally {
            lock.unlock();
        }
    }

    private boolean awaited(Group group) {
        lock.lock();
        try {
            return !group.waiting.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// A start is over.
    ///
    /// @param start what came of it; null when it broke
    private void started(Group group, @Nullable Start start) {
        lock.lock();
        try {
            group.starting--;
            if (start instanceof Start.Up up) {
                offer(group, up.instance());
                return;
            }
            running--;
            group.hand(start == null ? new Start.Full() : start);
            forget(group);
        } finally {
            lock.unlock();
        }
    }

    /// Gives an environment to whoever waits, or keeps it.
    private void offer(Group group, Instance instance) {
        if (closed || !instance.environment.alive()) {
            end(group, instance);
        } else if (group.hand(new Start.Up(group, instance))) {
            group.busy++;
        } else if (group.retired) {
            end(group, instance);
        } else {
            group.idle.addFirst(instance);
            instance.rests(eviction);
            instance.environment.rest();
            freezer.add(instance);
        }
    }

    private void end(Group group, Instance instance) {
        running--;
        closeLater(instance);
        forget(group);
    }

    private void forget(Group group) {
        if (group.retired && group.empty()) {
            groups.remove(group.spec.key(), group);
        }
    }

    /// An invocation has ended.
    ///
    /// @param nanos how long it took
    void release(Start.Up up, long nanos) {
        Group group = up.group();
        lock.lock();
        try {
            group.busy--;
            group.ended(nanos);
            up.instance().used();
            offer(group, up.instance());
        } finally {
            lock.unlock();
        }
    }

    /// Ends the environment whose loss costs least, of any function.
    private boolean evictOne() {
        Group from = null;
        Instance least = null;
        for (Group group : groups.values()) {
            Instance last = group.idle.peekLast();
            boolean spare = last != null && group.live() > group.provisioned;
            if (spare && (least == null || last.worth() < least.worth())) {
                least = last;
                from = group;
            }
        }
        if (from == null || least == null) {
            return false;
        }
        eviction.gaveUp(least.worth());
        from.idle.remove(least);
        end(from, least);
        return true;
    }

    private static void closeLater(Instance instance) {
        Thread.ofVirtual().name("reaper").start(instance.environment::close);
    }

    /// Ends the environments of a function that has changed or is gone: idle ones at once, others
    /// after their invocation.
    ///
    /// @param key the key, or what keys have before a space
    void retire(String key) {
        lock.lock();
        try {
            for (String one : List.copyOf(groups.keySet())) {
                if (one.startsWith(key)
                        && (one.length() == key.length() || one.charAt(key.length()) == ' ')) {
                    retire(Objects.requireNonNull(groups.remove(one)));
                }
            }
        } finally {
            lock.unlock();
        }
    }

    /// [#retire] of a function that is still the same: what is provisioned is started anew.
    private void reload(String key) {
        int kept;
        lock.lock();
        try {
            Group group = groups.get(key);
            kept = group == null ? 0 : group.provisioned;
            if (group != null) {
                groups.remove(key);
                retire(group);
                group(group.spec, group.credentials).provisioned = kept;
            }
        } finally {
            lock.unlock();
        }
        if (kept > 0) {
            Thread.ofVirtual().name("provision").start(this::provisionAll);
        }
    }

    private void retire(Group group) {
        group.retired = true;
        group.provisioned = 0;
        while (!group.idle.isEmpty()) {
            end(group, group.idle.removeFirst());
        }
    }

    /// Starts an environment of a function that nobody waits for.
    ///
    /// @return what came of it; an environment is idle then
    Start initialize(FunctionSpec spec, Supplier<Map<String, String>> credentials) {
        Map<String, String> variables = credentials.get();
        Group group;
        lock.lock();
        try {
            if (closed || (running >= MAX_ENVIRONMENTS && !evictOne())) {
                return new Start.Full();
            }
            group = group(spec, credentials);
            group.starting++;
            running++;
        } finally {
            lock.unlock();
        }
        Start start = null;
        try {
            start = starter.start(group, variables, SNAP_START, Duration.ZERO, () -> false);
            return start;
        } finally {
            started(group, start);
        }
    }

    /// Keeps that many environments of a function, from now on.
    void provision(FunctionSpec spec, int count, Supplier<Map<String, String>> credentials) {
        lock.lock();
        try {
            if (!closed) {
                group(spec, credentials).provisioned = count;
            }
        } finally {
            lock.unlock();
        }
        Thread.ofVirtual().name("provision").start(this::provisionAll);
    }

    /// How many environments of a function are there, whether or not they have work.
    int live(String key) {
        lock.lock();
        try {
            Group group = groups.get(key);
            return group == null ? 0 : group.live();
        } finally {
            lock.unlock();
        }
    }

    /// Starts what is missing of what is provisioned, one after the other.
    private void provisionAll() {
        for (Group group = lacking(); group != null; group = lacking()) {
            Start start = null;
            try {
                Map<String, String> variables = group.credentials.get();
                start =
                        starter.start(
                                group,
                                variables,
                                "provisioned-concurrency",
                                Duration.ZERO,
                                () -> false);
            } finally {
                started(group, start);
            }
            if (!(start instanceof Start.Up)) {
                return; // the next sweep tries again
            }
        }
    }

    private @Nullable Group lacking() {
        lock.lock();
        try {
            for (Group group : groups.values()) {
                boolean lacks = group.live() + group.starting < group.provisioned;
                if (!closed && lacks && (running < MAX_ENVIRONMENTS || evictOne())) {
                    group.starting++;
                    running++;
                    return group;
                }
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    /// Ends environments that are not worth keeping any longer, or that died; and while the host
    /// lacks memory, others.
    ///
    /// @param pressed whether it does
    void sweep(boolean pressed) {
        lock.lock();
        try {
            long now = System.nanoTime();
            for (Group group : List.copyOf(groups.values())) {
                long oldest = now - group.keepAlive.keep().toNanos();
                for (Instance instance : new ArrayList<>(group.idle)) {
                    boolean spare = group.live() > group.provisioned;
                    boolean old = instance.lastUsed() < oldest && spare;
                    if (old || !instance.environment.alive()) {
                        group.idle.remove(instance);
                        end(group, instance);
                    }
                }
            }
            for (int i = 0; pressed && i < MAX_ENVIRONMENTS / 10 && evictOne(); i++) {}
        } finally {
            lock.unlock();
        }
        provisionAll();
    }

    @Override
    public void close() {
        List<Instance> all = new ArrayList<>();
        lock.lock();
        try {
            closed = true;
            groups.values().forEach(group -> all.addAll(group.idle));
            groups.clear();
        } finally {
            lock.unlock();
        }
        freezer.close();
        all.forEach(instance -> instance.environment.close());
    }
}
