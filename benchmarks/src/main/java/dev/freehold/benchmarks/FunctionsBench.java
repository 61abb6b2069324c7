package dev.freehold.benchmarks;

import dev.freehold.protocol.Headers;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Invocations: warm ones beside the same handler behind the bare runtime's HTTP server, and cold
/// ones from the pool.
final class FunctionsBench {
    private static final String NODE = "exports.handler = async (event) => event;\n";
    private static final String PYTHON = "def handler(event, context):\n    return event\n";
    private static final String EVENT = "{\"name\":\"Ada\",\"number\":1}";
    private static final Duration TIME = Duration.ofSeconds(6);
    private static final int COLD_STARTS = 200;

    private FunctionsBench() {}

    static void warm() throws Exception {
        Print.title("Warm invocations of a Node.js echo handler (signed requests over HTTP)");
        try (Server server = Server.start()) {
            create(server, "echo", "nodejs22.x", "index.js", NODE);
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

    static void cold() throws Exception {
        Print.title("Cold invocations, one at a time, each of a function never run before");
        try (Server server = Server.start()) {
            cold(server, "Node.js", "nodejs22.x", "index.js", NODE);
            cold(server, "Python", "python3.13", "index.py", PYTHON);
        }
    }

    /// Waits between the calls, so that each meets a filled pool: a burst is another benchmark.
    private static void cold(
            Server server, String language, String runtime, String file, String code)
            throws Exception {
        long[] took = new long[COLD_STARTS];
        try (Aws lambda = new Aws(server, "lambda")) {
            for (int i = 0; i < COLD_STARTS; i++) {
                String name = "cold-" + runtime.replace('.', '-') + "-" + i;
                create(server, name, runtime, file, code);
                Thread.sleep(100);
                long begun = System.nanoTime();
                lambda.rest("POST", "/2015-03-31/functions/" + name + "/invocations", EVENT);
                took[i] = System.nanoTime() - begun;
                lambda.rest("DELETE", "/2015-03-31/functions/" + name, "");
            }
        }
        Arrays.sort(took);
        Print.row(
                language + ", " + COLD_STARTS + " functions (targets: p50 <= 15 ms)",
                new Load.Result(took, Duration.ofNanos(Arrays.stream(took).sum())));
    }

    private static void create(Server server, String name, String runtime, String file, String code)
            throws Exception {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(file));
            zip.write(code.getBytes(StandardCharsets.UTF_8));
        }
        String role = "arn:aws:iam::000000000000:role/bench";
        try (Aws iam = new Aws(server, "iam")) {
            iam.query(
                    "Action=CreateRole&Version=2010-05-08&RoleName=bench&AssumeRolePolicyDocument="
                            + "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22"
                            + "Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22"
                            + "lambda.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole"
                            + "%22%7D%5D%7D");
        } catch (IOException e) {
            if (!String.valueOf(e.getMessage()).contains("EntityAlreadyExists")) {
                throw e;
            }
        }
        try (Aws lambda = new Aws(server, "lambda")) {
            lambda.rest(
                    "POST",
                    "/2015-03-31/functions",
                    "{\"FunctionName\":\"%s\",\"Runtime\":\"%s\",\"Handler\":\"index.handler\",\"Role\":\"%s\",\"Code\":{\"ZipFile\":\"%s\"}}"
                            .formatted(
                                    name,
                                    runtime,
                                    role,
                                    Base64.getEncoder().encodeToString(bytes.toByteArray())));
            active(lambda, name);
        }
    }

    private static void active(Aws lambda, String name) throws Exception {
        for (int i = 0; i < 6000; i++) {
            String path = "/2015-03-31/functions/" + name + "/configuration";
            if (lambda.rest("GET", path, "").text().contains("\"State\":\"Active\"")) {
                return;
            }
            Thread.sleep(10);
        }
        throw new IOException(name + " did not become active");
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
