package dev.freehold.benchmarks;

import dev.freehold.protocol.Headers;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/// Warm invocations beside the same handler behind the bare runtime's HTTP server.
final class FunctionsBench {
    private static final String EVENT = "{\"name\":\"Ada\",\"number\":1}";
    private static final Duration TIME = Duration.ofSeconds(6);

    private FunctionsBench() {}

    static void warm() throws Exception {
        Print.title("Warm invocations of a Node.js echo handler (signed requests over HTTP)");
        try (Server server = Server.start()) {
            try (Deployment functions = new Deployment(server)) {
                functions.create(
                        "echo",
                        Deployment.Function.of("nodejs22.x", "index.js", Language.NODE_CODE));
            }
            double[] own = new double[3];
            double[] bare = new double[3];
            int[] threads = {1, 8, 32};
            for (int i = 0; i < threads.length; i++) {
                Load.Result result = invoke(server, "echo", threads[i]);
                own[i] = i == 0 ? result.millis(0.5) : result.perSecond();
                Print.row("invoke, " + threads[i] + " at a time", result);
            }
            try (Bare node = new Bare()) {
                for (int i = 0; i < threads.length; i++) {
                    Load.Result result = bare(node.port, threads[i]);
                    bare[i] = i == 0 ? result.millis(0.5) : result.perSecond();
                    Print.row("bare Node.js HTTP server, " + threads[i] + " at a time", result);
                }
            }
            Print.figure("overhead, one at a time, p50", own[0] - bare[0], "ms", "target: <= 1");
            Print.figure("throughput to bare at 8", own[1] / bare[1], "x", "");
            Print.figure("throughput to bare at 32", own[2] / bare[2], "x", "target: >= 0.5");
        }
    }

    private static Load.Result invoke(Server server, String name, int threads) throws Exception {
        String path = "/2015-03-31/functions/" + name + "/invocations";
        return Load.run(
                threads,
                TIME,
                _ -> {
                    Aws lambda = new Aws(server, "lambda");
                    return worker(lambda, _ -> lambda.rest("POST", path, EVENT));
                });
    }

    private static Load.Result bare(int port, int threads) throws Exception {
        byte[] event = EVENT.getBytes(StandardCharsets.UTF_8);
        return Load.run(
                threads,
                TIME,
                _ -> {
                    Connection connection = new Connection(port, "127.0.0.1");
                    return worker(
                            connection, _ -> connection.send("POST", "/", Headers.EMPTY, event));
                });
    }

    static Load.Worker worker(Closeable connection, Load.Worker call) {
        return new Load.Worker() {
            @Override
            public void call(int number) throws Exception {
                call.call(number);
            }

            @Override
            public void close() throws Exception {
                connection.close();
            }
        };
    }

    /// The same handler behind the runtime's own HTTP server.
    private static final class Bare implements AutoCloseable {
        private final Process process;
        private final int port;

        Bare() throws IOException {
            Path script = Files.createTempFile("bare", ".mjs");
            try (InputStream in = FunctionsBench.class.getResourceAsStream("bare.mjs")) {
                Files.write(script, in == null ? new byte[0] : in.readAllBytes());
            }
            process = new ProcessBuilder("node", script.toString()).start();
            port = Integer.parseInt(process.inputReader().readLine());
            Files.delete(script);
        }

        @Override
        public void close() {
            process.destroy();
        }
    }
}
