package dev.freehold.services.deliveries;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.sqs.QueueDoesNotExist;
import dev.freehold.protocol.Blob;
import dev.freehold.services.FakeClock;
import dev.freehold.services.deliveries.DeliveryHandler.Outcome;
import dev.freehold.storage.Store;
import dev.freehold.storage.memory.MemoryStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

final class DispatcherTest {
    private static final RetryPolicy THREE_TIMES =
            new RetryPolicy(
                    3, Duration.ofHours(1), Duration.ofSeconds(10), Duration.ofSeconds(15), "arn");

    private final FakeClock clock = new FakeClock();
    private final Store store = new MemoryStore();
    private final List<String> performed = new ArrayList<>();
    private final List<String> buried = new ArrayList<>();

    @Test
    void aFailureIsTriedAgainAfterGrowingPausesAndThenBuried() {
        Dispatcher dispatcher = dispatcher(delivery -> new Outcome.Retry("down"));
        enqueue(dispatcher, delivery("a", THREE_TIMES));

        dispatcher.dispatchDue();
        dispatcher.dispatchDue();
        assertThat(performed).hasSize(1);
        clock.advance(Duration.ofSeconds(10));
        dispatcher.dispatchDue();
        assertThat(performed).hasSize(2);
        clock.advance(Duration.ofSeconds(14));
        dispatcher.dispatchDue();
        assertThat(performed).hasSize(2);
        assertThat(buried).isEmpty();
        clock.advance(Duration.ofSeconds(1));
        dispatcher.dispatchDue();

        assertThat(performed).hasSize(3);
        assertThat(buried).containsExactly("a: down");
        assertThat(dead()).isEqualTo("down");
    }

    @Test
    void aDeliveryThatWouldBeTooOldIsBuriedAtOnce() {
        Dispatcher dispatcher = dispatcher(delivery -> new Outcome.Retry("down"));
        RetryPolicy young =
                new RetryPolicy(
                        100,
                        Duration.ofSeconds(5),
                        Duration.ofSeconds(10),
                        Duration.ofSeconds(10),
                        null);
        enqueue(dispatcher, delivery("a", young));

        dispatcher.dispatchDue();

        assertThat(buried).containsExactly("a: down");
    }

    @Test
    void aDeadLetterTargetThatRefusesEndsTheDelivery() {
        Dispatcher dispatcher =
                new Dispatcher(
                        store,
                        clock,
                        Runnable::run,
                        Map.of("k", delivery -> new Outcome.Dead("gone")),
                        (delivery, reason) -> {
                            throw new QueueDoesNotExist("no queue");
                        });
        enqueue(dispatcher, delivery("a", THREE_TIMES));

        dispatcher.dispatchDue();
        dispatcher.dispatchDue();

        assertThat(dead()).isEqualTo("gone; its dead-letter target refused it: no queue");
    }

    @Test
    void aLaneIsPerformedInOrderAndWaitsForWhatFails() {
        List<Outcome> outcomes =
                new ArrayList<>(
                        List.of(
                                new Outcome.Done(),
                                new Outcome.Retry("down"),
                                new Outcome.Done(),
                                new Outcome.Done()));
        Dispatcher dispatcher = dispatcher(delivery -> outcomes.removeFirst());
        for (String id : List.of("c", "a", "b")) {
            enqueue(dispatcher, delivery(id, THREE_TIMES).inLane("lane"));
        }

        for (int i = 0; i < 5; i++) {
            dispatcher.dispatchDue();
        }
        assertThat(performed).containsExactly("c", "a");
        clock.advance(Duration.ofSeconds(10));
        for (int i = 0; i < 5; i++) {
            dispatcher.dispatchDue();
        }

        assertThat(performed).containsExactly("c", "a", "a", "b");
    }

    @Test
    void anotherDispatcherGoesOnAfterACrash() {
        Dispatcher crashed =
                new Dispatcher(store, clock, work -> {}, Map.of("k", handler()), this::bury);
        enqueue(crashed, delivery("a", THREE_TIMES));
        crashed.dispatchDue();
        assertThat(performed).isEmpty();

        dispatcher(delivery -> new Outcome.Done()).dispatchDue();

        assertThat(performed).containsExactly("a");
    }

    @Test
    void aTargetThatHangsHoldsUpNoOther() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(10);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Dispatcher dispatcher =
                    new Dispatcher(
                            store,
                            clock,
                            threads,
                            Map.of(
                                    "k",
                                    delivery -> {
                                        if (delivery.target().equals("slow")) {
                                            await(hangs);
                                        } else {
                                            others.countDown();
                                        }
                                        return new Outcome.Done();
                                    }),
                            this::bury);
            for (int i = 0; i < 2000; i++) {
                enqueue(dispatcher, delivery("s" + i, "slow"));
            }
            clock.advance(Duration.ofMillis(1));
            for (int i = 0; i < 10; i++) {
                enqueue(dispatcher, delivery("f" + i, "fast" + i));
            }
            while (!dispatcher.dispatchDue().isAfter(clock.instant())) {
                // More is due.
            }

            assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
            hangs.countDown();
        }
    }

    @Test
    void targetsThatHangHoldUpNeitherOthersOfTheirKindNorOtherKinds() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch others = new CountDownLatch(20);
        DeliveryHandler handler =
                delivery -> {
                    if (delivery.target().startsWith("slow")) {
                        await(hangs);
                    } else {
                        others.countDown();
                    }
                    return new Outcome.Done();
                };
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Dispatcher dispatcher =
                    new Dispatcher(
                            store, clock, threads, Map.of("k", handler, "l", handler), this::bury);
            for (int i = 0; i < 2000; i++) {
                enqueue(dispatcher, delivery("s" + i, "slow" + i % 20));
            }
            clock.advance(Duration.ofMillis(1));
            for (int i = 0; i < 10; i++) {
                enqueue(dispatcher, delivery("f" + i, "fast" + i));
                enqueue(dispatcher, delivery("g" + i, "l", "fast" + i));
            }
            while (!dispatcher.dispatchDue().isAfter(clock.instant())) {
                // More is due.
            }

            assertThat(others.await(10, TimeUnit.SECONDS)).isTrue();
            hangs.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private DeliveryHandler handler() {
        return delivery -> new Outcome.Done();
    }

    private Dispatcher dispatcher(Function<Delivery, Outcome> outcome) {
        return new Dispatcher(
                store,
                clock,
                Runnable::run,
                Map.of(
                        "k",
                        delivery -> {
                            performed.add(delivery.id());
                            return outcome.apply(delivery);
                        }),
                this::bury);
    }

    private void bury(Delivery delivery, String reason) {
        buried.add(delivery.id() + ": " + reason);
    }

    private String dead() {
        return store.read(tx -> DeliveriesTables.dead(tx, "000000000000", 1)).getFirst().reason();
    }

    private void enqueue(Dispatcher dispatcher, Delivery delivery) {
        store.updateOnly(tx -> dispatcher.enqueue(tx, delivery, clock.instant()));
    }

    private Delivery delivery(String id, RetryPolicy retry) {
        return new Delivery(
                id,
                "k",
                "000000000000",
                "us-east-1",
                "target",
                Map.of(),
                Blob.EMPTY,
                clock.instant(),
                0,
                retry);
    }

    private Delivery delivery(String id, String target) {
        return delivery(id, "k", target);
    }

    private Delivery delivery(String id, String kind, String target) {
        return new Delivery(
                id,
                kind,
                "000000000000",
                "us-east-1",
                target,
                Map.of(),
                Blob.EMPTY,
                clock.instant(),
                0,
                THREE_TIMES);
    }
}
