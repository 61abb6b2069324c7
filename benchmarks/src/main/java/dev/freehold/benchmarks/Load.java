package dev.freehold.benchmarks;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Runs the same call by several threads for a while, and measures each.
final class Load {
    private static final int MAX_SAMPLES = 2_000_000;
    private static final Duration WINDOW = Duration.ofSeconds(4);
    private static final int MAX_WINDOWS = 8;

    /// A window that is faster than the one before by less than this has stopped growing.
    private static final double STEADY = 1.05;

    private Load() {}

    /// One thread's work: a connection of its own, and a call to repeat.
    @FunctionalInterface
    interface Worker {
        /// @param number counts this worker's calls
        void call(int number) throws Exception;

        /// Ends what it has.
        default void close() throws Exception {}
    }

    /// Makes the worker of a thread.
    @FunctionalInterface
    interface Workers {
        Worker make(int thread) throws Exception;
    }

    /// What was measured, in nanoseconds, in order of size.
    record Result(long[] sorted, Duration took) {
        double perSecond() {
            return sorted.length / (took.toNanos() / 1e9);
        }

        double millis(double quantile) {
            int index = (int) Math.min(sorted.length - 1L, (long) (sorted.length * quantile));
            return sorted[index] / 1e6;
        }
    }

    /// Warms up until the rate has stopped growing, then measures. A JVM that serves from one
    /// processor or two compiles its hot code for some ten seconds.
    static Result run(int threads, Duration time, Workers workers) throws Exception {
        List<Worker> made = new ArrayList<>();
        try {
            for (int i = 0; i < threads; i++) {
                made.add(workers.make(i));
            }
            double before = 0;
            double rate = measure(made, WINDOW).perSecond();
            for (int i = 1; i < MAX_WINDOWS && rate > before * STEADY; i++) {
                before = rate;
                rate = measure(made, WINDOW).perSecond();
            }
            return measure(made, time);
        } finally {
            for (Worker worker : made) {
                worker.close();
            }
        }
    }

    private static Result measure(List<Worker> workers, Duration time) throws Exception {
        long begun = System.nanoTime();
        long end = begun + time.toNanos();
        List<Callable<long[]>> tasks = new ArrayList<>();
        for (Worker worker : workers) {
            tasks.add(() -> repeat(worker, end, MAX_SAMPLES / workers.size()));
        }
        List<long[]> all = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(workers.size())) {
            for (Future<long[]> one : threads.invokeAll(tasks)) {
                all.add(one.get());
            }
        }
        Duration took = Duration.ofNanos(System.nanoTime() - begun);
        long[] sorted = all.stream().flatMapToLong(Arrays::stream).sorted().toArray();
        return new Result(sorted, took);
    }

    private static long[] repeat(Worker worker, long end, int max) throws Exception {
        long[] samples = new long[4096];
        int count = 0;
        for (long now = System.nanoTime(); now < end && count < max; ) {
            worker.call(count);
            long after = System.nanoTime();
            if (count == samples.length) {
                samples = Arrays.copyOf(samples, count * 2);
            }
            samples[count++] = after - now;
            now = after;
        }
        return Arrays.copyOf(samples, count);
    }
}
