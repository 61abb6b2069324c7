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
        RESTORE_READY("RestoreReady"),
        RESTORING("Restoring"),
        RESTORE_ERROR("RuntimeRestoreErrorState"),
        RESPONDING("InvocationResponse"),
        FAILING("InvocationErrorResponse"),
        SENT("RuntimeResponseSentState");

        final String text;

        State(String text) {
            this.text = text;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private State state;
    private @Nullable Work offered;

    /// What was taken and is not answered.
    private @Nullable Work taken;

    private String running = "";
    private boolean closed;

    /// @param state where it begins
    Lifecycle(State state) {
        this.state = state;
    }

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
            if (to == State.SENT) {
                taken = null;
            }
            changed.signalAll();
            return allowed;
        } finally {
            lock.unlock();
        }
    }

    private boolean allowed(State to) {
        return switch (to) {
            case READY ->
                    state == State.STARTED
                            || state == State.READY
                            || state == State.RESTORING
                            || state == State.SENT
                            || again();
            case INIT_ERROR, RESTORE_READY -> state == State.STARTED;
            case RESPONDING, FAILING -> state == State.RUNNING;
            case SENT -> state == State.RESPONDING || state == State.FAILING;
            case RESTORING -> state == State.RESTORE_READY;
            case RESTORE_ERROR -> state == State.RESTORING;
            case STARTED, RUNNING -> false;
        };
    }

    /// Whether the runtime may have once more what it has not answered: AWS lets it.
    private boolean again() {
        if (state != State.RUNNING || taken == null) {
            return false;
        }
        offered = taken;
        return true;
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

    /// Waits until what a snapshot was taken of is restored.
    ///
    /// @return false when it never will be
    boolean awaitRestore() throws InterruptedException {
        lock.lock();
        try {
            while (state == State.RESTORE_READY && !closed) {
                changed.await();
            }
            return !closed;
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
            taken = work;
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
