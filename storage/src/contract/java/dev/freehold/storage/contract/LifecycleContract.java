package dev.freehold.storage.contract;

import static dev.freehold.storage.contract.Stores.COUNTERS;
import static dev.freehold.storage.contract.Stores.TEXTS;
import static dev.freehold.storage.contract.Stores.get;
import static dev.freehold.storage.contract.Stores.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.storage.Store;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Opening, closing, and what is there afterwards.
public interface LifecycleContract extends Stores {
    @Test
    default void whatWasAcknowledgedIsThereAfterOpeningAgain(@TempDir Path folder)
            throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> {
                tx.put(TEXTS, "a", "1");
                tx.put(TEXTS, "b", "1");
                tx.add(COUNTERS, "n", 7);
            });
            store.updateOnly(tx -> tx.delete(TEXTS, "b"));
        }
        try (Store store = open(folder)) {
            if (durable()) {
                assertThat(store.read(Stores::texts)).containsExactly("a=1");
                store.updateOnly(tx -> tx.add(COUNTERS, "n", 1));
                assertThat(get(store, COUNTERS, "n")).isEqualTo(8L);
            } else {
                assertThat(store.read(Stores::texts)).isEmpty();
            }
        }
    }

    @Test
    default void aClosedStoreRefuses(@TempDir Path folder) throws Exception {
        Store store = open(folder);
        store.close();
        assertThatThrownBy(() -> store.read(Stores::texts))
                .isInstanceOf(IllegalStateException.class);
        assertThatThrownBy(() -> store.updateOnly(tx -> tx.put(TEXTS, "a", "1")))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    default void closingWaitsForTransactionsThatAreOpen(@TempDir Path folder) throws Exception {
        Store store = open(folder);
        store.updateOnly(tx -> tx.put(TEXTS, "a", "1"));
        CountDownLatch reading = new CountDownLatch(1);
        CountDownLatch closing = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<List<String>> read =
                    threads.submit(() ->
                            store.read(tx -> {
                                reading.countDown();
                                awaitQuietly(closing);
                                return texts(tx);
                            }));
            awaitQuietly(reading);
            Future<?> close = threads.submit(store::close);
            untilRefused(store);
            closing.countDown();
            assertThat(read.get(10, TimeUnit.SECONDS)).containsExactly("a=1");
            close.get(10, TimeUnit.SECONDS);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void untilRefused(Store store) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (System.nanoTime() < end) {
            try {
                store.read(tx -> true);
            } catch (IllegalStateException e) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the store does not close");
    }

    @Test
    default void closingWhileBusyLosesNothingThatWasAcknowledged(@TempDir Path folder)
            throws Exception {
        Store store = open(folder);
        List<Future<Integer>> writers = new ArrayList<>();
        CountDownLatch begun = new CountDownLatch(8);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 8; i++) {
                String name = "w" + i + "-";
                writers.add(threads.submit(() -> write(store, name, begun)));
            }
            awaitQuietly(begun);
            store.close();
        }
        try (Store again = open(folder)) {
            for (int i = 0; i < 8; i++) {
                int acknowledged = writers.get(i).get();
                assertThat(acknowledged).isPositive();
                for (int n = 0; durable() && n < acknowledged; n++) {
                    String key = "w" + i + "-" + n;
                    assertThat(get(again, TEXTS, key)).isEqualTo("1");
                }
            }
        }
    }

    /// Writes until the store is closed.
    ///
    /// @return how many writes were acknowledged
    private static int write(Store store, String name, CountDownLatch begun) {
        int written = 0;
        while (true) {
            try {
                String key = name + written;
                store.updateOnly(tx -> {
                    texts(tx);
                    tx.put(TEXTS, key, "1");
                });
                if (written++ == 0) {
                    begun.countDown();
                }
            } catch (IllegalStateException e) {
                return written;
            }
        }
    }
}
