package dev.freehold.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// What a warm function's callers notice of another function that takes all it can get.
final class NeighbourBench {
    private static final Duration EACH = Duration.ofSeconds(8);
    private static final int WARM_UP = 3000;
    private static final int MAX_CALLS = 100_000;
    private static final int HOSTILE_SECONDS = 5;
    private static final String PATH = "/2015-03-31/functions/%s/invocations";

    private static final Map<String, String> HOSTILE = hostile();

    private NeighbourBench() {}

    private static Map<String, String> hostile() {
        Map<String, String> hostile = new LinkedHashMap<>();
        hostile.put(
                "fork-bomb",
                """
                import os
                def handler(event, context):
                    while True:
                        try: os.fork()
                        except OSError: pass
                """);
        hostile.put(
                "memory-bomb",
                """
                def handler(event, context):
                    held = []
                    while True: held.append(bytearray(8 << 20))
                """);
        hostile.put(
                "disk-fill",
                """
                import os
                def handler(event, context):
                    part = bytes(1 << 20)
                    while True:
                        with open('/tmp/full', 'wb', buffering=0) as file:
                            try:
                                while True: file.write(part)
                            except OSError: pass
                """);
        hostile.put("busy-loop", "def handler(event, context):\n    while True: pass\n");
        return hostile;
    }

    static void neighbour() throws Exception {
        Print.title("A warm Node.js echo function, and another that takes all it can get");
        try (Server server = Server.start();
                Deployment functions = new Deployment(server)) {
            functions.create("echo", Language.node().function());
            for (int i = 0; i < WARM_UP; i++) {
                functions.invoke("echo", "{}");
            }
            for (Map.Entry<String, String> one : HOSTILE.entrySet()) {
                functions.create(one.getKey(), function(one.getValue()));
                beside(server, functions, one.getKey());
            }
        }
    }

    private static Deployment.Function function(String code) {
        Map<String, byte[]> files = Map.of("index.py", code.getBytes(StandardCharsets.UTF_8));
        Deployment.Function made =
                new Deployment.Function("python3.11", "index.handler", 1024, files);
        return new Deployment.Function(
                made.runtime(), made.handler(), made.memory(), HOSTILE_SECONDS, made.zip());
    }

    /// Calls it alone, beside the other, and alone again.
    private static void beside(Server server, Deployment functions, String hostile)
            throws Exception {
        Load.Result before = called(functions);
        AtomicBoolean over = new AtomicBoolean();
        AtomicInteger failures = new AtomicInteger();
        Thread other =
                Thread.ofPlatform()
                        .start(() -> {
                            while (!over.get()) {
                                harm(server, hostile, failures);
                            }
                        });
        Load.Result beside;
        try {
            beside = called(functions);
        } finally {
            over.set(true);
            other.join();
        }
        Load.Result after = called(functions);
        Print.row("alone", before);
        Print.row("beside a " + hostile, beside);
        Print.row("alone again", after);
        double alone = Math.max(before.millis(0.99), after.millis(0.99));
        Print.figure("p99, beside to alone", beside.millis(0.99) / alone, "x", "");
        if (failures.get() > 0) {
            Print.figure("calls of it that were refused", failures.get(), "", "");
        }
    }

    /// That it fails is as it should be.
    private static void harm(Server server, String hostile, AtomicInteger failures) {
        try (Aws lambda = new Aws(server, "lambda")) {
            lambda.rest("POST", PATH.formatted(hostile), "{}");
        } catch (IOException e) {
            failures.incrementAndGet();
        }
    }

    private static Load.Result called(Deployment functions) throws IOException {
        long[] took = new long[MAX_CALLS];
        long begun = System.nanoTime();
        int count = 0;
        for (long now = begun; count < MAX_CALLS && now - begun < EACH.toNanos(); count++) {
            functions.invoke("echo", "{}");
            long after = System.nanoTime();
            took[count] = after - now;
            now = after;
        }
        long[] sorted = Arrays.copyOf(took, count);
        Arrays.sort(sorted);
        return new Load.Result(sorted, Duration.ofNanos(System.nanoTime() - begun));
    }
}
