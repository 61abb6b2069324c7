package dev.freehold.services.lambda.sources;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.sqs.Message;
import dev.freehold.protocol.Arn;
import dev.freehold.services.lambda.run.Lineage;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class BatchTest {
    private static final Arn QUEUE =
            requireNonNull(Arn.parse("arn:aws:sqs:us-east-1:000000000000:q"));
    private static final String FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:f";

    /// A message that has been through the function that often.
    private static Message message(String id, int hops) {
        String header = null;
        for (int i = 0; i < hops; i++) {
            header = next(header);
        }
        Map<String, String> attributes =
                header == null ? Map.of() : Map.of("AWSTraceHeader", header);
        return Message.builder().messageId(id).attributes(attributes).build();
    }

    private static String next(@Nullable String header) {
        String root = "1-00000000-000000000000000000000000";
        return Lineage.next(header, FUNCTION, root, "0000000000000000", false);
    }

    @Test
    void whatLoopsIsRefusedAlone() {
        List<Message> messages =
                List.of(
                        message("new", 0),
                        message("last", Lineage.MAX_HOPS),
                        message("more", Lineage.MAX_HOPS - 1));

        List<Batch> batches = new Batch(QUEUE, messages).byLoops(FUNCTION);

        assertThat(batches)
                .extracting(batch -> batch.messages().stream().map(Message::messageId).toList())
                .containsExactlyInAnyOrder(List.of("new", "more"), List.of("last"));
    }

    @Test
    void theHeaderIsThatOfTheMessageThatCameTheFarthest() {
        Batch batch = new Batch(QUEUE, List.of(message("a", 1), message("b", 3), message("c", 2)));

        assertThat(batch.byLoops(FUNCTION)).containsExactly(batch);
        assertThat(Lineage.hops(batch.trace(FUNCTION), FUNCTION)).isEqualTo(3);
    }
}
