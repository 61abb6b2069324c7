package dev.freehold.sandbox.cgroup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.function.Consumer;

/// The cgroup of one environment. What is not in force is left to others, which the methods say.
public final class Leaf {
    /// As many as AWS allows.
    private static final int MAX_PROCESSES = 1024;

    private static final long MEBIBYTE = 1 << 20;

    /// What `/dev/shm` holds, and the sandbox's own processes have, at most.
    private static final int OWN_MEBIBYTES = 96;

    /// AWS: with so many MiB a function has the power of one processor.
    private static final long MEBIBYTES_PER_PROCESSOR = 1769;

    /// In microseconds. The kernel takes shares of a thousand of them and more.
    private static final long PERIOD = 20_000;

    private static final long LEAST = 1_000;

    private final Path cgroup;
    private final Set<Feature> features;
    private final Consumer<Path> remover;
    private long memory;
    private boolean metered;

    Leaf(Path cgroup, Set<Feature> features, Consumer<Path> remover) throws IOException {
        this.cgroup = cgroup;
        this.features = features;
        this.remover = remover;
        if (features.contains(Feature.PIDS)) {
            write("pids.max", String.valueOf(MAX_PROCESSES));
        }
    }

    private void write(String file, String text) throws IOException {
        Cgroups.write(cgroup, file, text);
    }

    /// Takes in a process: what it starts from now on is in it, too.
    public void add(long pid) throws IOException {
        write("cgroup.procs", String.valueOf(pid));
    }

    /// Bounds the memory. Files in `/tmp` count here, and not on AWS: so the bound is what both may
    /// have together, and who may have how much of it is looked at: see [#memory].
    ///
    /// @param mebibytes the function's
    /// @param tmpMebibytes the size of its `/tmp`
    public synchronized void limit(int mebibytes, int tmpMebibytes) throws IOException {
        memory = mebibytes;
        if (features.contains(Feature.MEMORY)) {
            long high = mebibytes + (long) tmpMebibytes + OWN_MEBIBYTES;
            // Above the first it is slowed down, so that whoever looks can say why it ends.
            write("memory.high", String.valueOf(high * MEBIBYTE));
            write("memory.max", String.valueOf((high + mebibytes / 8) * MEBIBYTE));
            write("memory.oom.group", "1");
        }
    }

    /// From now on it has the share of the processors that goes with its memory, once and for all.
    public synchronized void meter() throws IOException {
        if (!metered && memory > 0 && features.contains(Feature.CPU)) {
            metered = true;
            long quota = Math.max(LEAST, memory * PERIOD / MEBIBYTES_PER_PROCESSOR);
            write("cpu.max", quota + " " + PERIOD);
        }
    }

    /// What its processes have, without files in memory, in bytes; -1 when that is not known.
    public long memory() {
        if (!features.contains(Feature.MEMORY)) {
            return -1;
        }
        try {
            return number("memory.stat", "anon") + number("memory.stat", "kernel_stack");
        } catch (IOException e) {
            return -1;
        }
    }

    /// Whether the kernel killed it for its memory.
    public boolean outOfMemory() {
        try {
            return features.contains(Feature.MEMORY) && number("memory.events", "oom_kill") > 0;
        } catch (IOException e) {
            return false;
        }
    }

    /// The number after a name; 0 when there is none.
    private long number(String file, String name) throws IOException {
        for (String line : Files.readAllLines(cgroup.resolve(file))) {
            if (line.startsWith(name + " ")) {
                return Long.parseLong(line.substring(name.length() + 1).strip());
            }
        }
        return 0;
    }

    /// Stops all processes, or lets them go on.
    ///
    /// @return whether it could: else they are to be stopped one by one
    public boolean freeze(boolean stopped) throws IOException {
        if (!features.contains(Feature.FREEZE)) {
            return false;
        }
        write("cgroup.freeze", stopped ? "1" : "0");
        return true;
    }

    /// Kills all processes, also those that are stopped.
    public void kill() {
        if (features.contains(Feature.KILL)) {
            try {
                write("cgroup.kill", "1");
            } catch (IOException e) {
                // it was removed: there are none
            }
        }
    }

    /// Removes it, as soon as there are no processes any more.
    public void remove() {
        remover.accept(cgroup);
    }
}
