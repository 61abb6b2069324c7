package dev.freehold.storage.contract;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// What a contract's tests are run against, and what they share.
public interface Stores {
    Table<String, String> TEXTS = new Table<>(1, "test.texts", Codecs.STRING_KEY, Codecs.STRING);
    Table<String, String> OTHERS = new Table<>(2, "test.others", Codecs.STRING_KEY, Codecs.STRING);
    Table<String, Long> COUNTERS = new Table<>(3, "test.counters", Codecs.STRING_KEY, Codecs.INT64);
    Table<String, byte[]> BYTES = new Table<>(4, "test.bytes", Codecs.STRING_KEY, Codecs.BYTES);

    /// Opens the engine's store in a folder: again, when it was there before.
    ///
    /// @param nanoTime the clock for the limit on a transaction's time
    Store open(Path folder, LongSupplier nanoTime) throws IOException;

    /// Whether what was written is there after closing and opening again.
    boolean durable();

    /// Opens a store with the machine's clock.
    default Store open(Path folder) throws IOException {
        return open(folder, System::nanoTime);
    }

    /// Does something on another thread and waits for its end.
    static void elsewhere(Runnable work) {
        AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        Thread thread =
                Thread.ofVirtual().uncaughtExceptionHandler((_, e) -> failure.set(e)).start(work);
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        Throwable thrown = failure.get();
        if (thrown != null) {
            throw new CompletionException(thrown);
        }
    }

    /// Puts a text, on another thread.
    static void putElsewhere(Store store, String key, String value) {
        elsewhere(() -> store.updateOnly(tx -> tx.put(TEXTS, key, value)));
    }

    /// The entries of a scan as `key=value`.
    static <V> List<String> list(
            Transaction tx,
            Table<String, V> table,
            KeyRange range,
            Transaction.Direction direction,
            int limit) {
        List<String> found = new ArrayList<>();
        try (Cursor<String, V> cursor = tx.scan(table, range, direction, limit)) {
            while (cursor.next()) {
                found.add(cursor.key() + "=" + cursor.value());
            }
        }
        return found;
    }

    /// A value, read alone.
    static <V> @Nullable V get(Store store, Table<String, V> table, String key) {
        return store.read(tx -> tx.get(table, key));
    }

    /// A table's entries as `key=value`, read alone.
    static <V> List<String> entries(
            Store store, Table<String, V> table, Transaction.Direction direction, int limit) {
        return store.read(tx -> list(tx, table, KeyRange.ALL, direction, limit));
    }

    /// All texts as `key=value`.
    static List<String> texts(Transaction tx) {
        return list(tx, TEXTS, KeyRange.ALL, Transaction.Direction.FORWARD, 1000);
    }

    /// From one text (inclusive) to another (exclusive).
    static KeyRange between(String from, String to) {
        return KeyRange.between(out -> out.string(from), out -> out.string(to));
    }
}
