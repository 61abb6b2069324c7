package dev.freehold.storage.memory;

import dev.freehold.storage.Blobs;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;

/// Blobs in memory, for tests.
public final class MemoryBlobs implements Blobs {
    private final Map<String, Stored> blobs = new ConcurrentHashMap<>();
    private final AtomicLong next = new AtomicLong();
    private final InstantSource clock;

    private record Stored(byte[] bytes, Instant written) {}

    public MemoryBlobs(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public String write(InputStream bytes) throws IOException {
        String id = "blob-" + next.incrementAndGet();
        blobs.put(id, new Stored(bytes.readAllBytes(), clock.instant()));
        return id;
    }

    @Override
    public InputStream read(String id, long offset, long length) throws IOException {
        byte[] bytes = stored(id).bytes;
        int from = (int) Math.min(offset, bytes.length);
        return new ByteArrayInputStream(bytes, from, (int) Math.min(length, bytes.length - from));
    }

    @Override
    public long size(String id) throws IOException {
        return stored(id).bytes.length;
    }

    @Override
    public void delete(String id) {
        blobs.remove(id);
    }

    @Override
    public void forEach(Instant before, Consumer<String> action) {
        blobs.forEach((id, stored) -> {
            if (stored.written.isBefore(before)) {
                action.accept(id);
            }
        });
    }

    /// How many there are.
    public int count() {
        return blobs.size();
    }

    private Stored stored(String id) throws FileNotFoundException {
        Stored stored = blobs.get(id);
        if (stored == null) {
            throw new FileNotFoundException("There is no blob " + id);
        }
        return stored;
    }
}
