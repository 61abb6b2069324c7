package dev.freehold.sandbox;

import dev.freehold.sandbox.Frames.Frame;
import dev.freehold.sandbox.host.CpuClock;
import dev.freehold.sandbox.host.ProcessTree;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The process that runs an environment's function: a bootstrap of ours, which says by frames what
/// comes of its work, or what the function brings, for which the Runtime API says it.
final class RuntimeProcess {
    private static final Frame GONE = new Frame('-', new byte[0]);

    private final Shell shell;
    private final ProcessTree tree;
    private final Output output;
    private final Runnable gone;
    private final FrameQueue received = new FrameQueue();
    private int pid;
    private long hostPid;

    /// @param output takes what a bootstrap logs
    /// @param gone called when the process has ended
    RuntimeProcess(Shell shell, ProcessTree tree, Output output, Runnable gone) {
        this.shell = shell;
        this.tree = tree;
        this.output = output;
        this.gone = gone;
    }

    /// Starts a bootstrap of ours.
    void start(Command command, String directory) throws IOException {
        spawn(command, directory, Control.Role.BOOTSTRAP);
        Thread.ofVirtual().name("runtime").start(this::receive);
    }

    /// Starts what a function brings.
    ///
    /// @throws Control.SpawnException when the system can't run it
    void startOwn(Command command, String directory) throws IOException {
        spawn(command, directory, Control.Role.PLAIN);
        Thread.ofVirtual().name("runtime").start(this::watch);
    }

    private void spawn(Command command, String directory, Control.Role role) throws IOException {
        pid = shell.control().spawn(command, directory, role);
        hostPid = tree.last();
    }

    private void receive() {
        try {
            while (true) {
                Frame frame = shell.runtime().read();
                if (frame.type() == 'L') {
                    output.print(frame.text());
                } else if (frame.type() == 'M') {
                    output.message(frame.text());
                } else {
                    received.put(frame);
                }
            }
        } catch (IOException e) {
            gone.run();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void watch() {
        shell.control().awaitExit(pid);
        gone.run();
    }

    /// Whether it was started.
    boolean started() {
        return pid != 0;
    }

    /// Its id in the sandbox; 0 when there is none.
    int pid() {
        return pid;
    }

    /// Its id on this host.
    long hostPid() {
        return hostPid;
    }

    /// What it has computed, in nanoseconds; -1 when it is gone.
    long cpu() {
        return CpuClock.nanos(hostPid);
    }

    /// How it ended, as `wait` tells it; null when it has not, within the time.
    @Nullable Integer exit(Duration wait) {
        return shell.control().exit(pid, wait);
    }

    /// Says something in its place. It may wait for who reads.
    void put(Frame frame) {
        try {
            received.put(frame);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// It says nothing any more.
    void end() {
        put(GONE);
    }

    /// What it says next; null when that is nothing within the time.
    @Nullable Frame next(Duration wait) {
        try {
            return received.poll(wait);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /// Forgets what nobody waits for any more.
    void clear() {
        received.clear();
    }
}
