package dev.freehold.services.lambda.durable;

import static dev.freehold.services.lambda.durable.Bench.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.lambda.CheckpointDurableExecutionResponse;
import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.api.lambda.GetDurableExecutionStateRequest;
import dev.freehold.api.lambda.GetDurableExecutionStateResponse;
import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.lambda.Operation;
import dev.freehold.api.lambda.OperationUpdate;
import dev.freehold.api.lambda.StepOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class CheckpointTest {
    private static final OperationUpdate START = update("a", "STEP", "START").build();
    private static final OperationUpdate DONE = update("a", "STEP", "SUCCEED").payload("1").build();

    private final Bench bench = new Bench();

    /// Runs `body` as the handler of a new execution.
    private void inside(Body body) {
        bench.handler =
                turn -> {
                    body.run(turn.arn(), turn.token());
                    return "{\"Status\":\"SUCCEEDED\",\"Result\":\"null\"}";
                };
        String arn = bench.start(null, "{}");
        bench.settle();
        assertThat(bench.turns).hasSize(1);
        assertThat(bench.status(arn)).isEqualTo("SUCCEEDED");
    }

    private interface Body {
        void run(String arn, String token);
    }

    private static String token(CheckpointDurableExecutionResponse answer) {
        return Objects.requireNonNull(answer.checkpointToken());
    }

    @Test
    void eachTokenIsGoodForOneCheckpoint() {
        inside((arn, token) -> {
            String next = token(bench.checkpoint(arn, token, START));
            assertThatThrownBy(() -> bench.checkpoint(arn, token, DONE))
                    .isInstanceOf(InvalidParameterValueException.class)
                    .hasMessageStartingWith("Invalid Checkpoint Token");
            bench.checkpoint(arn, next, DONE);
        });
    }

    @Test
    void theSameRequestAgainGetsTheSameAnswerAndIsAppliedOnce() {
        inside((arn, token) -> {
            CheckpointDurableExecutionResponse first =
                    bench.checkpoint(arn, token, "client", START, DONE);
            CheckpointDurableExecutionResponse again =
                    bench.checkpoint(arn, token, "client", START, DONE);
            assertThat(again).isEqualTo(first);
            assertThat(bench.eventTypes(arn))
                    .containsExactly("ExecutionStarted", "StepStarted", "StepSucceeded");
        });
    }

    @Test
    void anotherInvocationsTokenIsVoid() {
        List<String> tokens = new ArrayList<>();
        bench.handler =
                turn -> {
                    tokens.add(turn.token());
                    return "{\"errorType\":\"Crash\"}";
                };
        String arn = bench.start(null, "{}");
        bench.settle();
        bench.pass(1);
        assertThat(tokens).hasSize(2);
        assertThatThrownBy(() -> bench.checkpoint(arn, tokens.get(0), START))
                .hasMessageStartingWith("Invalid Checkpoint Token");
    }

    @Test
    void whatOneUpdateDoesWrongUndoesTheWholeCheckpoint() {
        inside((arn, token) -> {
            OperationUpdate wrong = update("b", "WAIT", "START").build();
            assertThatThrownBy(() -> bench.checkpoint(arn, token, START, wrong))
                    .hasMessage("Update for WAIT operation requires WaitOptions.");
            assertThat(bench.eventTypes(arn)).containsExactly("ExecutionStarted");
            bench.checkpoint(arn, token, START, DONE);
        });
    }

    @Test
    void operationsOnlyGoAsTheirTypesAllow() {
        inside((arn, token) -> {
            refused(
                    arn,
                    token,
                    "Cannot checkpoint multiple operations with the same ID.",
                    START,
                    DONE,
                    START);
            refused(
                    arn,
                    token,
                    "Invalid action for the given operation type.",
                    update("a", "CALLBACK", "SUCCEED").build());
            refused(
                    arn,
                    token,
                    "Cannot provide a Payload for FAIL action.",
                    update("a", "STEP", "FAIL").payload("1").build());
            refused(
                    arn,
                    token,
                    "Invalid StepOptions for the given action.",
                    update("a", "STEP", "RETRY").build());
            refused(
                    arn,
                    token,
                    "Invalid parent operation id.",
                    update("a", "STEP", "START").parentId("nobody").build());
            refused(
                    arn,
                    token,
                    "EXECUTION checkpoint must be the last update.",
                    update("x", "EXECUTION", "SUCCEED").build(),
                    START);
            refused(
                    arn,
                    token,
                    "STEP payload size must be less than or equal to 262144 bytes.",
                    update("a", "STEP", "SUCCEED").payload("x".repeat(262_145)).build());
            refused(
                    arn,
                    token,
                    "Error object size must be less than 32768 bytes.",
                    update("a", "STEP", "FAIL")
                            .error(ErrorObject.builder().errorMessage("x".repeat(32_768)).build())
                            .build());
        });
    }

    private void refused(String arn, String token, String message, OperationUpdate... updates) {
        assertThatThrownBy(() -> bench.checkpoint(arn, token, updates)).hasMessage(message);
    }

    @Test
    void anExecutionHasThreeThousandOperationsAndNoMore() {
        inside((arn, token) -> {
            String next = token;
            for (int i = 0; i < 3_000; i += 250) {
                OperationUpdate[] some = new OperationUpdate[250];
                for (int j = 0; j < some.length; j++) {
                    some[j] = update("s" + (i + j), "STEP", "SUCCEED").build();
                }
                next = token(bench.checkpoint(arn, next, some));
            }
            String last = next;
            assertThatThrownBy(() -> bench.checkpoint(arn, last, START))
                    .hasMessageContaining("3000 operations");
            assertThat(all(arn, last)).hasSize(3_001);
        });
    }

    private List<Operation> all(String arn, String token) {
        List<Operation> all = new ArrayList<>();
        String marker = null;
        do {
            GetDurableExecutionStateResponse page =
                    bench.service
                            .executions()
                            .state(
                                    GetDurableExecutionStateRequest.builder()
                                            .durableExecutionArn(arn)
                                            .checkpointToken(token)
                                            .maxItems(1_000)
                                            .marker(marker)
                                            .build(),
                                    Bench.ROOT);
            all.addAll(page.operations());
            marker = page.nextMarker();
        } while (marker != null);
        return all;
    }

    @Test
    void whatLiesBelowAnEndedContextIsToldOnlyIfItIsToBeReplayed() {
        inside((arn, token) -> {
            String next =
                    token(
                            bench.checkpoint(
                                    arn,
                                    token,
                                    update("c", "CONTEXT", "START").build(),
                                    update("a", "STEP", "SUCCEED").parentId("c").build(),
                                    update("d", "CONTEXT", "START").parentId("c").build(),
                                    update("b", "STEP", "SUCCEED").parentId("d").build()));
            assertThat(all(arn, next)).hasSize(5);
            String ended =
                    token(bench.checkpoint(arn, next, update("c", "CONTEXT", "SUCCEED").build()));
            assertThat(all(arn, ended)).extracting(Operation::id).hasSize(2).contains("c");
        });
    }

    @Test
    void aStepThatFailsIsReadyAgainAfterItsDelay() {
        bench.handler =
                turn -> {
                    if (bench.turns.size() == 1) {
                        bench.checkpoint(
                                turn.arn(),
                                turn.token(),
                                START,
                                update("a", "STEP", "RETRY")
                                        .error(ErrorObject.builder().errorMessage("no").build())
                                        .stepOptions(
                                                StepOptions.builder()
                                                        .nextAttemptDelaySeconds(7)
                                                        .build())
                                        .build());
                        return Bench.PENDING;
                    }
                    assertThat(turn.operation("a").get("Status")).isEqualTo("READY");
                    bench.checkpoint(turn.arn(), turn.token(), DONE);
                    return "{\"Status\":\"SUCCEEDED\",\"Result\":\"1\"}";
                };
        String arn = bench.start(null, "{}");
        bench.settle();
        bench.pass(6);
        assertThat(bench.turns).hasSize(1);
        bench.pass(1);
        assertThat(bench.turns).hasSize(2);
        assertThat(bench.status(arn)).isEqualTo("SUCCEEDED");
        assertThat(bench.eventTypes(arn))
                .containsExactly(
                        "ExecutionStarted",
                        "StepStarted",
                        "StepFailed",
                        "InvocationCompleted",
                        "StepSucceeded",
                        "InvocationCompleted",
                        "ExecutionSucceeded");
    }
}
