package dev.freehold.storage;

import dev.freehold.storage.contract.BlobsContract;
import dev.freehold.storage.memory.MemoryBlobs;
import java.nio.file.Path;
import java.time.InstantSource;

/// Blobs in memory keep the contract.
final class MemoryBlobsTest implements BlobsContract {
    @Override
    public Blobs open(Path folder) {
        return new MemoryBlobs(InstantSource.system());
    }
}
