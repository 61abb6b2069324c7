package dev.freehold.services.lambda.durable;

import static dev.freehold.services.lambda.durable.Bench.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.lambda.CallbackOptions;
import dev.freehold.api.lambda.CallbackTimeoutException;
import dev.freehold.api.lambda.ChainedInvokeOptions;
import dev.freehold.api.lambda.DurableConfig;
import dev.freehold.api.lambda.Operation;
import dev.freehold.api.lambda.SendDurableExecutionCallbackHeartbeatRequest;
import dev.freehold.api.lambda.SendDurableExecutionCallbackSuccessRequest;
import dev.freehold.protocol.Blob;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// Operations that others complete: callbacks and chained invocations.
final class CallbackTest {
    private final Bench bench = new Bench();
    private final List<String> ids = new ArrayList<>();

    /// Waits for a callback, and answers what has become of it.
    private String waiting(int timeout, int heartbeat) {
        bench.handler =
                turn -> {
                    if (turn.operations().size() > 1) {
                        return "{\"Status\":\"SUCCEEDED\",\"Result\":\""
                                + turn.operation("c").get("Status")
                                + "\"}";
                    }
                    ids.add(asked(turn, timeout, heartbeat));
                    return Bench.PENDING;
                };
        String arn = bench.start(null, "{}");
        bench.settle();
        return arn;
    }

    /// Asks for a callback.
    ///
    /// @return its id
    private String asked(Bench.Turn turn, int timeout, int heartbeat) {
        var update = update("c", "CALLBACK", "START");
        update.callbackOptions(options(timeout, heartbeat));
        var answer = bench.checkpoint(turn.arn(), turn.token(), update.build());
        var state = Objects.requireNonNull(answer.newExecutionState());
        Operation callback = Objects.requireNonNull(state.operations()).getFirst();
        return Objects.requireNonNull(
                Objects.requireNonNull(callback.callbackDetails()).callbackId());
    }

    private static CallbackOptions options(int timeout, int heartbeat) {
        return CallbackOptions.builder()
                .timeoutSeconds(timeout)
                .heartbeatTimeoutSeconds(heartbeat)
                .build();
    }

    private void succeed(String id) {
        bench.service.succeed(
                SendDurableExecutionCallbackSuccessRequest.builder()
                        .callbackId(id)
                        .result(Blob.ofUtf8("yes"))
                        .build(),
                Bench.ROOT);
        bench.settle();
    }

    private void beat(String id) {
        bench.service.heartbeat(
                SendDurableExecutionCallbackHeartbeatRequest.builder().callbackId(id).build(),
                Bench.ROOT);
    }

    @Test
    void anAnswerFromOutsideInvokesTheFunctionAgain() {
        String arn = waiting(60, 0);
        assertThat(bench.status(arn)).isEqualTo("RUNNING");
        succeed(ids.getFirst());
        assertThat(bench.status(arn)).isEqualTo("SUCCEEDED");
        Map<String, ?> callback = bench.turns.getLast().operation("c");
        assertThat(details(callback).get("Result")).isEqualTo("yes");
        assertThatThrownBy(() -> succeed(ids.getFirst()))
                .isInstanceOf(CallbackTimeoutException.class);
    }

    @Test
    void itTimesOutOnceItsTimeIsOver() {
        String arn = waiting(60, 0);
        bench.pass(60);
        assertThat(bench.status(arn)).isEqualTo("SUCCEEDED");
        assertThat(bench.turns.getLast().operation("c").get("Status")).isEqualTo("TIMED_OUT");
        assertThat(bench.eventTypes(arn)).contains("CallbackTimedOut");
    }

    @Test
    void heartbeatsKeepItWaiting() {
        String arn = waiting(60, 10);
        for (int i = 0; i < 3; i++) {
            bench.pass(9);
            beat(ids.getFirst());
        }
        assertThat(bench.status(arn)).isEqualTo("RUNNING");
        bench.pass(10);
        assertThat(bench.turns.getLast().operation("c").get("Status")).isEqualTo("TIMED_OUT");
        Map<?, ?> details = details(bench.turns.getLast().operation("c"));
        assertThat(String.valueOf(details.get("Error"))).contains("Callback.Heartbeat");
    }

    private static Map<?, ?> details(Map<String, ?> callback) {
        return (Map<?, ?>) Objects.requireNonNull(callback.get("CallbackDetails"));
    }

    private String chaining(String target) {
        bench.handler =
                turn -> {
                    if (!turn.function().equals("flow")) {
                        return turn.arn().equals("null")
                                ? "{\"plain\":true}"
                                : "{\"Status\":\"SUCCEEDED\",\"Result\":\"\\\"child\\\"\"}";
                    }
                    if (turn.operations().size() > 1) {
                        return "{\"Status\":\"SUCCEEDED\",\"Result\":\"1\"}";
                    }
                    bench.checkpoint(
                            turn.arn(),
                            turn.token(),
                            update("i", "CHAINED_INVOKE", "START")
                                    .payload("{\"n\":2}")
                                    .chainedInvokeOptions(
                                            ChainedInvokeOptions.builder()
                                                    .functionName(target)
                                                    .build())
                                    .build());
                    return Bench.PENDING;
                };
        String arn = bench.start(null, "{}");
        bench.settle();
        return arn;
    }

    private Map<?, ?> chained() {
        Map<String, ?> operation = bench.turns.getLast().operation("i");
        return (Map<?, ?>) Objects.requireNonNull(operation.get("ChainedInvokeDetails"));
    }

    @Test
    void anotherFunctionsAnswerIsTheOperationsResult() {
        bench.create("plain", null);
        String arn = chaining("plain");
        assertThat(bench.status(arn)).isEqualTo("SUCCEEDED");
        assertThat(chained().get("Result")).isEqualTo("{\"plain\":true}");
        assertThat(bench.eventTypes(arn))
                .contains("ChainedInvokeStarted", "ChainedInvokeSucceeded");
    }

    @Test
    void anotherExecutionsEndIsTheOperationsResult() {
        bench.create("child", DurableConfig.builder().executionTimeout(60).build());
        String arn = chaining("child:$LATEST");
        assertThat(bench.status(arn)).isEqualTo("SUCCEEDED");
        assertThat(chained().get("Result")).isEqualTo("\"child\"");
        assertThat(bench.turns).extracting(Bench.Turn::function).contains("child");
    }

    @Test
    void aFunctionThatIsNotThereFailsTheOperationAtOnce() {
        String arn = chaining("nobody");
        assertThat(bench.turns.getLast().operations()).hasSize(1);
        assertThat(bench.eventTypes(arn)).contains("ChainedInvokeFailed");
    }
}
