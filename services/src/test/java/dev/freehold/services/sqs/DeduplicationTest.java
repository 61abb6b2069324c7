package dev.freehold.services.sqs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.api.sqs.DeleteMessageRequest;
import dev.freehold.api.sqs.Message;
import dev.freehold.api.sqs.ReceiveMessageRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DeduplicationTest {
    private final SqsBench bench = new SqsBench();
    private final String url = bench.create("q.fifo", Map.of("FifoQueue", "true"));

    @Test
    void aMessageIsTakenOnceInFiveMinutes() {
        bench.send(url, "a", "g", "same");
        bench.clock.advance(Duration.ofSeconds(299));
        bench.send(url, "b", "g", "same");
        bench.clock.advance(Duration.ofSeconds(1));
        bench.send(url, "c", "g", "same");

        assertThat(bench.receive(url)).extracting(Message::bodyValue).containsExactly("a", "c");
    }

    @Test
    void aReceiveThatIsRepeatedGetsTheSame() {
        bench.send(url, "a", "g", "1");
        ReceiveMessageRequest attempt =
                ReceiveMessageRequest.builder()
                        .queueUrl(url)
                        .receiveRequestAttemptId("try")
                        .build();

        List<Message> first = bench.sqs.receiveMessage(attempt, SqsBench.ALICE).messages();
        List<Message> second = bench.sqs.receiveMessage(attempt, SqsBench.ALICE).messages();

        assertThat(second).isEqualTo(first);
    }

    @Test
    void anExpiredHandleDeletesNothing() {
        bench.send(url, "a", "g", "1");
        String handle = bench.receive(url).getFirst().receiptHandle();
        bench.clock.advance(Duration.ofSeconds(31));

        assertThatThrownBy(() ->
                        bench.sqs.deleteMessage(
                                DeleteMessageRequest.builder()
                                        .queueUrl(url)
                                        .receiptHandle(handle)
                                        .build(),
                                SqsBench.ALICE))
                .hasMessageContaining("The receipt handle has expired.");
        assertThat(bench.receive(url)).hasSize(1);
    }
}
