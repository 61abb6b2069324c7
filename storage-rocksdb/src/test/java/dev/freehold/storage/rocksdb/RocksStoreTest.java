package dev.freehold.storage.rocksdb;

import dev.freehold.storage.Store;
import dev.freehold.storage.contract.StoreContract;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/// The embedded engine keeps the contract.
final class RocksStoreTest implements StoreContract {
    @Override
    public Store open(Path folder, LongSupplier nanoTime) throws IOException {
        return new RocksStore(folder, nanoTime);
    }

    @Override
    public boolean durable() {
        return true;
    }
}
