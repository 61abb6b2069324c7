package dev.freehold.storage.contract;

import static dev.freehold.storage.contract.Stores.COUNTERS;
import static dev.freehold.storage.contract.Stores.TEXTS;
import static dev.freehold.storage.contract.Stores.between;
import static dev.freehold.storage.contract.Stores.elsewhere;
import static dev.freehold.storage.contract.Stores.get;
import static dev.freehold.storage.contract.Stores.list;
import static dev.freehold.storage.contract.Stores.putElsewhere;
import static dev.freehold.storage.contract.Stores.texts;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.StoreLimits;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.Transaction.Direction;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Transactions are strictly serializable: what one reads is what it would read alone. Each test
/// lets another transaction commit in the middle of the first run of a body, and counts the runs.
public interface IsolationContract extends Stores {
    /// Runs a body, with something else in the middle of its first run.
    ///
    /// @return how often the body ran
    private static int runs(
            Store store,
            Consumer<Transaction> before,
            Runnable middle,
            Consumer<Transaction> after) {
        AtomicInteger runs = new AtomicInteger();
        store.updateOnly(tx -> {
            before.accept(tx);
            if (runs.incrementAndGet() == 1) {
                middle.run();
            }
            after.accept(tx);
        });
        return runs.get();
    }

    @Test
    default void aReadSeesOneMoment(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> tx.put(TEXTS, "a", "1"));
            store.read(tx -> {
                assertThat(tx.get(TEXTS, "a")).isEqualTo("1");
                putElsewhere(store, "a", "2");
                putElsewhere(store, "b", "2");
                assertThat(tx.get(TEXTS, "a")).isEqualTo("1");
                assertThat(tx.get(TEXTS, "b")).isNull();
                assertThat(texts(tx)).containsExactly("a=1");
                return true;
            });
            assertThat(store.read(Stores::texts)).containsExactly("a=2", "b=2");
        }
    }

    @Test
    default void anUpdateIsNotLost(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> tx.put(COUNTERS, "n", 1L));
            AtomicLong read = new AtomicLong();
            int runs =
                    runs(
                            store,
                            tx -> read.set(number(tx)),
                            () -> elsewhere(() -> store.updateOnly(IsolationContract::increment)),
                            tx -> tx.put(COUNTERS, "n", read.get() + 1));
            assertThat(runs).isEqualTo(2);
            assertThat(store.read(IsolationContract::number)).isEqualTo(3L);
        }
    }

    private static long number(Transaction tx) {
        Long number = tx.get(COUNTERS, "n");
        return number == null ? 0 : number;
    }

    private static void increment(Transaction tx) {
        tx.put(COUNTERS, "n", number(tx) + 1);
    }

    @Test
    default void writesDoNotSkew(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> {
                tx.put(TEXTS, "ada", "on call");
                tx.put(TEXTS, "bob", "on call");
            });
            AtomicBoolean other = new AtomicBoolean();
            int runs =
                    runs(
                            store,
                            tx -> other.set("on call".equals(tx.get(TEXTS, "bob"))),
                            () -> elsewhere(() -> store.updateOnly(tx -> leave(tx, "bob", "ada"))),
                            tx -> tx.put(TEXTS, "ada", other.get() ? "away" : "on call"));
            assertThat(runs).isEqualTo(2);
            assertThat(store.read(Stores::texts)).containsExactly("ada=on call", "bob=away");
        }
    }

    private static void leave(Transaction tx, String who, String other) {
        if ("on call".equals(tx.get(TEXTS, other))) {
            tx.put(TEXTS, who, "away");
        }
    }

    @Test
    default void aNewKeyInAScannedRangeIsAConflict(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            for (Direction direction : Direction.values()) {
                String key = "m" + direction;
                int runs =
                        runs(
                                store,
                                tx -> list(tx, TEXTS, between("a", "z"), direction, 100),
                                () -> putElsewhere(store, key, "1"),
                                tx -> tx.put(TEXTS, "zz", "written"));
                assertThat(runs).isEqualTo(2);
            }
        }
    }

    @Test
    default void aRemovedKeyInAScannedRangeIsAConflict(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> tx.put(TEXTS, "m", "1"));
            int runs =
                    runs(
                            store,
                            tx -> list(tx, TEXTS, between("a", "z"), Direction.FORWARD, 100),
                            () -> elsewhere(() -> store.updateOnly(tx -> tx.delete(TEXTS, "m"))),
                            tx -> tx.put(TEXTS, "zz", "written"));
            assertThat(runs).isEqualTo(2);
        }
    }

    @Test
    default void aRangeThatIsRemovedIsAConflictForItsReaders(@TempDir Path folder)
            throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> tx.put(TEXTS, "m", "1"));
            Runnable remove =
                    () ->
                            elsewhere(() ->
                                    store.updateOnly(tx -> tx.deleteRange(TEXTS, KeyRange.ALL)));
            int runs = runs(store, tx -> tx.get(TEXTS, "m"), remove, tx -> tx.put(TEXTS, "z", "1"));
            assertThat(runs).isEqualTo(2);
            runs =
                    runs(
                            store,
                            tx -> list(tx, TEXTS, between("y", "zz"), Direction.REVERSE, 9),
                            remove,
                            tx -> tx.put(TEXTS, "a", "1"));
            assertThat(runs).isEqualTo(2);
        }
    }

    @Test
    default void aScanConflictsOnlyWithWhatItPassedOver(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> {
                for (String key : new String[] {"b", "d", "f", "h"}) {
                    tx.put(TEXTS, key, "1");
                }
            });
            assertThat(runsOfScan(store, Direction.FORWARD, "e")).isEqualTo(1);
            assertThat(runsOfScan(store, Direction.FORWARD, "c")).isEqualTo(2);
            assertThat(runsOfScan(store, Direction.FORWARD, "a")).isEqualTo(2);
            store.updateOnly(tx -> {
                tx.deleteRange(TEXTS, KeyRange.ALL);
                for (String key : new String[] {"b", "d", "f", "h"}) {
                    tx.put(TEXTS, key, "1");
                }
            });
            assertThat(runsOfScan(store, Direction.REVERSE, "e")).isEqualTo(1);
            assertThat(runsOfScan(store, Direction.REVERSE, "g")).isEqualTo(2);
            assertThat(runsOfScan(store, Direction.REVERSE, "i")).isEqualTo(2);
        }
    }

    /// Scans two entries while somebody else writes a key.
    private static int runsOfScan(Store store, Direction direction, String written) {
        return runs(
                store,
                tx -> list(tx, TEXTS, KeyRange.ALL, direction, 2),
                () -> putElsewhere(store, written, "2"),
                tx -> tx.put(COUNTERS, "n", 1L));
    }

    @Test
    default void aCursorThatIsClosedEarlyConflictsOnlyWithWhatItPassedOver(@TempDir Path folder)
            throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> {
                tx.put(TEXTS, "b", "1");
                tx.put(TEXTS, "d", "1");
            });
            Consumer<Transaction> first =
                    tx -> {
                        try (Cursor<String, String> cursor = tx.scan(TEXTS, KeyRange.ALL, 100)) {
                            assertThat(cursor.next()).isTrue();
                        }
                    };
            Consumer<Transaction> write = tx -> tx.put(COUNTERS, "n", 1L);
            assertThat(runs(store, first, () -> putElsewhere(store, "c", "2"), write)).isEqualTo(1);
            assertThat(runs(store, first, () -> putElsewhere(store, "b", "2"), write)).isEqualTo(2);
        }
    }

    @Test
    default void aPeekIsNoConflict(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            int runs =
                    runs(
                            store,
                            tx -> tx.peek(TEXTS, "a"),
                            () -> putElsewhere(store, "a", "1"),
                            tx -> tx.put(TEXTS, "b", "1"));
            assertThat(runs).isEqualTo(1);
        }
    }

    @Test
    default void blindWritesDoNotConflict(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            int runs =
                    runs(
                            store,
                            tx -> tx.put(TEXTS, "a", "first"),
                            () -> putElsewhere(store, "a", "second"),
                            tx -> {
                                assertThat(tx.get(TEXTS, "a")).isEqualTo("first");
                                tx.delete(TEXTS, "b");
                                tx.deleteRange(TEXTS, between("x", "z"));
                            });
            assertThat(runs).isEqualTo(1);
            assertThat(store.read(Stores::texts)).containsExactly("a=first");
        }
    }

    @Test
    default void additionsDoNotConflict(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            AtomicInteger runs = new AtomicInteger();
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 400; i++) {
                    threads.execute(() ->
                            store.updateOnly(tx -> {
                                runs.incrementAndGet();
                                tx.add(COUNTERS, "n", 3);
                                tx.add(COUNTERS, "n", -1);
                            }));
                }
            }
            assertThat(runs).hasValue(400);
            assertThat(store.read(IsolationContract::number)).isEqualTo(800L);
        }
    }

    @Test
    default void aCounterThatWasReadConflicts(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            Runnable add = () -> elsewhere(() -> store.updateOnly(tx -> tx.add(COUNTERS, "n", 1)));
            int runs =
                    runs(
                            store,
                            tx -> {
                                tx.add(COUNTERS, "n", 10);
                                number(tx);
                            },
                            add,
                            tx -> tx.add(COUNTERS, "n", 10));
            assertThat(runs).isEqualTo(2);
            assertThat(store.read(IsolationContract::number)).isEqualTo(21L);
        }
    }

    @Test
    default void aHotKeyServesEverybody(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < 500; i++) {
                    threads.execute(() -> store.updateOnly(IsolationContract::increment));
                }
            }
            assertThat(store.read(IsolationContract::number)).isEqualTo(500L);
        }
    }

    /// An opponent writes the key again in each run but the last, which is alone in the store.
    @Test
    default void aBodyThatLosesAgainAndAgainWinsInTheEnd(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            AtomicInteger runs = new AtomicInteger();
            store.updateOnly(tx -> {
                tx.get(TEXTS, "hot");
                if (runs.incrementAndGet() < StoreLimits.MAX_RUNS) {
                    putElsewhere(store, "hot", "opponent " + runs.get());
                }
                tx.put(TEXTS, "hot", "won");
            });
            assertThat(runs).hasValue(StoreLimits.MAX_RUNS);
            assertThat(get(store, TEXTS, "hot")).isEqualTo("won");
        }
    }

    @Test
    default void theLastRunKeepsOthersOut(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            AtomicInteger runs = new AtomicInteger();
            CountDownLatch opponentDone = new CountDownLatch(1);
            store.updateOnly(tx -> {
                tx.get(TEXTS, "hot");
                if (runs.incrementAndGet() < StoreLimits.MAX_RUNS) {
                    putElsewhere(store, "hot", "opponent");
                } else {
                    Thread.ofVirtual()
                            .start(() -> {
                                store.updateOnly(other -> other.put(TEXTS, "hot", "late opponent"));
                                opponentDone.countDown();
                            });
                }
                tx.put(TEXTS, "hot", "won");
            });
            assertThat(runs).hasValue(StoreLimits.MAX_RUNS);
            assertThat(opponentDone.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(get(store, TEXTS, "hot")).isEqualTo("late opponent");
        }
    }
}
