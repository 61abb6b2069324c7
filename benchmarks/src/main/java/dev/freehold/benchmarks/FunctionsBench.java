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
            try (Bare node = new Bare()) {
                for (int threads : new int[] {1, 8, 32}) {
                    compare(server, node, threads);
                }
            }
        }
    }

    /// The bare server before and after, since machines drift. What it reaches is also what the
    /// load program can do: that is not what limits the invocations.
    private static void compare(Server server, Bare node, int threads) throws Exception {
        String many = threads + " at a time";
        Load.Result before = bare(node.port, threads);
        Print.row("bare Node.js HTTP server, " + many, before);
        Load.Result own = invoke(server, "echo", threads);
        Print.row("invoke, " + many, own);
        Load.Result after = bare(node.port, threads);
        Print.row("bare Node.js HTTP server, again", after);
        if (threads == 1) {
            double overhead = own.millis(0.5) - (before.millis(0.5) + after.millis(0.5)) / 2;
            Print.figure("overhead, p50", overhead, "ms", "target: <= 0.5");
            Print.figure("invoke, p99", own.millis(0.99), "ms", "target: <= 3");
        } else {
            Print.figure("throughput, " + many, own.perSecond(), "/s", "target: >= 5000");
        }
        double bare = (before.perSecond() + after.perSecond()) / 2;
        Print.figure("to bare, " + many, own.perSecond() / bare, "x", "target: >= 0.5");
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
