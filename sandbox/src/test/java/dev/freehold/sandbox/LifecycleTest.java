package dev.freehold.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.sandbox.streaming.ResponseSink;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// How environments come, are used again, and go.
final class LifecycleTest {
    private static final String COUNTING =
            """
            import os, time
            count = 0
            def handler(e, c):
                global count
                count += 1
                time.sleep(e.get('sleep', 0))
                return os.environ['AWS_LAMBDA_LOG_STREAM_NAME'], count
            """;

    private static Host host;

    @BeforeAll
    static void start() throws IOException {
        host = new Host();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void anEnvironmentIsUsedAgainAndItsColdStartIsReportedOnce() throws Exception {
        FunctionSpec spec = host.python(COUNTING);
        InvocationResult first = host.invoke(spec, "{}");
        InvocationResult second = host.invoke(spec, "{}");

        assertThat(Host.text(first)).contains(", 1]");
        assertThat(Host.text(second)).contains(", 2]");
        assertThat(first.logTail())
                .contains(
                        "Init Duration: ", "Queue: ", "Sandbox: ", "Runtime: ", "Code: ", "CPU: ");
        assertThat(second.logTail()).doesNotContain("Init Duration");
        assertThat(first.maxMemory()).isBetween(1L, 256L);
    }

    @Test
    void whatRunsAtTheSameTimeHasEnvironmentsOfItsOwn() throws Exception {
        FunctionSpec spec = host.python(COUNTING);
        List<String> answers = together(4, () -> Host.text(host.invoke(spec, "{\"sleep\":0.5}")));

        assertThat(answers).doesNotHaveDuplicates();
    }

    @Test
    void aRequestTakesWhateverIsFreeFirst() throws Exception {
        // Loading takes a second, the handler nothing: what waits is served by the first that
        // loads.
        FunctionSpec spec =
                host.python(
                        "import time, os\ntime.sleep(1)\n"
                                + COUNTING.replace("import os, time", ""));
        List<String> answers = together(12, () -> Host.text(host.invoke(spec, "{}")));

        assertThat(answers).hasSize(12).anyMatch(answer -> !answer.endsWith(", 1]"));
    }

    private static List<String> together(int count, Callable<String> work) throws Exception {
        List<String> answers = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<String>> all = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                all.add(threads.submit(work));
            }
            for (Future<String> each : all) {
                answers.add(each.get());
            }
        }
        return answers;
    }

    @Test
    void aRetiredEnvironmentEndsAfterItsInvocation() throws Exception {
        FunctionSpec spec = host.python(COUNTING);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<String> busy =
                    threads.submit(() -> Host.text(host.invoke(spec, "{\"sleep\":0.4}")));
            Eventually.holds(() -> assertThat(host.engine.available(spec.key())).isEqualTo(1));
            host.engine.retire(spec.key());

            assertThat(busy.get()).contains(", 1]");
        }
        assertThat(host.engine.available(spec.key())).isZero();
        assertThat(Host.text(host.invoke(spec, "{}"))).contains(", 1]");
    }

    @Test
    void provisionedEnvironmentsAreThereBeforeAnybodyCalls() throws Exception {
        FunctionSpec spec =
                host.python(
                        "import os\ndef handler(e, c): return os.environ['AWS_LAMBDA_INITIALIZATION_TYPE']");
        host.engine.provision(spec, 2, Map::of);
        Eventually.holds(() -> assertThat(host.engine.available(spec.key())).isEqualTo(2));
        InvocationResult result = host.invoke(spec, "{}");

        assertThat(Host.text(result)).isEqualTo("\"provisioned-concurrency\"");
        host.engine.provision(spec, 0, Map::of);
    }

    @Test
    void aLoadThatFailsIsTriedOnceMoreAndReported() throws Exception {
        FunctionSpec spec = host.python("print('loading')\nraise ValueError('no')");
        InvocationResult result = host.invoke(spec, "{}");

        assertThat(Host.text(result)).contains("\"errorType\": \"ValueError\"");
        assertThat(result.logTail().split("loading", -1)).hasSize(3);
        assertThat(result.logTail())
                .contains("ms\tPhase: init\tStatus: error\tError Type: ValueError")
                .contains("ms\tPhase: invoke\tStatus: error\tError Type: ValueError");
    }

    @Test
    void aLoadThatHangsEndsWithTheFunctionsTimeout() throws Exception {
        FunctionSpec spec =
                Host.withTimeout(
                        host.python("import time\ntime.sleep(60)\ndef handler(e, c): pass"),
                        Duration.ofSeconds(1));
        InvocationResult result = host.invoke(spec, "{}");

        assertThat(Host.text(result))
                .contains("Sandbox.Timedout", "Task timed out after 1.00 seconds");
        assertThat(result.logTail())
                .contains("Phase: init\tStatus: timeout")
                .contains("Phase: invoke\tStatus: timeout");
    }

    @Test
    void anInvocationThatTakesTooLongEnds() throws Exception {
        FunctionSpec spec = Host.withTimeout(host.python(COUNTING), Duration.ofSeconds(1));
        InvocationResult result = host.invoke(spec, "{\"sleep\": 20}");

        assertThat(Host.text(result))
                .contains("Sandbox.Timedout", "Error: Task timed out after 1.00 seconds");
        assertThat(result.logTail())
                .contains("Task timed out after 1.00 seconds", "Status: timeout");
        assertThat(Host.text(host.invoke(spec, "{}"))).contains(", 1]");
    }

    @Test
    void aStreamIsHandedOnWhileItIsWritten() throws Exception {
        FunctionSpec spec =
                host.node(
                        """
                        exports.handler = awslambda.streamifyResponse(async (e, out) => {
                          out = awslambda.HttpResponseStream.from(out, { statusCode: 201 });
                          out.write("one");
                          await new Promise((r) => setTimeout(r, 300));
                          out.write("two");
                          out.end();
                        });
                        """);
        List<String> chunks = new ArrayList<>();
        AtomicInteger begun = new AtomicInteger();
        List<Long> times = new ArrayList<>();
        ResponseSink sink =
                new ResponseSink() {
                    @Override
                    public void begin(String contentType) {
                        begun.incrementAndGet();
                        chunks.add(contentType);
                    }

                    @Override
                    public boolean write(byte[] chunk, Duration wait) {
                        times.add(System.nanoTime());
                        chunks.add(new String(chunk, StandardCharsets.UTF_8));
                        return true;
                    }
                };
        InvocationResult result = host.engine.invoke(spec, host.invocation("{}"), Map::of, sink);

        assertThat(result.failed()).isFalse();
        assertThat(result.payload()).isEmpty();
        assertThat(begun).hasValue(1);
        assertThat(String.join("", chunks))
                .isEqualTo(
                        "application/vnd.awslambda.http-integration-response"
                                + "{\"statusCode\":201}\0\0\0\0\0\0\0\0onetwo");
        assertThat(times.getLast() - times.getFirst()).isGreaterThan(200_000_000);
    }

    @Test
    void nothingIsLeftBehind() throws Exception {
        try (Host other = new Host(2)) {
            FunctionSpec spec = other.node("exports.handler = async () => 1");
            other.invoke(spec, "{}");
            other.engine.close();
            Eventually.holds(() -> {
                try (var left = Files.list(other.layout.environments())) {
                    assertThat(left).isEmpty();
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
                assertThat(processesOf(other)).isEmpty();
            });
        }
    }

    private static List<String> processesOf(Host other) {
        return ProcessHandle.current()
                .descendants()
                .map(process -> process.info().commandLine().orElse(""))
                .filter(line -> line.contains(other.data.toString()))
                .toList();
    }
}
