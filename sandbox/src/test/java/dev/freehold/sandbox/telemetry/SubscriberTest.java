package dev.freehold.sandbox.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Batches, and what becomes of events that nobody takes.
final class SubscriberTest {
    private final Taker taker = new Taker();
    private Subscriber subscriber = subscriber(30_000);

    /// Takes one batch for each word that it is given.
    private static final class Taker implements Destination {
        private final BlockingQueue<String> words = new LinkedBlockingQueue<>();
        private final BlockingQueue<List<byte[]>> taken = new LinkedBlockingQueue<>();

        @Override
        public void deliver(List<byte[]> events) throws IOException {
            try {
                if (words.take().equals("fail")) {
                    throw new IOException("no");
                }
                taken.add(events);
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        @Override
        public void close() {}

        List<String> next() throws InterruptedException {
            List<byte[]> events = taken.poll(10, TimeUnit.SECONDS);
            assertThat(events).isNotNull();
            return events.stream().map(e -> new String(e, StandardCharsets.UTF_8)).toList();
        }
    }

    private Subscriber subscriber(int timeout) {
        String json =
                "{\"types\":[\"function\"],\"destination\":{\"protocol\":\"TCP\",\"port\":1},"
                        + "\"buffering\":{\"maxItems\":1000,\"timeoutMs\":"
                        + timeout
                        + "}}";
        try {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            return new Subscriber(
                    Subscription.parse(Api.LOGS, bytes), taker, InstantSource.system());
        } catch (Subscription.InvalidException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void close() {
        subscriber.close();
    }

    private void offer(int count) {
        for (int i = 0; i < count; i++) {
            subscriber.offer(new TelemetryEvent(Instant.EPOCH, "function", "line " + i));
        }
    }

    @Test
    void aFullBatchIsDeliveredAtOnce() throws Exception {
        taker.words.add("take");
        offer(1000);

        assertThat(taker.next()).hasSize(1000);
    }

    @Test
    void aBatchThatIsNotFullIsDeliveredAfterItsTime() throws Exception {
        subscriber.close();
        subscriber = subscriber(25);
        taker.words.add("take");
        offer(3);

        assertThat(taker.next()).isNotEmpty();
    }

    @Test
    void whatWaitsCanBeAskedFor() throws Exception {
        taker.words.add("take");
        offer(3);
        subscriber.flush();

        assertThat(taker.next()).hasSize(3);
    }

    @Test
    void whatIsTooMuchIsDroppedAndCounted() throws Exception {
        offer(5000); // the first 1,000 are offered, 2,000 wait
        for (int i = 0; i < 3; i++) {
            taker.words.add("take");
        }
        subscriber.flush();
        int lines = 0;
        String lost = "";
        while (lines < 3000) {
            List<String> batch = taker.next();
            lines += batch.size();
            if (batch.getLast().contains("platform.logsDropped")) {
                lost = batch.getLast();
                lines--;
            }
        }

        assertThat(lines).isGreaterThanOrEqualTo(3000);
        assertThat(lost)
                .contains("\"droppedRecords\":" + (5000 - lines))
                .contains("downstream consumer is slower than the logs production rate");
    }

    @Test
    void aBatchIsOfferedAgainAndInTheEndGivenUp() throws Exception {
        taker.words.add("fail");
        taker.words.add("take");
        offer(1000);
        assertThat(taker.next()).hasSize(1000);
        for (int i = 0; i < 6; i++) {
            taker.words.add("fail");
        }
        taker.words.add("take");
        offer(2000);

        assertThat(taker.next().getLast())
                .contains("\"droppedRecords\":1000,\"reason\":\"could not send events: no\"");
    }
}
