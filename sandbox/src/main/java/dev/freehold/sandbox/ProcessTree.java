package dev.freehold.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/// The processes of one sandbox: what memory they have, and their end.
final class ProcessTree {
    private static final long PAGE = 4096;

    private final ProcessHandle root;
    private volatile long max;

    ProcessTree(ProcessHandle root) {
        this.root = root;
    }

    /// The memory of all processes without what they share with files, in bytes.
    long memory() {
        long sum = 0;
        try (Stream<ProcessHandle> all = root.descendants()) {
            for (ProcessHandle process : (Iterable<ProcessHandle>) all::iterator) {
                sum += resident(process.pid());
            }
        }
        max = Math.max(max, sum);
        return sum;
    }

    private static long resident(long pid) {
        try {
            String[] pages =
                    Files.readString(Path.of("/proc", String.valueOf(pid), "statm")).split(" ", -1);
            return (Long.parseLong(pages[1]) - Long.parseLong(pages[2])) * PAGE;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    long maxMemory() {
        memory();
        return max;
    }

    /// Kills all of them: with the first process of a namespace its others die.
    void kill() {
        root.descendants().forEach(ProcessHandle::destroyForcibly);
        root.destroyForcibly();
    }
}
