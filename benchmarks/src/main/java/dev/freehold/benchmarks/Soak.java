package dev.freehold.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// Wears a server out and looks whether it leaks.
final class Soak {
    private static final int WORKERS = 6;
    private static final int ROUNDS = 3;
    private static final double DEFAULT_MINUTES = 3;

    /// How long the server has to put away what it had. A connection that nobody uses is closed
    /// after a minute.
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private Duration time = minutes(DEFAULT_MINUTES);
    private long seed = System.nanoTime();
    private String isolation = "sandbox";

    private Soak() {}

    /// @param options `--minutes` of the whole, about; `--seed` of what is done; `--isolation` as
    ///   the server's
    static Soak of(List<String> options) {
        Soak soak = new Soak();
        for (Iterator<String> rest = options.iterator(); rest.hasNext(); ) {
            String name = rest.next();
            if (!rest.hasNext()) {
                throw new IllegalArgumentException(name + " of soak has no value");
            }
            soak.set(name, rest.next());
        }
        return soak;
    }

    private void set(String name, String value) {
        switch (name) {
            case "--minutes" -> time = minutes(Double.parseDouble(value));
            case "--seed" -> seed = Long.parseLong(value);
            case "--isolation" -> isolation = value;
            default -> throw new IllegalArgumentException("no option of soak: " + name);
        }
    }

    private static Duration minutes(double minutes) {
        return Duration.ofMillis(Math.round(minutes * 60_000));
    }

    /// @return whether nothing has leaked
    boolean run() throws Exception {
        Print.title(
                "Soak for about "
                        + time.toSeconds()
                        + " s, isolation "
                        + isolation
                        + " (--seed "
                        + seed
                        + ")");
        Map<String, String> variables = Map.of("JAVA_TOOL_OPTIONS", "-Dfreehold.grace-seconds=5");
        try (Server server = Server.start(variables, "--pool", "0", "--isolation", isolation)) {
            List<Residue> rounds = new ArrayList<>();
            for (int i = 0; i < ROUNDS; i++) {
                // A part of each round is the wait for the server to be quiet.
                rounds.add(round(server, time.dividedBy(ROUNDS + 2), seed + (long) i * WORKERS));
            }
            boolean good = Residue.compare(rounds);
            if (!good) {
                Residue.left(server).forEach(left -> System.out.println("  left: " + left));
            }
            return good;
        }
    }

    private static Residue round(Server server, Duration time, long seed) throws Exception {
        SoakSetting setting = SoakSetting.create(server);
        Map<String, Integer> done = load(server, time, seed);
        setting.delete();
        System.out.println("  " + done);
        return settled(server);
    }

    private static Map<String, Integer> load(Server server, Duration time, long seed)
            throws Exception {
        long end = System.nanoTime() + time.toNanos();
        List<Callable<Map<String, Integer>>> tasks = new ArrayList<>();
        for (int i = 0; i < WORKERS; i++) {
            SoakWorker worker = new SoakWorker(server, i, seed + i);
            tasks.add(() -> worker.run(end));
        }
        Map<String, Integer> done = new TreeMap<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(WORKERS)) {
            for (Future<Map<String, Integer>> one : threads.invokeAll(tasks)) {
                one.get().forEach((what, count) -> done.merge(what, count, Integer::sum));
            }
        }
        return done;
    }

    /// Waits until the server has put away what it had.
    private static Residue settled(Server server) throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Residue residue = Residue.of(server);
        while (!residue.clean() && System.nanoTime() < end) {
            Thread.sleep(2000);
            residue = Residue.of(server);
        }
        return residue;
    }
}
