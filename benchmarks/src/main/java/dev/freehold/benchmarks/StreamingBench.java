package dev.freehold.benchmarks;

import java.time.Duration;
import java.util.Arrays;

/// The first byte of an answer that a function writes bit by bit, beside that of the same answer in
/// one piece.
final class StreamingBench {
    private static final int ANSWERS = 100;

    /// Twenty parts, five milliseconds from one to the next.
    private static final String PARTS =
            """
            exports.handler = awslambda.streamifyResponse(async (event, out) => {
              const part = Buffer.alloc(16384, 97);
              for (let i = 0; i < 20; i++) {
                out.write(part);
                await new Promise((done) => setTimeout(done, 5));
              }
              out.end();
            });
            """;

    private StreamingBench() {}

    static void streaming() throws Exception {
        Print.title("The first byte of an answer of 320 KB, written in 20 parts over 100 ms");
        try (Server server = Server.start()) {
            try (Deployment functions = new Deployment(server)) {
                functions.create("parts", Deployment.Function.of("nodejs22.x", "index.js", PARTS));
            }
            String streamed = "/2021-11-15/functions/parts/response-streaming-invocations";
            double first = measure(server, "streamed", streamed);
            double whole = measure(server, "buffered", "/2015-03-31/functions/parts/invocations");
            Print.figure("first byte, streamed to buffered", first / whole, "x", "");
        }
    }

    private static double measure(Server server, String how, String path) throws Exception {
        long[] took = new long[ANSWERS];
        try (Aws lambda = new Aws(server, "lambda")) {
            lambda.rest("POST", path, "{}");
            for (int i = 0; i < ANSWERS; i++) {
                lambda.rest("POST", path, "{}");
                took[i] = lambda.latency();
            }
        }
        Arrays.sort(took);
        Load.Result result = new Load.Result(took, Duration.ofNanos(Arrays.stream(took).sum()));
        Print.row(how, result);
        return result.millis(0.5);
    }
}
