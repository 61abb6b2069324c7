package dev.freehold.storage.contract;

import static dev.freehold.storage.contract.Stores.BYTES;
import static dev.freehold.storage.contract.Stores.COUNTERS;
import static dev.freehold.storage.contract.Stores.OTHERS;
import static dev.freehold.storage.contract.Stores.TEXTS;
import static dev.freehold.storage.contract.Stores.between;
import static dev.freehold.storage.contract.Stores.entries;
import static dev.freehold.storage.contract.Stores.get;
import static dev.freehold.storage.contract.Stores.list;
import static dev.freehold.storage.contract.Stores.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.StoreLimitException;
import dev.freehold.storage.StoreLimits;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction.Direction;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What one transaction sees of itself, what it may do, and what is left when it fails.
public interface TransactionContract extends Stores {
    @Test
    default void aTransactionReadsItsOwnWrites(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> {
                tx.put(TEXTS, "b", "stored");
                tx.put(TEXTS, "c", "stored");
                tx.put(TEXTS, "d", "stored");
                tx.put(OTHERS, "a", "another table's");
            });
            store.updateOnly(tx -> {
                tx.put(TEXTS, "a", "mine");
                tx.put(TEXTS, "c", "mine");
                tx.delete(TEXTS, "d");
                tx.put(TEXTS, "e", "mine");
                assertThat(tx.get(TEXTS, "c")).isEqualTo("mine");
                assertThat(tx.peek(TEXTS, "c")).isEqualTo("mine");
                assertThat(tx.get(TEXTS, "d")).isNull();
                assertThat(list(tx, TEXTS, KeyRange.ALL, Direction.FORWARD, 9))
                        .containsExactly("a=mine", "b=stored", "c=mine", "e=mine");
                assertThat(list(tx, TEXTS, KeyRange.ALL, Direction.REVERSE, 9))
                        .containsExactly("e=mine", "c=mine", "b=stored", "a=mine");
                assertThat(list(tx, TEXTS, KeyRange.ALL, Direction.FORWARD, 3))
                        .containsExactly("a=mine", "b=stored", "c=mine");
                assertThat(list(tx, TEXTS, KeyRange.ALL, Direction.REVERSE, 2))
                        .containsExactly("e=mine", "c=mine");
                assertThat(list(tx, TEXTS, between("b", "e"), Direction.FORWARD, 9))
                        .containsExactly("b=stored", "c=mine");
            });
            assertThat(store.read(Stores::texts))
                    .containsExactly("a=mine", "b=stored", "c=mine", "e=mine");
        }
    }

    @Test
    default void aRemovedRangeIsRemovedForItsOwnTransactionToo(@TempDir Path folder)
            throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> {
                for (String key : List.of("a", "b", "c", "d")) {
                    tx.put(TEXTS, key, "stored");
                }
            });
            store.updateOnly(tx -> {
                tx.put(TEXTS, "bb", "before");
                tx.deleteRange(TEXTS, between("b", "d"));
                assertThat(texts(tx)).containsExactly("a=stored", "d=stored");
                assertThat(tx.get(TEXTS, "b")).isNull();
                assertThat(tx.get(TEXTS, "bb")).isNull();
                tx.put(TEXTS, "c", "after");
                assertThat(list(tx, TEXTS, KeyRange.ALL, Direction.REVERSE, 9))
                        .containsExactly("d=stored", "c=after", "a=stored");
                tx.deleteRange(TEXTS, between("x", "x"));
                tx.deleteRange(TEXTS, between("z", "x"));
            });
            assertThat(store.read(Stores::texts))
                    .containsExactly("a=stored", "c=after", "d=stored");
        }
    }

    @Test
    default void additionsFollowTheWritesBeforeThem(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> {
                tx.put(COUNTERS, "put", 100L);
                tx.put(COUNTERS, "deleted", 100L);
                tx.put(COUNTERS, "range", 100L);
                tx.put(COUNTERS, "zero", 5L);
            });
            store.updateOnly(tx -> {
                tx.put(COUNTERS, "put", 10L);
                tx.add(COUNTERS, "put", 1);
                tx.delete(COUNTERS, "deleted");
                tx.add(COUNTERS, "deleted", 2);
                tx.deleteRange(COUNTERS, between("r", "s"));
                tx.add(COUNTERS, "range", 3);
                tx.add(COUNTERS, "new", 4);
                tx.add(COUNTERS, "zero", -5);
                tx.add(COUNTERS, "overwritten", 9);
                tx.put(COUNTERS, "overwritten", 1L);
                assertThat(tx.get(COUNTERS, "new")).isEqualTo(4);
                assertThat(list(tx, COUNTERS, between("n", "s"), Direction.FORWARD, 9))
                        .containsExactly("new=4", "overwritten=1", "put=11", "range=3");
            });
            assertThat(entries(store, COUNTERS, Direction.FORWARD, 9))
                    .containsExactly("deleted=2", "new=4", "overwritten=1", "put=11", "range=3");
        }
    }

    @Test
    default void aCursorDoesNotSeeWhatIsWrittenWhileItIsOpen(@TempDir Path folder)
            throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> {
                tx.put(TEXTS, "a", "1");
                tx.put(TEXTS, "c", "1");
            });
            store.updateOnly(tx -> {
                try (Cursor<String, String> cursor = tx.scan(TEXTS, KeyRange.ALL, 9)) {
                    assertThat(cursor.next()).isTrue();
                    tx.put(TEXTS, "b", "2");
                    tx.delete(TEXTS, "c");
                    assertThat(cursor.next()).isTrue();
                    assertThat(cursor.key()).isEqualTo("c");
                    assertThat(cursor.next()).isFalse();
                    assertThat(cursor.next()).isFalse();
                }
            });
            assertThat(store.read(Stores::texts)).containsExactly("a=1", "b=2");
        }
    }

    @Test
    default void tablesLieSideBySide(@TempDir Path folder) throws Exception {
        Table<String, String> low = new Table<>(255, "low", Codecs.STRING_KEY, Codecs.STRING);
        Table<String, String> high = new Table<>(256, "high", Codecs.STRING_KEY, Codecs.STRING);
        Table<String, String> last = new Table<>(65534, "last", Codecs.STRING_KEY, Codecs.STRING);
        try (Store store = open(folder)) {
            store.updateOnly(tx -> {
                for (Table<String, String> table : List.of(low, high, last)) {
                    tx.put(table, "", table.name());
                    tx.put(table, "\uFFFF", table.name());
                }
            });
            for (Table<String, String> table : List.of(low, high, last)) {
                for (Direction direction : Direction.values()) {
                    assertThat(entries(store, table, direction, 9))
                            .hasSize(2)
                            .allMatch(entry -> entry.endsWith(table.name()));
                }
            }
            store.updateOnly(tx -> tx.deleteRange(high, KeyRange.ALL));
            assertThat(get(store, low, "\uFFFF")).isNotNull();
            assertThat(get(store, last, "")).isNotNull();
        }
    }

    @Test
    default void whatABodyThrowsIsThrownOnAndNothingIsWritten(@TempDir Path folder)
            throws Exception {
        try (Store store = open(folder)) {
            RuntimeException thrown = new RuntimeException("stop");
            assertThatThrownBy(() ->
                            store.updateOnly(tx -> {
                                tx.put(TEXTS, "a", "1");
                                throw thrown;
                            }))
                    .isSameAs(thrown);
            assertThat(store.read(Stores::texts)).isEmpty();
        }
    }

    @Test
    default void anAdditionToWhatIsNoCounterFailsAlone(@TempDir Path folder) throws Exception {
        Table<String, Boolean> set = new Table<>(5, "set", Codecs.STRING_KEY, Codecs.PRESENT);
        Table<String, Long> wrong = new Table<>(5, "wrong", Codecs.STRING_KEY, Codecs.INT64);
        try (Store store = open(folder)) {
            store.updateOnly(tx -> tx.put(set, "a", true));
            assertThatThrownBy(() ->
                            store.updateOnly(tx -> {
                                tx.put(OTHERS, "a", "must not stay");
                                tx.add(wrong, "a", 1);
                            }))
                    .isInstanceOf(RuntimeException.class);
            assertThat(get(store, OTHERS, "a")).isNull();
            store.updateOnly(tx -> tx.put(OTHERS, "a", "works"));
            assertThat(get(store, OTHERS, "a")).isEqualTo("works");
        }
    }

    @Test
    default void aReadMustNotWrite(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            assertThatThrownBy(() ->
                            store.read(tx -> {
                                tx.put(TEXTS, "a", "1");
                                return true;
                            }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(store.read(Stores::texts)).isEmpty();
        }
    }

    @Test
    default void aBodyMustNotBeginAnotherUpdate(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            assertThatThrownBy(() ->
                            store.updateOnly(tx -> store.updateOnly(in -> in.put(TEXTS, "a", "1"))))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(store.read(Stores::texts)).isEmpty();
        }
    }

    @Test
    default void aTransactionIsNotUsedAfterItsBody(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            var escaped = store.update(tx -> tx);
            assertThatThrownBy(() -> escaped.get(TEXTS, "a"))
                    .isInstanceOf(IllegalStateException.class);
            var read = store.read(tx -> tx);
            assertThatThrownBy(() -> read.get(TEXTS, "a"))
                    .isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    default void aCursorMustBeClosed(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            store.updateOnly(tx -> tx.put(TEXTS, "a", "1"));
            assertThatThrownBy(() ->
                            store.updateOnly(tx -> {
                                tx.scan(TEXTS, KeyRange.ALL, 9).next();
                                tx.put(TEXTS, "b", "1");
                            }))
                    .isInstanceOf(IllegalStateException.class);
            assertThat(store.read(Stores::texts)).containsExactly("a=1");
        }
    }

    @Test
    default void aValueHasALimit(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            // Three bytes say how long the bytes are.
            byte[] most = new byte[StoreLimits.MAX_VALUE_BYTES - 3];
            store.updateOnly(tx -> tx.put(BYTES, "a", most));
            assertThat(get(store, BYTES, "a")).hasSize(most.length);
            byte[] tooLong = new byte[most.length + 1];
            assertThatThrownBy(() ->
                            store.updateOnly(tx -> {
                                tx.put(TEXTS, "b", "must not stay");
                                tx.put(BYTES, "b", tooLong);
                            }))
                    .isInstanceOf(StoreLimitException.class)
                    .hasMessage("A value of test.bytes has 65537 bytes; the most is 65536");
            assertThat(store.read(Stores::texts)).isEmpty();
        }
    }

    @Test
    default void aKeyHasALimit(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            String most = "k".repeat(StoreLimits.MAX_KEY_BYTES - 4);
            store.updateOnly(tx -> tx.put(TEXTS, most, "1"));
            assertThat(get(store, TEXTS, most)).isEqualTo("1");
            assertThatThrownBy(() -> store.updateOnly(tx -> tx.put(TEXTS, most + "k", "1")))
                    .isInstanceOf(StoreLimitException.class);
            assertThatThrownBy(() -> store.read(tx -> tx.get(TEXTS, most + "k")))
                    .isInstanceOf(StoreLimitException.class);
        }
    }

    @Test
    default void aTransactionWritesSoMuchAndNoMore(@TempDir Path folder) throws Exception {
        byte[] value = new byte[60_000];
        int fit = StoreLimits.MAX_WRITTEN_BYTES / 60_100;
        try (Store store = open(folder)) {
            store.updateOnly(tx -> {
                for (int i = 0; i < fit; i++) {
                    tx.put(BYTES, "first" + i, value);
                }
            });
            assertThatThrownBy(() ->
                            store.updateOnly(tx -> {
                                for (int i = 0; i < fit + 2; i++) {
                                    tx.put(BYTES, "second" + i, value);
                                }
                            }))
                    .isInstanceOf(StoreLimitException.class);
            assertThat(get(store, BYTES, "first" + (fit - 1))).isNotNull();
            assertThat(get(store, BYTES, "second0")).isNull();
        }
    }

    @Test
    default void anUpdateReadsSoMuchAndNoMore(@TempDir Path folder) throws Exception {
        try (Store store = open(folder)) {
            assertThatThrownBy(() ->
                            store.updateOnly(tx -> {
                                for (int i = 0; i <= StoreLimits.MAX_READS; i++) {
                                    tx.get(TEXTS, "k" + i);
                                }
                            }))
                    .isInstanceOf(StoreLimitException.class);
        }
    }

    @Test
    default void aTransactionTakesSoLongAndNoLonger(@TempDir Path folder) throws Exception {
        AtomicLong nanos = new AtomicLong();
        long most = StoreLimits.MAX_DURATION.toNanos();
        try (Store store = open(folder, nanos::get)) {
            store.updateOnly(tx -> {
                nanos.addAndGet(most);
                tx.put(TEXTS, "in time", "1");
            });
            assertThatThrownBy(() ->
                            store.updateOnly(tx -> {
                                tx.put(TEXTS, "late", "1");
                                nanos.addAndGet(most + 1);
                            }))
                    .isInstanceOf(StoreLimitException.class);
            assertThatThrownBy(() ->
                            store.read(tx -> {
                                nanos.addAndGet(most + 1);
                                return tx.get(TEXTS, "late");
                            }))
                    .isInstanceOf(StoreLimitException.class);
            assertThat(store.read(Stores::texts)).containsExactly("in time=1");
        }
    }
}
