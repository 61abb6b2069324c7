package dev.freehold.storage;

import dev.freehold.storage.contract.StoreContract;
import dev.freehold.storage.memory.MemoryStore;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/// The store in memory keeps the contract.
final class MemoryStoreTest implements StoreContract {
    @Override
    public Store open(Path folder, LongSupplier nanoTime) {
        return new MemoryStore(nanoTime);
    }

    @Override
    public boolean durable() {
        return false;
    }
}
