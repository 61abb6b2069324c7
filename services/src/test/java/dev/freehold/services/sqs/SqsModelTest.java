package dev.freehold.services.sqs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.sqs.ChangeMessageVisibilityRequest;
import dev.freehold.api.sqs.CreateQueueRequest;
import dev.freehold.api.sqs.DeleteMessageRequest;
import dev.freehold.api.sqs.Message;
import dev.freehold.api.sqs.ReceiveMessageRequest;
import dev.freehold.api.sqs.ReceiveMessageResponse;
import dev.freehold.api.sqs.SendMessageRequest;
import dev.freehold.protocol.ServiceError;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random operations on a queue and on a list that stands for one: they agree on every answer.
final class SqsModelTest {
    private static final int STEPS = 600;

    private final SqsBench bench = new SqsBench();
    private final Map<String, Entry> model = new LinkedHashMap<>();
    private final Map<String, String> handles = new HashMap<>();

    /// A message as the model has it.
    private static final class Entry {
        final String id;
        final String group;
        final int number;
        long visibleAt;
        boolean received;

        Entry(String id, String group, int number, long visibleAt) {
            this.id = id;
            this.group = group;
            this.number = number;
            this.visibleAt = visibleAt;
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42})
    void aStandardQueueIsItsModel(long seed) {
        run(seed, false);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 42})
    void aFifoQueueIsItsModel(long seed) {
        run(seed, true);
    }

    private void run(long seed, boolean fifo) {
        Random random = new Random(seed);
        String url = create(fifo);
        for (int step = 0; step < STEPS; step++) {
            String where = "seed " + seed + " step " + step;
            switch (random.nextInt(6)) {
                case 0, 1 -> send(url, fifo, step, random);
                case 2, 3 -> receive(url, fifo, 1 + random.nextInt(10), random, where);
                case 4 -> touch(url, random);
                default -> bench.clock.advance(Duration.ofMillis(random.nextInt(4000)));
            }
        }
    }

    private String create(boolean fifo) {
        return requireNonNull(
                bench.sqs
                        .createQueue(
                                CreateQueueRequest.builder()
                                        .queueName(fifo ? "q.fifo" : "q")
                                        .attributes(fifo ? Map.of("FifoQueue", "true") : null)
                                        .build(),
                                SqsBench.ALICE)
                        .queueUrl());
    }

    private void send(String url, boolean fifo, int step, Random random) {
        String group = "g" + random.nextInt(4);
        int delay = fifo ? 0 : random.nextInt(3);
        String id =
                requireNonNull(
                        bench.sqs
                                .sendMessage(
                                        SendMessageRequest.builder()
                                                .queueUrl(url)
                                                .messageBody("m" + step)
                                                .messageGroupId(fifo ? group : null)
                                                .messageDeduplicationId(fifo ? "d" + step : null)
                                                .delaySeconds(delay == 0 ? null : delay)
                                                .build(),
                                        SqsBench.ALICE)
                                .messageId());
        long visibleAt = bench.clock.millis() + delay * 1000L;
        model.put(id, new Entry(id, group, step, visibleAt));
    }

    private void receive(String url, boolean fifo, int max, Random random, String where) {
        int visibility = random.nextInt(6);
        ReceiveMessageResponse got =
                bench.sqs.receiveMessage(
                        ReceiveMessageRequest.builder()
                                .queueUrl(url)
                                .maxNumberOfMessages(max)
                                .visibilityTimeout(visibility)
                                .build(),
                        SqsBench.ALICE);
        List<Message> messages = got.messages() == null ? List.of() : got.messages();
        List<Entry> expected = fifo ? fifo(max) : standard(max);

        assertThat(messages)
                .as(where)
                .extracting(Message::messageId)
                .containsExactlyElementsOf(expected.stream().map(entry -> entry.id).toList());
        for (Message message : messages) {
            Entry entry = requireNonNull(model.get(message.messageId()));
            entry.visibleAt = bench.clock.millis() + visibility * 1000L;
            entry.received = true;
            handles.put(message.messageId(), message.receiptHandle());
        }
    }

    private List<Entry> standard(int max) {
        return model.values().stream()
                .filter(entry -> entry.visibleAt <= bench.clock.millis())
                .sorted(
                        Comparator.<Entry>comparingLong(entry -> entry.visibleAt)
                                .thenComparing(entry -> entry.id))
                .limit(max)
                .toList();
    }

    private List<Entry> fifo(int max) {
        Map<String, List<Entry>> groups = new HashMap<>();
        model.values()
                .forEach(entry ->
                        groups.computeIfAbsent(entry.group, _ -> new ArrayList<>()).add(entry));
        List<List<Entry>> turns = new ArrayList<>(groups.values());
        turns.sort(
                Comparator.<List<Entry>>comparingLong(group -> group.getFirst().visibleAt)
                        .thenComparing(group -> group.getFirst().number));
        List<Entry> expected = new ArrayList<>();
        for (List<Entry> group : turns) {
            for (Entry entry : group) {
                if (entry.visibleAt > bench.clock.millis() || expected.size() == max) {
                    break;
                }
                expected.add(entry);
            }
        }
        return expected;
    }

    /// Deletes a message that was received, or changes its visibility.
    private void touch(String url, Random random) {
        List<Entry> received =
                model.values().stream()
                        .filter(entry -> entry.received && entry.visibleAt > bench.clock.millis())
                        .toList();
        if (received.isEmpty()) {
            return;
        }
        Entry entry = received.get(random.nextInt(received.size()));
        String handle = handles.getOrDefault(entry.id, "");
        if (random.nextBoolean()) {
            bench.sqs.deleteMessage(
                    DeleteMessageRequest.builder().queueUrl(url).receiptHandle(handle).build(),
                    SqsBench.ALICE);
            model.remove(entry.id);
            return;
        }
        int seconds = random.nextInt(5);
        try {
            bench.sqs.changeMessageVisibility(
                    ChangeMessageVisibilityRequest.builder()
                            .queueUrl(url)
                            .receiptHandle(handle)
                            .visibilityTimeout(seconds)
                            .build(),
                    SqsBench.ALICE);
            entry.visibleAt = bench.clock.millis() + seconds * 1000L;
        } catch (ServiceError e) {
            throw new AssertionError("in flight, and yet refused", e);
        }
    }
}
