package dev.freehold.sandbox.cgroup;

import java.util.Locale;

/// What a cgroup of version 2 can do. Each may be missing: the kernel is old, or another has it.
public enum Feature {
    /// Stops all processes, whatever they do.
    FREEZE("cgroup.freeze"),
    /// Kills all processes, also those that are just started.
    KILL("cgroup.kill"),
    /// A share of the processors.
    CPU("cpu.max"),
    /// A bound of the memory, and what is used of it.
    MEMORY("memory.max"),
    /// A bound of the number of processes.
    PIDS("pids.max");

    /// A cgroup has it when it has this file.
    final String file;

    Feature(String file) {
        this.file = file;
    }

    /// Whether it has to be asked for, of the cgroup above.
    boolean controller() {
        return this == CPU || this == MEMORY || this == PIDS;
    }

    /// As the kernel calls it.
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
