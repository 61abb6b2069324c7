package dev.freehold.services.sqs;

import static java.util.Objects.requireNonNull;

import dev.freehold.api.sqs.CreateQueueRequest;
import dev.freehold.api.sqs.Message;
import dev.freehold.api.sqs.ReceiveMessageRequest;
import dev.freehold.api.sqs.SendMessageRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.services.FakeClock;
import dev.freehold.services.deliveries.Dispatcher;
import dev.freehold.storage.Store;
import dev.freehold.storage.memory.MemoryStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/// SQS over a store in memory, with a clock that tests move.
final class SqsBench {
    static final Caller ALICE =
            new Caller(
                    "000000000000",
                    "us-east-1",
                    new Principal.Root("000000000000"),
                    "request",
                    Map.of(),
                    new Usage());

    final FakeClock clock = new FakeClock();
    final Store store = new MemoryStore();
    final SqsService sqs;
    private final Dispatcher dispatcher;

    SqsBench() {
        AtomicInteger ids = new AtomicInteger();
        LateDeliveries late = new LateDeliveries();
        sqs =
                new SqsService(
                        store,
                        late,
                        clock,
                        () -> String.format("%08d", ids.incrementAndGet()),
                        "http://localhost");
        dispatcher =
                new Dispatcher(
                        store, clock, Runnable::run, sqs.handlers(), (delivery, reason) -> {});
        late.dispatcher = dispatcher;
    }

    /// Performs the deliveries that are due.
    void dispatch() {
        dispatcher.dispatchDue();
    }

    String create(String name, Map<String, String> attributes) {
        return requireNonNull(
                sqs.createQueue(
                                CreateQueueRequest.builder()
                                        .queueName(name)
                                        .attributes(attributes)
                                        .build(),
                                ALICE)
                        .queueUrl());
    }

    void send(String url, String body) {
        sqs.sendMessage(
                SendMessageRequest.builder().queueUrl(url).messageBody(body).build(), ALICE);
    }

    void send(String url, String body, String group, String deduplication) {
        sqs.sendMessage(
                SendMessageRequest.builder()
                        .queueUrl(url)
                        .messageBody(body)
                        .messageGroupId(group)
                        .messageDeduplicationId(deduplication)
                        .build(),
                ALICE);
    }

    List<Message> receive(String url) {
        List<Message> got =
                sqs.receiveMessage(
                                ReceiveMessageRequest.builder()
                                        .queueUrl(url)
                                        .maxNumberOfMessages(10)
                                        .messageSystemAttributeNames(List.of("All"))
                                        .build(),
                                ALICE)
                        .messages();
        return got == null ? List.of() : got;
    }

    /// Deliveries before there is a dispatcher.
    private static final class LateDeliveries
            implements dev.freehold.services.deliveries.Deliveries {
        @org.jspecify.annotations.Nullable Dispatcher dispatcher;

        @Override
        public void enqueue(
                dev.freehold.storage.Transaction tx,
                dev.freehold.services.deliveries.Delivery delivery,
                java.time.Instant due) {
            if (dispatcher != null) {
                dispatcher.enqueue(tx, delivery, due);
            }
        }

        @Override
        public void wake() {}
    }
}
