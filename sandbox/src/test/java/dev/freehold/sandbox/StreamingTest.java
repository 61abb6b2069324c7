package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.sandbox.Engine.Until;
import dev.freehold.sandbox.InvocationResult.Timings;
import dev.freehold.sandbox.streaming.AnswerPipe;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Answers that are sent while functions write them.
@Timeout(120)
final class StreamingTest {
    /// Writes a number of MiB as fast as it may, and logs how far it has come.
    private static final String MEBIBYTES =
            """
            exports.handler = awslambda.streamifyResponse(async (event, out) => {
              const chunk = Buffer.alloc(65536, 97);
              for (let i = 0; i < event.mebibytes * 16; i++) {
                if (!out.write(chunk)) await new Promise((r) => out.once('drain', r));
                if (i % 4 === 3) console.log(`${event.name} ${(i + 1) / 4}`);
              }
              out.end();
            });
            """;

    private static Host host;

    private final List<Timings> ended = new CopyOnWriteArrayList<>();

    @BeforeAll
    static void start() throws IOException {
        host = new Host();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private AnswerPipe<InvocationResult> stream(FunctionSpec spec, String event, Until until)
            throws Engine.FullException {
        Engine.Watch watch = new Engine.Watch(until, result -> {}, ended::add);
        return host.engine.stream(spec, host.invocation(event), Map::of, watch);
    }

    private static byte[] all(AnswerPipe<InvocationResult> answer) throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        for (byte[] part = answer.next(); part != null; part = answer.next()) {
            all.writeBytes(part);
        }
        return all.toByteArray();
    }

    private static FunctionSpec streaming(String body) throws IOException {
        return host.node(
                "exports.handler = awslambda.streamifyResponse(async (event, out) => {"
                        + body
                        + "});");
    }

    private static String failure(String body) throws Exception {
        return Host.text(host.invoke(streaming(body), "{}"));
    }

    @Test
    void anAnswerIsThereBeforeTheFunctionHasEnded() throws Exception {
        FunctionSpec spec =
                streaming(
                        "out.write('a'); await new Promise((r) => setTimeout(r, 300));"
                                + " out.end('b');");
        try (AnswerPipe<InvocationResult> answer = stream(spec, "{}", Until.ENDED)) {
            assertThat(answer.begun()).isEqualTo("application/octet-stream");
            assertThat(answer.next()).asString(StandardCharsets.UTF_8).isEqualTo("a");
            assertThat(ended).isEmpty();
            assertThat(all(answer)).asString(StandardCharsets.UTF_8).isEqualTo("b");
            assertThat(answer.result().failed()).isFalse();
            assertThat(answer.result().logTail()).contains("REPORT RequestId: ");
            assertThat(ended).hasSize(1);
            assertThat(ended.getFirst().duration()).isGreaterThan(Duration.ofMillis(250));
        }
    }

    @Test
    void aFunctionThatDoesNotStreamAnswersInOnePart() throws Exception {
        FunctionSpec spec = host.node("exports.handler = async (e) => e.text.repeat(100000);");
        try (AnswerPipe<InvocationResult> answer = stream(spec, "{\"text\":\"ab\"}", Until.ENDED)) {
            assertThat(answer.begun()).isEqualTo("application/json");
            assertThat(answer.next()).hasSize(200_002);
            assertThat(answer.next()).isNull();
        }
    }

    @Test
    void aSlowReaderSlowsTheWriter() throws Exception {
        FunctionSpec spec = Host.withTimeout(host.node(MEBIBYTES), Duration.ofSeconds(60));
        try (AnswerPipe<InvocationResult> answer =
                stream(spec, "{\"mebibytes\":6,\"name\":\"slow\"}", Until.ENDED)) {
            answer.begun();
            // What is on its way is bounded, far below what there is.
            Eventually.holds(() -> assertThat(host.log()).contains("slow 1\n"));
            Thread.sleep(300);
            assertThat(host.log()).doesNotContain("slow 12\n");
            assertThat(all(answer)).hasSize(6 << 20);
            assertThat(answer.result().failed()).isFalse();
        }
    }

    @Test
    void aReaderThatLeavesDoesNotStopTheFunction() throws Exception {
        FunctionSpec spec =
                streaming(
                        "out.write('a'); await new Promise((r) => setTimeout(r, 200));"
                                + " out.write('b'); out.end(); console.log('came to its end');");
        AnswerPipe<InvocationResult> answer = stream(spec, "{}", Until.ANSWERED);
        answer.next();
        answer.close();

        Eventually.holds(() -> assertThat(host.log()).contains("came to its end"));
        Eventually.holds(() -> assertThat(ended).hasSize(1));
        assertThat(ended.getFirst().billedMillis()).isGreaterThan(150);
        assertThat(Host.text(host.invoke(spec, "{}"))).isEqualTo("ab");
    }

