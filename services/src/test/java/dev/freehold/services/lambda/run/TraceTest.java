package dev.freehold.services.lambda.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.sandbox.InvocationResult;
import dev.freehold.sandbox.InvocationResult.ColdStart;
import dev.freehold.sandbox.InvocationResult.Timings;
import dev.freehold.services.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// A trace explains all of an invocation's time.
final class TraceTest {
    private static final ColdStart FROM_POOL = start(0);

    private static ColdStart start(int runtime) {
        return new ColdStart(millis(1), millis(2), millis(runtime), millis(3), millis(4));
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }

    private static Trace trace(String id, Timings timings, long total) {
        return new Trace(
                id,
                "arn:aws:lambda:us-east-1:000000000000:function:f",
                "$LATEST",
                Instant.EPOCH,
                millis(5),
                millis(total),
                new InvocationResult(new byte[0], false, timings, 40, ""));
    }

    private static Trace cold(ColdStart start) {
        return trace("cold", new Timings(millis(60), millis(7), millis(6), start), 90);
    }

    @Test
    void phasesAreInTheirOrderAndSumUp() {
        Trace trace = cold(start(40));

        assertThat(trace.phases().keySet())
                .containsExactly(
                        "admission",
                        "queue",
                        "sandbox",
                        "runtime",
                        "code",
                        "init",
                        "handover",
                        "handler",
                        "report");
        assertThat(trace.phases().values().stream().reduce(Duration.ZERO, Duration::plus))
                .isEqualTo(millis(90));
        assertThat(trace.phases()).containsEntry("handover", millis(10));
    }

    @Test
    void aWarmInvocationHasWaitedInTheQueue() {
        Trace trace = trace("warm", new Timings(millis(2), millis(7), millis(6), null), 20);

        assertThat(trace.phases()).containsOnlyKeys("admission", "queue", "handler", "report");
        assertThat(trace.phases()).containsEntry("report", millis(6));
    }

    @Test
    void whatWasStartedBeforeItsRequestLeavesNoTimeBelowZero() {
        Trace trace = trace("early", new Timings(millis(1), millis(7), millis(6), FROM_POOL), 14);

        assertThat(trace.phases()).containsEntry("handover", Duration.ZERO);
        assertThat(trace.phases().values()).noneMatch(Duration::isNegative);
    }

    @Test
    void jsonSaysWhereTheEnvironmentCameFrom() {
        Map<String, @Nullable Object> json = Json.readObject(cold(FROM_POOL).json());

        assertThat(json).containsEntry("start", "cold, from the pool");
        assertThat(Json.readObject(cold(start(40)).json())).containsEntry("start", "cold");
        assertThat(json.get("phases"))
                .asInstanceOf(InstanceOfAssertFactories.MAP)
                .containsKeys("queue", "sandbox", "runtime", "code", "init", "handler");
    }

    @Test
    void busyFunctionsDoNotPushColdStartsOut() {
        Traces traces = new Traces();
        traces.keep(cold(FROM_POOL));
        for (int i = 0; i < 5000; i++) {
            traces.keep(trace("w" + i, new Timings(millis(1), millis(1), millis(1), null), 3));
        }
        assertThat(traces.find("cold")).isNotNull();
        assertThat(traces.find("w0")).isNull();
        assertThat(traces.find("w4999")).isNotNull();
    }
}
