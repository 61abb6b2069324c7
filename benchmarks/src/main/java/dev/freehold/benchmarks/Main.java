package dev.freehold.benchmarks;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Runs benchmarks by name, or all of them.
public final class Main {
    /// A benchmark: prints what it measured.
    @FunctionalInterface
    private interface Benchmark {
        void run() throws Exception;
    }

    private Main() {}

    private static Map<String, Benchmark> all() {
        Map<String, Benchmark> all = new LinkedHashMap<>();
        all.put("start", StartBench::start);
        all.put("memory", StartBench::memory);
        all.put("warm", FunctionsBench::warm);
        all.put("cold", ColdBench::cold);
        all.put("alone", ColdBench::alone);
        all.put("burst", ColdBench::burst);
        all.put("density", DensityBench::density);
        all.put("thaw", DensityBench::thaw);
        all.put("deployed", DensityBench::deployed);
        all.put("neighbour", NeighbourBench::neighbour);
        all.put("streaming", StreamingBench::streaming);
        all.put("tables", StorageBench::tables);
        all.put("queues", StorageBench::queues);
        return all;
    }

    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0 && arguments[0].equals("soak")) {
            List<String> options = List.of(arguments).subList(1, arguments.length);
            System.exit(Soak.of(options).run() ? 0 : 1);
        }
        Map<String, Benchmark> all = all();
        List<String> wanted =
                arguments.length == 0 ? List.copyOf(all.keySet()) : List.of(arguments);
        for (String name : wanted) {
            if (!all.containsKey(name)) {
                System.err.println("No benchmark " + name + "; there are " + all.keySet());
                System.exit(2);
            }
        }
        System.out.printf(
                "%d processors, %s %s, Java %s%n",
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version());
        for (String name : wanted) {
            Benchmark benchmark = all.get(name);
            if (benchmark != null) {
                benchmark.run();
            }
        }
    }
}
