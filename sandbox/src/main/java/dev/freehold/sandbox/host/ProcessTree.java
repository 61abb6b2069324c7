package dev.freehold.sandbox.host;

import dev.freehold.sandbox.cgroup.Leaf;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The processes of one sandbox: what memory they have, and their end.
public final class ProcessTree {
    /// More than a sandbox may have.
    private static final int MAX_PROCESSES = 2048;

    private static final long PAGE = 4096;

    /// How often what was started meanwhile is looked for.
    private static final int MAX_ROUNDS = 20;

    private final Process root;
    private final boolean contained;
    private final @Nullable Leaf cgroup;
    private volatile long max;

    /// @param root the first process on the host's side
    /// @param contained whether its end is the end of all: it is the first of a namespace
    /// @param cgroup which all of them are put into; null when there is none
    public ProcessTree(Process root, boolean contained, @Nullable Leaf cgroup) throws IOException {
        this.root = root;
        this.contained = contained;
        this.cgroup = cgroup;
        if (cgroup != null) {
            // Before it is told to, the last starts no other.
            cgroup.add(root.pid());
            for (ProcessHandle child : root.descendants().toList()) {
                cgroup.add(child.pid());
            }
            root.onExit().thenRun(cgroup::remove);
        }
    }

    /// A function is put into it.
    ///
    /// @param mebibytes the memory that it may have
    /// @param tmpMebibytes the size of its `/tmp`
    public void limit(int mebibytes, int tmpMebibytes) throws IOException {
        if (cgroup != null) {
            cgroup.limit(mebibytes, tmpMebibytes);
        }
    }

    /// Its first invocation has ended: from now on its share of the processors is its own.
    public void meter() {
        try {
            if (cgroup != null) {
                cgroup.meter();
            }
        } catch (IOException e) {
            // it has ended
        }
    }

    /// Whether the kernel killed it for its memory.
    public boolean outOfMemory() {
        return cgroup != null && cgroup.outOfMemory();
    }

    /// Stops all processes, or lets them go on, at once. Where only the first process can end the
    /// others when this server is gone, it must not be stopped: it stops the others one by one.
    ///
    /// @return whether it could
    public boolean freeze(boolean stopped) throws IOException {
        return contained && cgroup != null && cgroup.freeze(stopped);
    }

    /// The memory of all processes in bytes; what several share is counted once in parts.
    public long memory() {
        long known = cgroup == null ? -1 : cgroup.memory();
        if (known >= 0) {
            max = Math.max(max, known);
            return known;
        }
        long sum = 0;
        Deque<Long> waiting = new ArrayDeque<>();
        waiting.add(root.pid());
        for (int seen = 0; seen < MAX_PROCESSES && !waiting.isEmpty(); seen++) {
            long pid = waiting.remove();
            if (pid != root.pid()) {
                sum += proportional(pid);
            }
            children(pid, waiting);
        }
        max = Math.max(max, sum);
        return sum;
    }

    /// What one process has for itself, which costs little to ask.
    public void glance(long pid) {
        try {
            Path statm = Path.of("/proc", String.valueOf(pid), "statm");
            String[] pages = Files.readString(statm).split(" ", -1);
            max = Math.max(max, (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE);
        } catch (IOException | NumberFormatException e) {
            // it has ended meanwhile
        }
    }

    /// The most that was seen, in bytes.
    public long maxMemory() {
        return max;
    }

    /// The process at the end of the line, while each has one child.
    public long last() {
        long last = root.pid();
        Deque<Long> found = new ArrayDeque<>();
        for (int depth = 0; depth < 8; depth++) {
            children(last, found);
            if (found.isEmpty()) {
                return last;
            }
            last = found.removeFirst();
            found.clear();
        }
        return last;
    }

    private static void children(long pid, Deque<Long> found) {
        Path tasks = Path.of("/proc", String.valueOf(pid), "task");
        try (DirectoryStream<Path> threads = Files.newDirectoryStream(tasks)) {
            for (Path thread : threads) {
                for (String child : Files.readString(thread.resolve("children")).split(" ", -1)) {
                    if (!child.isEmpty()) {
                        found.add(Long.parseLong(child));
                    }
                }
            }
        } catch (IOException | NumberFormatException e) {
            // it has ended meanwhile
        }
    }

    private static long proportional(long pid) {
        try {
            Path rollup = Path.of("/proc", String.valueOf(pid), "smaps_rollup");
            for (String line : Files.readString(rollup).split("\n", -1)) {
                if (line.startsWith("Pss:")) {
                    String number = line.substring(4, line.length() - 2).strip();
                    return Long.parseLong(number) * 1024;
                }
            }
            return 0;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    /// Kills all of them, also those that are stopped.
    public void kill() {
        if (cgroup != null) {
            cgroup.kill();
        }
        if (!contained) {
            killDescendants();
        }
        root.destroyForcibly();
    }

    /// The root comes last: it takes in those whose parents have ended, so that they are found.
    private void killDescendants() {
        Set<ProcessHandle> killed = new HashSet<>();
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<ProcessHandle> more =
                    root.descendants().filter(process -> !killed.contains(process)).toList();
            if (more.isEmpty()) {
                return;
            }
            more.forEach(ProcessHandle::destroyForcibly);
            killed.addAll(more);
        }
    }
}
