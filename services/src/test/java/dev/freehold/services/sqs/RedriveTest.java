package dev.freehold.services.sqs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.sqs.ListMessageMoveTasksRequest;
import dev.freehold.api.sqs.Message;
import dev.freehold.api.sqs.StartMessageMoveTaskRequest;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class RedriveTest {
    private static final String DEAD_ARN = "arn:aws:sqs:us-east-1:000000000000:dead";
    private static final String POLICY =
            "{\"deadLetterTargetArn\":\"" + DEAD_ARN + "\",\"maxReceiveCount\":\"1\"}";

    private final SqsBench bench = new SqsBench();
    private String source = "";
    private String dead = "";

    @BeforeEach
    void create() {
        dead = bench.create("dead", Map.of());
        source = bench.create("source", Map.of("RedrivePolicy", POLICY));
    }

    @Test
    void aMessageThatWasReceivedTooOftenGoesToTheDeadLetterQueueAsItWas() {
        bench.send(source, "x");
        Message first = bench.receive(source).getFirst();
        bench.clock.advance(Duration.ofSeconds(31));
        assertThat(bench.receive(source)).isEmpty();

        Message buried = bench.receive(dead).getFirst();

        assertThat(buried.messageId()).isEqualTo(first.messageId());
        assertThat(buried.attributes())
                .containsEntry("ApproximateReceiveCount", "2")
                .containsEntry(
                        "SentTimestamp", requireNonNull(first.attributes()).get("SentTimestamp"))
                .containsEntry(
                        "DeadLetterQueueSourceArn", "arn:aws:sqs:us-east-1:000000000000:source");
    }

    @Test
    void aMoveTaskTakesMessagesBackToWhereTheyCameFrom() {
        bench.send(source, "x");
        bench.receive(source);
        bench.clock.advance(Duration.ofSeconds(31));
        bench.receive(source);

        bench.sqs.startMessageMoveTask(
                StartMessageMoveTaskRequest.builder().sourceArn(DEAD_ARN).build(), SqsBench.ALICE);
        bench.dispatch();

        assertThat(
                        bench.sqs
                                .listMessageMoveTasks(
                                        ListMessageMoveTasksRequest.builder()
                                                .sourceArn(DEAD_ARN)
                                                .build(),
                                        SqsBench.ALICE)
                                .results())
                .first()
                .satisfies(task -> {
                    assertThat(task.status()).isEqualTo("COMPLETED");
                    assertThat(task.approximateNumberOfMessagesMoved()).isEqualTo(1);
                });
        assertThat(bench.receive(dead)).isEmpty();
    }

    @Test
    void aQueueMayRefuseToBeADeadLetterQueue() {
        bench.create("mine", Map.of("RedriveAllowPolicy", "{\"redrivePermission\":\"denyAll\"}"));

        assertThatThrownBy(() ->
                        bench.create(
                                "other", Map.of("RedrivePolicy", POLICY.replace(":dead", ":mine"))))
                .hasMessageContaining("permission");
    }
}
