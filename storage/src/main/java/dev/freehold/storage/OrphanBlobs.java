package dev.freehold.storage;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/// Removes blobs that no row names: what a crash left between a blob and its row.
public final class OrphanBlobs {
    /// The most blobs that one call removes.
    private static final int BATCH = 1000;

    private final Blobs blobs;
    private final Predicate<String> named;

    /// @param named whether some row names the blob of that id; asked again right before a blob
    ///   goes
    public OrphanBlobs(Blobs blobs, Predicate<String> named) {
        this.blobs = blobs;
        this.named = named;
    }

    /// Removes orphans.
    ///
    /// @param before removes only what was written before this: much longer ago than any request
    ///   takes to write the row after its blob
    /// @return how many it removed
    public int collect(Instant before) throws IOException {
        List<String> orphans = new ArrayList<>();
        blobs.forEach(
                before,
                id -> {
                    if (orphans.size() < BATCH && !named.test(id)) {
                        orphans.add(id);
                    }
                });
        for (String orphan : orphans) {
            blobs.delete(orphan);
        }
        return orphans.size();
    }
}