    @Test
    void aReaderThatDoesNotReadDoesNotStopTheClock() throws Exception {
        FunctionSpec spec =
                Host.withTimeout(
                        streaming(
                                "const chunk = Buffer.alloc(65536); while (true) { if"
                                        + " (!out.write(chunk)) await new Promise((r) =>"
                                        + " out.once('drain', r)); }"),
                        Duration.ofSeconds(2));
        try (AnswerPipe<InvocationResult> answer = stream(spec, "{}", Until.ENDED)) {
            answer.begun();
            Eventually.holds(() -> assertThat(ended).hasSize(1));
            assertThat(all(answer).length).isLessThan(4 << 20);
            assertThat(Host.text(answer.result()))
                    .contains("Sandbox.Timedout", "Task timed out after 2.00 seconds");
        }
    }

    @Test
    void afterSixMebibytesThereAreTwoASecond() throws Exception {
        FunctionSpec spec = Host.withTimeout(host.node(MEBIBYTES), Duration.ofSeconds(60));
        long begun = System.nanoTime();
        try (AnswerPipe<InvocationResult> answer = stream(spec, "{\"mebibytes\":9}", Until.ENDED)) {
            assertThat(all(answer)).hasSize(9 << 20);
        }

        assertThat(Duration.ofNanos(System.nanoTime() - begun))
                .isGreaterThan(Duration.ofMillis(1200));
    }

    @Test
    void whoWantsAllOfAStreamGetsUpToSixMebibytes() throws Exception {
        FunctionSpec spec = Host.withTimeout(host.node(MEBIBYTES), Duration.ofSeconds(60));

        assertThat(host.invoke(spec, "{\"mebibytes\":6}").payload()).hasSize(6 << 20);
        InvocationResult result = host.invoke(spec, "{\"mebibytes\":7}");
        assertThat(result.failed()).isTrue();
        assertThat(Host.text(result))
                .isEqualTo(
                        "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":"
                                + "\"Response payload size exceeded maximum allowed payload size"
                                + " (6291556 bytes).\"}");
    }

    @Test
    void anAnswerThatIsTooLargeHasNoOtherMembers() throws Exception {
        String error =
                "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response"
                        + " payload size exceeded maximum allowed payload size (6291556 bytes).\"}";
        FunctionSpec node = host.node("exports.handler = async () => 'x'.repeat(7 << 20);");
        FunctionSpec python = host.python("def handler(e, c): return 'x' * (7 << 20)");

        assertThat(Host.text(host.invoke(node, "{}"))).isEqualTo(error);
        assertThat(Host.text(host.invoke(python, "{}"))).isEqualTo(error);
    }

    @Test
    void streamsThatAreNotRightFailAsOnAws() throws Exception {
        assertThat(failure("out.write('a');"))
                .contains("\"errorType\":\"Error\"", "Response stream is not finished.");
        assertThat(failure("out.write('a'); process.nextTick(() => { throw new Error('late'); });"))
                .contains("late");
        FunctionSpec plain =
                host.node(
                        "exports.handler = awslambda.streamifyResponse((e, out) => {"
                                + " out.write('a'); });");
        assertThat(Host.text(host.invoke(plain, "{}")))
                .contains("Streaming does not support non-async handlers.");
        assertThat(
                        Host.text(
                                host.invoke(
                                        host.node(
                                                "exports.handler = async () => 1;"
                                                        + " exports.handler[Symbol.for("
                                                        + "'aws.lambda.runtime.handler.streaming')]"
                                                        + " = 'request';"),
                                        "{}")))
                .contains("Runtime.MalformedStreamingHandler");
    }

    @Test
    void pipelinesAndObjectsAndLateEndsWork() throws Exception {
        assertThat(
                        failure(
                                "const { Readable } = require('stream');"
                                        + " await require('stream/promises').pipeline("
                                        + "Readable.from(['a', 'b']), out);"))
                .isEqualTo("ab");
        assertThat(failure("out.write({ a: 1 }); out.write(Uint8Array.of(98)); out.end('c');"))
                .isEqualTo("{\"a\":1}bc");
        assertThat(failure("setTimeout(() => out.end('later'), 50);")).isEqualTo("later");
        assertThat(
                        failure(
                                "out = awslambda.HttpResponseStream.from(out, { statusCode: 204 });"
                                        + " out.end();"))
                .isEqualTo("{\"statusCode\":204}" + "\0".repeat(8));
    }

    @Test
    void nothingOfThePreludeGoesBeforeTheFirstByte() throws Exception {
        FunctionSpec spec =
                streaming(
                        "awslambda.HttpResponseStream.from(out, { statusCode: 200 });"
                                + " throw new TypeError('before');");
        try (AnswerPipe<InvocationResult> answer = stream(spec, "{}", Until.ENDED)) {
            assertThat(answer.begun()).isNull();
            assertThat(Host.text(answer.result())).contains("TypeError", "before");
        }
    }

    @Test
    void whatCantBeLoadedHasOnlyAnEnd() throws Exception {
        FunctionSpec spec = host.node("throw new Error('not today');");
        try (AnswerPipe<InvocationResult> answer = stream(spec, "{}", Until.ENDED)) {
            assertThat(answer.begun()).isNull();
            assertThat(Host.text(answer.result())).contains("not today");
            assertThat(ended).hasSize(1);
        }
    }
}
