package dev.freehold.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What environments and functions cost that nobody calls, and what it takes to wake one.
final class DensityBench {
    private static final int ENVIRONMENTS = 20;
    private static final int DEPLOYED = 1000;
    private static final int WARM_UP = 100;
    private static final int CALLS = 300;
    private static final Duration SETTLE = Duration.ofSeconds(20);

    /// Less than an environment is idle before it is frozen, and more.
    private static final Duration SHORT = Duration.ofMillis(10);

    private static final Duration LONG = Duration.ofMillis(60);
    private static final Pattern TOTAL = Pattern.compile("(?m)^Total\\s+\\d+\\s+(\\d+)");

    private DensityBench() {}

    static void density() throws Exception {
        Print.title("Idle generic Node.js environments (proportional set size)");
        try (Server server = Server.start("--pool", String.valueOf(ENVIRONMENTS))) {
            Thread.sleep(SETTLE);
            Map<String, List<Double>> sizes = server.children();
            double runtime = average(sizes, "node") + average(sizes, "MainThread");
            double sandbox = average(sizes, "init") + average(sizes, "bwrap");
            double network = average(sizes, "passt") + average(sizes, "passt.avx2");
            Print.figure("Node.js with the bootstrap", runtime, "MB", "");
            Print.figure("the sandbox's first processes", sandbox, "MB", "");
            Print.figure("its way to the internet (pasta)", network, "MB", "");
            double each = runtime + sandbox;
            Print.figure("environments per GiB", 1024 / each, "", "target: >= 80");
            Print.figure("  with a way to the internet", 1024 / (each + network), "", "");
        }
    }

    private static double average(Map<String, List<Double>> sizes, String name) {
        return sizes.getOrDefault(name, List.of()).stream()
                .mapToDouble(Double::doubleValue)
                .average()
                .orElse(0);
    }

    static void thaw() throws Exception {
        Print.title("To wake a frozen environment (Node.js echo, one call at a time)");
        try (Server server = Server.start();
                Deployment functions = new Deployment(server)) {
            functions.create("echo", Language.node().function());
            called(functions, SHORT);
            Load.Result awake = called(functions, SHORT);
            Load.Result frozen = called(functions, LONG);
            Print.row("called after " + SHORT.toMillis() + " ms, not frozen", awake);
            Print.row("called after " + LONG.toMillis() + " ms, frozen", frozen);
            Print.figure("more, p50", frozen.millis(0.5) - awake.millis(0.5), "ms", "");
            double more = frozen.millis(0.99) - awake.millis(0.99);
            Print.figure("more, p99", more, "ms", "target: <= 1");
        }
    }

    private static Load.Result called(Deployment functions, Duration pause) throws Exception {
        long[] took = new long[CALLS];
        for (int i = 0; i < CALLS; i++) {
            Thread.sleep(pause);
            long begun = System.nanoTime();
            functions.invoke("echo", "{}");
            took[i] = System.nanoTime() - begun;
        }
        Arrays.sort(took);
        return new Load.Result(took, Duration.ofNanos(Arrays.stream(took).sum()));
    }

    static void deployed() throws Exception {
        Print.title(DEPLOYED + " functions that nobody calls");
        try (Server server = Server.start();
                Deployment functions = new Deployment(server)) {
            for (int i = 0; i < WARM_UP; i++) {
                functions.create("warm-" + i, Language.node().function());
            }
            double live = live(server);
            double before = server.memory().server();
            for (int i = 0; i < DEPLOYED; i++) {
                functions.create("deployed-" + i, Language.node().function());
            }
            double liveAfter = live(server);
            double after = server.memory().server();
            Print.figure("more in the heap after a collection", liveAfter - live, "MB", "");
            Print.figure("more of the server's memory", after - before, "MB", "target: < 20");
        }
    }

    /// What lives in the server's heap, after a full collection, in MB.
    private static double live(Server server) throws IOException {
        String jcmd = System.getProperty("java.home") + "/bin/jcmd";
        Process process =
                new ProcessBuilder(jcmd, String.valueOf(server.pid()), "GC.class_histogram")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher matcher = TOTAL.matcher(said);
        if (!matcher.find()) {
            throw new IOException("no histogram: " + said.lines().findFirst().orElse(""));
        }
        return Long.parseLong(matcher.group(1)) / 1048576.0;
    }
}
