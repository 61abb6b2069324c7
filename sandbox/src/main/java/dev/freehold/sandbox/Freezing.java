package dev.freehold.sandbox;

import dev.freehold.sandbox.host.ProcessTree;
import java.io.IOException;
import java.util.function.BooleanSupplier;

/// Whether an environment's processes are stopped: while nobody uses it, and no earlier than what
/// an invocation began is done. Safe for use by several threads.
final class Freezing {
    private final Control control;
    private final ProcessTree tree;
    private final BooleanSupplier done;
    private final Runnable broken;
    private boolean busy;
    private boolean frozen;
    private boolean wanted;
    private boolean over;

    /// @param done whether the runtime and the extensions have asked for the next invocation
    /// @param broken called when the processes can't be stopped
    Freezing(Control control, ProcessTree tree, BooleanSupplier done, Runnable broken) {
        this.control = control;
        this.tree = tree;
        this.done = done;
        this.broken = broken;
    }

    /// Somebody uses it: its processes run.
    synchronized void use() throws IOException {
        busy = true;
        wanted = false;
        thaw();
    }

    private void thaw() throws IOException {
        if (frozen) {
            if (!tree.freeze(false)) {
                control.thaw();
            }
            frozen = false;
        }
    }

    /// Nobody uses it any more.
    synchronized void rest() {
        busy = false;
    }

    /// Stops its processes, unless somebody uses it: at once, or when they are done.
    synchronized void freeze() {
        if (busy || over || frozen) {
            return;
        }
        wanted = !done.getAsBoolean();
        if (wanted) {
            return;
        }
        try {
            if (!tree.freeze(true)) {
                control.freeze();
            }
            frozen = true;
        } catch (IOException e) {
            broken.run();
        }
    }

    /// Something was done: it may be what was waited for.
    synchronized void changed() {
        if (wanted) {
            freeze();
        }
    }

    /// It ends: its processes run, and are stopped no more.
    synchronized void end() throws IOException {
        over = true;
        thaw();
    }
}
