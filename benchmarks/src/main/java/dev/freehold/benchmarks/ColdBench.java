package dev.freehold.benchmarks;

import dev.freehold.protocol.Headers;
import dev.freehold.services.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/// First invocations of functions: from the pools, without them, and many at a time. Between them
/// the bare runtime is started, as often, so that a busy machine slows both.
final class ColdBench {
    private static final String EVENT = "{\"name\":\"Ada\",\"number\":1}";
    private static final int COLD_STARTS = 80;
    private static final int ALONE = 30;
    private static final int BURST = 200;

    /// How many starts in a row are one batch; the fastest batch says what a quiet machine does.
    private static final int BATCH = 10;

    /// Until a pool is full again.
    private static final Duration REFILL = Duration.ofMillis(300);

    private ColdBench() {}

    static void cold() throws Exception {
        Print.title("Cold invocations, one at a time, each of a function never run before");
        Path folder = Files.createTempDirectory("freehold-bench-cold");
        try (Server server = Server.start()) {
            for (Language language : Language.all(folder)) {
                measure(server, language, COLD_STARTS, REFILL);
            }
        } finally {
            delete(folder);
        }
    }

    static void alone() throws Exception {
        Print.title("Cold invocations without a pool (target: Node.js <= 1.3x its bare start)");
        Path folder = Files.createTempDirectory("freehold-bench-alone");
        try (Server server = Server.start("--pool", "0")) {
            for (Language language : Language.all(folder)) {
                measure(server, language, ALONE, Duration.ZERO);
            }
        } finally {
            delete(folder);
        }
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }

    /// Waits between the calls, so that each meets a filled pool.
    private static void measure(Server server, Language language, int count, Duration pause)
            throws Exception {
        long[] took = new long[count];
        long[] bare = new long[count];
        Map<String, double[]> phases = new LinkedHashMap<>();
        String prefix = "cold-" + language.name().replace('.', '-') + "-";
        try (Deployment functions = new Deployment(server)) {
            for (int i = -BATCH; i < count; i++) { // the first batch warms up
                String name = prefix + (i + BATCH);
                functions.create(name, language.function());
                Thread.sleep(pause);
                long begun = System.nanoTime();
                String request = functions.invoke(name, EVENT);
                long now = System.nanoTime();
                functions.delete(name);
                long start = language.bareNanos();
                if (i >= 0) {
                    took[i] = now - begun;
                    bare[i] = start;
                    trace(server, request, i, count, phases);
                }
            }
        }
        double quiet = quietest(took);
        double quietBare = quietest(bare);
        Arrays.sort(took);
        Arrays.sort(bare);
        Duration all = Duration.ofNanos(Arrays.stream(took).sum());
        Print.row(language.name() + " (" + language.target() + ")", new Load.Result(took, all));
        double ratio = (double) took[count / 2] / bare[count / 2];
        Print.figure("  to its bare start, p50", ratio, "x", millis(bare[count / 2] / 1e6));
        Print.figure("  quietest " + BATCH + ", p50", quiet, "ms", "bare " + millis(quietBare));
        StringBuilder medians = new StringBuilder("    where it goes, p50:");
        phases.forEach((name, values) -> {
            Arrays.sort(values);
            medians.append(' ').append(name).append(' ');
            medians.append(String.format(Locale.ROOT, "%.2f", values[count / 2]));
        });
        System.out.println(medians);
    }

    private static String millis(double value) {
        return String.format(Locale.ROOT, "%.2f ms", value);
    }

    /// The least median of some starts in a row, in milliseconds.
    private static double quietest(long[] took) {
        double least = Double.MAX_VALUE;
        for (int from = 0; from + BATCH <= took.length; from += BATCH) {
            long[] batch = Arrays.copyOfRange(took, from, from + BATCH);
            Arrays.sort(batch);
            least = Math.min(least, batch[BATCH / 2] / 1e6);
        }
        return least;
    }

    private static void trace(
            Server server, String request, int at, int count, Map<String, double[]> phases)
            throws IOException {
        try (Connection connection = new Connection(server.port(), "127.0.0.1")) {
            String path = "/_freehold/traces/" + request;
            String text = connection.send("GET", path, Headers.EMPTY, new byte[0]).text();
            if (Json.readObject(text).get("phases") instanceof Map<?, ?> found) {
                found.forEach((name, took) -> {
                    double[] all =
                            phases.computeIfAbsent(String.valueOf(name), _ -> new double[count]);
                    all[at] = took instanceof Number number ? number.doubleValue() : 0;
                });
            }
        }
    }

    static void burst() throws Exception {
        Print.title("A burst: " + BURST + " functions never run before, all at once");
        try (Server server = Server.start()) {
            Language node = Language.node();
            long bare = Long.MAX_VALUE;
            try (Deployment functions = new Deployment(server)) {
                for (int i = 0; i < BURST; i++) {
                    functions.create("burst-" + i, node.function());
                }
            }
            for (int i = 0; i < BATCH; i++) {
                bare = Math.min(bare, node.bareNanos());
            }
            List<Callable<Long>> calls = new ArrayList<>();
            for (int i = 0; i < BURST; i++) {
                String name = "burst-" + i;
                calls.add(() -> first(server, name));
            }
            long begun = System.nanoTime();
            long[] took = new long[BURST];
            try (ExecutorService threads = Executors.newFixedThreadPool(BURST)) {
                List<Future<Long>> results = threads.invokeAll(calls);
                for (int i = 0; i < BURST; i++) {
                    took[i] = results.get(i).get();
                }
            }
            Duration all = Duration.ofNanos(System.nanoTime() - begun);
            Arrays.sort(took);
            Print.row("Node.js (target: >= 40 /s)", new Load.Result(took, all));
            double perSecond = BURST / (all.toNanos() / 1e9);
            int processors = Runtime.getRuntime().availableProcessors();
            Print.figure(
                    "  to what the bare runtime could, all busy",
                    perSecond / (processors * 1e9 / bare),
                    "x",
                    "bare start " + millis(bare / 1e6));
        }
    }

    private static long first(Server server, String name) throws IOException {
        try (Deployment functions = new Deployment(server)) {
            long begun = System.nanoTime();
            functions.invoke(name, EVENT);
            return System.nanoTime() - begun;
        }
    }
}
