package dev.freehold.sandbox.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// User ids of the host that sandboxes have when the server is root: each its own while it runs, so
/// that to the kernel none of them is root or its neighbour, and each has its own limits.
public final class Users {
    /// Ranges that systemd's list of well-known ids leaves free, or gives to dynamic users.
    private static final long[] BASES = {0x70000000L, 61184};

    /// How many sandboxes may run at a time.
    private static final int COUNT = 4096;

    private final long base;
    private final BitSet used = new BitSet(COUNT);

    private Users(long base) {
        this.base = base;
    }

    /// Ids for sandboxes, when this server may take any: when it is root, and there are more users
    /// than root where it runs.
    public static Optional<Users> find() {
        try {
            if ((int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") != 0) {
                return Optional.empty();
            }
            for (String line : Files.readAllLines(Path.of("/proc/self/uid_map"))) {
                String[] numbers = line.strip().split("\\s+", -1);
                long first = Long.parseLong(numbers[0]);
                long end = first + Long.parseLong(numbers[2]);
                for (long base : BASES) {
                    if (base >= first && base + COUNT <= end) {
                        return Optional.of(new Users(base));
                    }
                }
            }
            return Optional.empty();
        } catch (IOException | UnsupportedOperationException e) {
            return Optional.empty();
        }
    }

    /// An id that no other sandbox has; null when all are taken.
    public synchronized @Nullable Long take() {
        int free = used.nextClearBit(0);
        if (free >= COUNT) {
            return null;
        }
        used.set(free);
        return base + free;
    }

    public synchronized void free(long user) {
        used.clear((int) (user - base));
    }
}
