package dev.freehold.storage;

import java.util.function.Consumer;
import java.util.function.Function;

/// An ordered, transactional, durable key-value store.
public interface Store extends AutoCloseable {
    /// Runs `body` at one snapshot. It must not write.
    <T extends @org.jspecify.annotations.Nullable Object> T read(Function<Transaction, T> body);

    /// Runs `body` and commits what it wrote, all or nothing. On return the commit is durable. The
    /// body may run several times: it must be pure. What it throws ends the transaction without a
    /// trace and is thrown on, whereupon nothing has been written.
    ///
    /// @throws StoreConflictException when it lost against others more often than the bound allows
    /// @throws StoreLimitException when it wrote or read more than a transaction may
    <T extends @org.jspecify.annotations.Nullable Object> T update(Function<Transaction, T> body);

    /// [#update(Function)] without a result.
    default void updateOnly(Consumer<Transaction> body) {
        update(tx -> {
            body.accept(tx);
            return Boolean.TRUE;
        });
    }

    /// Ends all work. Transactions that were not acknowledged may be lost.
    @Override
    void close();
}
