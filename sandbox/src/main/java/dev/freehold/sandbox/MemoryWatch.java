package dev.freehold.sandbox;

import dev.freehold.sandbox.host.ProcessTree;
import java.time.Duration;

/// Watches the memory of an environment's processes, and kills what has more than its function's
/// size. For one thread at a time.
final class MemoryWatch {
    /// How long something runs before its memory is looked at, and between looks.
    static final Duration LOOK = Duration.ofMillis(50);

    /// A thousand processes take long to look at: looks take this part of the time at most.
    private static final int LOOK_SHARE = 10;

    /// How old what is known of the memory may be when an invocation ends.
    private static final Duration FRESH = Duration.ofSeconds(1);

    private static final long MEBIBYTE = 1024 * 1024;

    private final ProcessTree tree;
    private long looked;
    private long glanced;
    private long lookTook;

    MemoryWatch(ProcessTree tree) {
        this.tree = tree;
    }

    /// Looks at the memory, and kills what has more than the function's size.
    boolean tooLarge(FunctionSpec spec) {
        long now = System.nanoTime();
        if (now - looked < LOOK.toNanos() || now - looked < LOOK_SHARE * lookTook) {
            return false;
        }
        if (look() <= spec.memory() * MEBIBYTE) {
            return false;
        }
        tree.kill();
        return true;
    }

    /// Looks at the memory of all processes, in bytes.
    long look() {
        long begun = System.nanoTime();
        long memory = tree.memory();
        looked = System.nanoTime();
        lookTook = looked - begun;
        return memory;
    }

    /// Glances at the memory at the end of an invocation, which was too short for a look.
    ///
    /// @param pid the runtime's process, as the host sees it
    /// @param alone whether it is the only one that matters
    void glance(long pid, boolean alone) {
        long now = System.nanoTime();
        if (glanced != 0 && now - glanced <= FRESH.toNanos()) {
            return;
        }
        glanced = now;
        if (alone) {
            tree.glance(pid);
        } else {
            look();
        }
    }

    /// The most that was seen, in bytes.
    long most() {
        return tree.maxMemory();
    }
}
