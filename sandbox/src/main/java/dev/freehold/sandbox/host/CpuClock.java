package dev.freehold.sandbox.host;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// What a process has computed, all of its threads together, by the kernel's own clock of it.
public final class CpuClock {
    private static final MethodHandle CLOCK_GETTIME = find();

    private CpuClock() {}

    @SuppressWarnings("restricted") // the C library's clock_gettime, as declared there
    private static MethodHandle find() {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(
                linker.defaultLookup().findOrThrow("clock_gettime"),
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS));
    }

    /// In nanoseconds; -1 when there is no such process.
    ///
    /// @param pid the process, as this process sees it
    public static long nanos(long pid) {
        if (pid <= 0) {
            return -1;
        }
        // The clock of a process, as clock_getcpuclockid(3) makes it.
        int clock = (int) (~pid << 3 | 2);
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment time = arena.allocate(16, 8);
            int failed = (int) CLOCK_GETTIME.invokeExact(clock, time);
            return failed != 0
                    ? -1
                    : time.get(ValueLayout.JAVA_LONG, 0) * 1_000_000_000L
                            + time.get(ValueLayout.JAVA_LONG, 8);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
