package dev.freehold.sandbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// This host's memory.
public final class Memory {
    /// The share of all memory below which what is available is little.
    private static final double LITTLE = 0.08;

    private Memory() {}

    /// Whether little is available.
    public static boolean low() {
        try {
            double total = 0;
            double available = 1;
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemTotal:")) {
                    total = kilobytes(line);
                } else if (line.startsWith("MemAvailable:")) {
                    available = kilobytes(line);
                }
            }
            return available < total * LITTLE;
        } catch (IOException | NumberFormatException e) {
            return false;
        }
    }

    private static long kilobytes(String line) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
    }
}
