package dev.freehold.services.lambda.durable;

import static dev.freehold.services.lambda.durable.Bench.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.lambda.DestinationConfig;
import dev.freehold.api.lambda.DurableConfig;
import dev.freehold.api.lambda.DurableExecutionAlreadyStartedException;
import dev.freehold.api.lambda.Execution;
import dev.freehold.api.lambda.FunctionEventInvokeConfig;
import dev.freehold.api.lambda.GetDurableExecutionRequest;
import dev.freehold.api.lambda.GetDurableExecutionResponse;
import dev.freehold.api.lambda.ListDurableExecutionsByFunctionRequest;
import dev.freehold.api.lambda.ListDurableExecutionsByFunctionResponse;
import dev.freehold.api.lambda.OnFailure;
import dev.freehold.api.lambda.PauseDurableExecutionRequest;
import dev.freehold.api.lambda.ResumeDurableExecutionRequest;
import dev.freehold.api.lambda.StopDurableExecutionRequest;
import dev.freehold.api.lambda.WaitOptions;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.run.Call;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.QualifiedKey;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ExecutionTest {
    private static final FunctionId FLOW = new FunctionId(Bench.ACCOUNT, "us-east-1", "flow");

    private final Bench bench = new Bench();

    private GetDurableExecutionResponse get(String arn) {
        return bench.service
                .executions()
                .get(
                        GetDurableExecutionRequest.builder().durableExecutionArn(arn).build(),
                        Bench.ROOT);
    }

    private void waitsThenSucceeds(int seconds) {
        bench.handler =
                turn -> {
                    if (turn.operations().size() > 1) {
                        return "SUCCEEDED".equals(turn.operation("w").get("Status"))
                                ? "{\"Status\":\"SUCCEEDED\",\"Result\":\"7\"}"
                                : Bench.PENDING;
                    }
                    bench.checkpoint(
                            turn.arn(),
                            turn.token(),
                            update("w", "WAIT", "START")
                                    .waitOptions(WaitOptions.builder().waitSeconds(seconds).build())
                                    .build());
                    return Bench.PENDING;
                };
    }

    @Test
    void aWaitEndsTheInvocationAndAnotherFollowsAtItsEnd() {
        waitsThenSucceeds(60);
        String arn = bench.start("order-1", "{\"n\":1}");
        bench.settle();
        bench.pass(59);
        assertThat(bench.turns).hasSize(1);
        assertThat(bench.status(arn)).isEqualTo("RUNNING");
        bench.pass(1);
        assertThat(bench.turns).hasSize(2);
        GetDurableExecutionResponse ended = get(arn);
        assertThat(ended.status()).isEqualTo("SUCCEEDED");
        assertThat(ended.result()).isEqualTo("7");
        assertThat(ended.inputPayload()).isEqualTo("{\"n\":1}");
        assertThat(bench.eventTypes(arn))
                .containsExactly(
                        "ExecutionStarted",
                        "WaitStarted",
                        "InvocationCompleted",
                        "WaitSucceeded",
                        "InvocationCompleted",
                        "ExecutionSucceeded");
    }

    @Test
    void aNameAndItsInputStartOneExecution() {
        waitsThenSucceeds(5);
        String arn = bench.start("order-1", "{\"n\":1}");
        assertThat(bench.start("order-1", "{\"n\":1}")).isEqualTo(arn);
        assertThatThrownBy(() -> bench.start("order-1", "{\"n\":2}"))
                .isInstanceOf(DurableExecutionAlreadyStartedException.class);
        bench.settle();
        bench.pass(5);
        assertThat(bench.start("order-1", "{\"n\":1}")).isEqualTo(arn);
        assertThat(bench.turns).hasSize(2);
    }

    @Test
    void onceItHasBeenForgottenItsNameIsFree() {
        waitsThenSucceeds(5);
        String arn = bench.start("order-1", "{\"n\":1}");
        bench.settle();
        bench.pass(5);
        Retention retention = new Retention(bench.store);
        bench.clock.advance(Duration.ofDays(14).minusSeconds(1));
        retention.sweep(bench.clock.instant());
        assertThat(get(arn).status()).isEqualTo("SUCCEEDED");
        bench.clock.advance(Duration.ofSeconds(2));
        retention.sweep(bench.clock.instant());
        assertThatThrownBy(() -> get(arn)).hasMessage("Durable Execution does not exist");
        assertThat(bench.start("order-1", "{\"n\":2}")).isNotEqualTo(arn);
    }

    @Test
    void itTimesOutAsAWhole() {
        waitsThenSucceeds(6_000);
        String arn = bench.start(null, "{}");
        bench.settle();
        bench.pass(599);
        assertThat(bench.status(arn)).isEqualTo("RUNNING");
        bench.pass(1);
        assertThat(bench.status(arn)).isEqualTo("TIMED_OUT");
        bench.pass(6_000);
        assertThat(bench.turns).hasSize(1);
        assertThat(bench.eventTypes(arn)).endsWith("ExecutionTimedOut");
    }

    @Test
    void stoppedItIsInvokedNoMore() {
        waitsThenSucceeds(5);
        String arn = bench.start(null, "{}");
        bench.settle();
        StopDurableExecutionRequest stop =
                StopDurableExecutionRequest.builder().durableExecutionArn(arn).build();
        var at = bench.service.stop(stop, Bench.ROOT).stopTimestamp();
        bench.pass(60);
        assertThat(bench.status(arn)).isEqualTo("STOPPED");
        assertThat(bench.turns).hasSize(1);
        assertThat(bench.service.stop(stop, Bench.ROOT).stopTimestamp()).isEqualTo(at);
    }

    @Test
    void pausedItIsInvokedOnceItResumes() {
        waitsThenSucceeds(5);
        String arn = bench.start(null, "{}");
        bench.settle();
        bench.service.pause(
                PauseDurableExecutionRequest.builder()
                        .durableExecutionArn(arn)
                        .reason("look")
                        .executionTimeoutPaused(true)
                        .build(),
                Bench.ROOT);
        assertThat(bench.status(arn)).isEqualTo("PAUSED");
        bench.pass(5_000);
        assertThat(bench.turns).hasSize(1);
        bench.service.resume(
                ResumeDurableExecutionRequest.builder().durableExecutionArn(arn).build(),
                Bench.ROOT);
        bench.settle();
        assertThat(bench.status(arn)).isEqualTo("SUCCEEDED");
        assertThat(bench.eventTypes(arn)).contains("ExecutionPaused", "ExecutionResumed");
    }

    @Test
    void invocationsThatKeepFailingAreItsEndAndDestinationsAreTold() {
        bench.store.updateOnly(tx ->
                tx.put(
                        LambdaTables.EVENT_CONFIGS,
                        new QualifiedKey(FLOW, "$LATEST"),
                        FunctionEventInvokeConfig.builder()
                                .destinationConfig(
                                        DestinationConfig.builder()
                                                .onFailure(
                                                        OnFailure.builder()
                                                                .destination("arn:q")
                                                                .build())
                                                .build())
                                .build()));
        bench.handler = turn -> "{\"errorType\":\"Crash\",\"errorMessage\":\"boom\"}";
        String arn = bench.start(null, "{\"n\":1}");
        bench.settle();
        for (int i = 0; i < 5; i++) {
            bench.pass(8);
        }
        assertThat(bench.turns).hasSize(5);
        assertThat(bench.status(arn)).isEqualTo("FAILED");
        assertThat(Objects.requireNonNull(get(arn).error()).errorMessage()).isEqualTo("boom");
        assertThat(bench.told).hasSize(1);
        assertThat(bench.told.getFirst().target()).isEqualTo("arn:q");
        assertThat(bench.told.getFirst().payload().utf8())
                .contains("\"requestPayload\":{\"n\":1}", "\"errorMessage\":\"boom\"");
    }

    @Test
    void anAnswerThatIsNoneIsItsEnd() {
        bench.handler = turn -> "{\"hello\":1}";
        String arn = bench.start(null, "{}");
        bench.settle();
        assertThat(bench.status(arn)).isEqualTo("FAILED");
        assertThat(Objects.requireNonNull(get(arn).error()).errorType())
                .isEqualTo("InvalidParameterValueException");
    }

    @Test
    void aLargeResultIsCheckpointed() {
        bench.handler =
                turn -> {
                    bench.checkpoint(
                            turn.arn(),
                            turn.token(),
                            update("execution-result-1", "EXECUTION", "SUCCEED")
                                    .payload("x".repeat(5_000_000))
                                    .build());
                    return "{\"Status\":\"SUCCEEDED\",\"Result\":\"\"}";
                };
        String arn = bench.start(null, "{}");
        bench.settle();
        assertThat(get(arn).result()).hasSize(5_000_000);
        assertThat(bench.eventTypes(arn))
                .containsExactly("ExecutionStarted", "ExecutionSucceeded", "InvocationCompleted");
    }

    @Test
    void itIsInvokedByAQualifierOnlyAndSynchronouslyIfItIsShort() {
        bench.create("long", DurableConfig.builder().executionTimeout(901).build());
        FunctionId id = new FunctionId(Bench.ACCOUNT, "us-east-1", "long");
        FunctionName name = new FunctionName(id, "$LATEST");
        Lookup.Found found = bench.store.read(tx -> Lookup.find(tx, name));
        Call unqualified = new Call(new FunctionName(id, null), new byte[0], null, null);
        assertThatThrownBy(() -> bench.durables.accept(unqualified, null, found, Bench.ROOT))
                .hasMessage("You cannot invoke a durable function using an unqualified ARN.");
        Call qualified = new Call(name, new byte[0], null, null);
        assertThatThrownBy(() -> bench.durables.run(qualified, null, found, Bench.ROOT))
                .hasMessageContaining("greater than 15 minutes");
    }

    @Test
    void aFunctionsExecutionsAreListedByTheirStartsInPages() {
        for (int i = 0; i < 5; i++) {
            bench.start("e" + i, "{}");
            bench.clock.advance(Duration.ofSeconds(1));
        }
        assertThat(names(false)).isEqualTo("e0 e1|e2 e3|e4");
        assertThat(names(true)).isEqualTo("e4 e3|e2 e1|e0");
        bench.handler = turn -> "{\"Status\":\"FAILED\"}";
        bench.settle();
        var failed =
                bench.service
                        .listings()
                        .list(
                                ListDurableExecutionsByFunctionRequest.builder()
                                        .functionName("flow")
                                        .durableExecutionName("e3")
                                        .statuses(java.util.List.of("FAILED"))
                                        .build(),
                                Bench.ROOT);
        assertThat(failed.durableExecutions()).hasSize(1);
    }

    private String names(boolean reverse) {
        StringBuilder names = new StringBuilder();
        String marker = null;
        do {
            ListDurableExecutionsByFunctionResponse page =
                    bench.service
                            .listings()
                            .list(
                                    ListDurableExecutionsByFunctionRequest.builder()
                                            .functionName("flow")
                                            .maxItems(2)
                                            .reverseOrder(reverse)
                                            .marker(marker)
                                            .build(),
                                    Bench.ROOT);
            names.append(
                    String.join(
                            " ",
                            Objects.requireNonNull(page.durableExecutions()).stream()
                                    .map(Execution::durableExecutionName)
                                    .toList()));
            marker = page.nextMarker();
            names.append(marker == null ? "" : "|");
        } while (marker != null);
        return names.toString();
    }

    @Test
    void aTurnThatACrashCutShortRunsAgain() {
        waitsThenSucceeds(5);
        bench.handler =
                turn -> {
                    if (bench.turns.size() == 1) {
                        throw new IllegalStateException("the process dies here");
                    }
                    assertThat(turn.operations()).hasSize(1);
                    return "{\"Status\":\"SUCCEEDED\",\"Result\":\"1\"}";
                };
        String arn = bench.start(null, "{}");
        bench.settle();
        bench.pass(1);
        assertThat(bench.status(arn)).isEqualTo("SUCCEEDED");
        assertThat(bench.turns).hasSize(2);
        assertThat(bench.turns.get(0).token()).isNotEqualTo(bench.turns.get(1).token());
    }
}
