package dev.freehold.sandbox.api;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Where a runtime is between two invocations, by which some calls are refused. Safe for use by
/// several threads.
final class Lifecycle {
    /// The states, as AWS's errors name them.
    enum State {
        STARTED("Started"),
        INIT_ERROR("InitError"),
        READY("Ready"),
        RUNNING("Running"),
        RESPONDING("InvocationResponse"),
        FAILING("InvocationErrorResponse"),
        SENT("ResponseSent");

        final String text;

        State(String text) {
            this.text = text;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state = State.STARTED;
    private @Nullable Work offered;
    private String running = "";
    private boolean closed;

    State state() {
        lock.lock();
        try {
            return state;
        } finally {
            lock.unlock();
        }
    }

    /// @return whether the state could become another
    boolean move(State to) {
        lock.lock();
        try {
            boolean allowed = allowed(to);
            if (allowed) {
                state = to;
            }
            return allowed;
        } finally {
            lock.unlock();
        }
    }

    private boolean allowed(State to) {
        return switch (to) {
            case READY -> state == State.STARTED || state == State.READY || state == State.SENT;
            case INIT_ERROR -> state == State.STARTED;
            case RESPONDING, FAILING -> state == State.RUNNING;
            case SENT -> state == State.RESPONDING || state == State.FAILING;
            case STARTED, RUNNING -> false;
        };
    }

    /// Whether that is the invocation that runs, or ran last.
    boolean runs(String requestId) {
        lock.lock();
        try {
            return !running.isEmpty() && running.equals(requestId);
        } finally {
            lock.unlock();
        }
    }

    /// Whoever asks for work next gets it.
    void offer(Work work) {
        lock.lock();
        try {
            offered = work;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes back what nobody has taken.
    ///
    /// @return false when somebody has
    boolean withdraw() {
        lock.lock();
        try {
            boolean there = offered != null;
            offered = null;
            return there;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for work.
    ///
    /// @return null when there will be none any more
    @Nullable Work take() throws InterruptedException {
        lock.lock();
        try {
            while (offered == null && !closed) {
                changed.await();
            }
            Work work = offered;
            offered = null;
            if (work != null) {
                state = State.RUNNING;
                running = work.requestId();
            }
            return work;
        } finally {
            lock.unlock();
        }
    }

    void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
