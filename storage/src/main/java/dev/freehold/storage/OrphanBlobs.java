package dev.freehold.storage;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;

/// Removes blobs that no row names: what a crash left between a blob and its row.
///
/// A blob goes when two looks found it so. Their distance keeps it from writers under way: it is to
/// be much longer than any request takes from the end of its blob to its row, and it is one of time
/// that passed, not of a file's date, which a clock that was set may have made old.
public final class OrphanBlobs {
    /// The most blobs that one look finds.
    private static final int MAX_SUSPECTS = 10_000;

    private final Blobs blobs;
    private final Supplier<Predicate<String>> naming;
    private Set<String> suspects = Set.of();

    /// @param naming whether some row names the blob of an id; asked for at each look
    public OrphanBlobs(Blobs blobs, Supplier<Predicate<String>> naming) {
        this.blobs = blobs;
        this.naming = naming;
    }

    /// Looks for orphans, and removes those that the look before found too.
    ///
    /// @param before blobs that were written later are not looked at
    /// @return how many are left for the next look
    public synchronized int look(Instant before) throws IOException {
        Predicate<String> named = naming.get();
        List<String> orphans = new ArrayList<>();
        blobs.forEach(
                before,
                id -> {
                    if (orphans.size() < MAX_SUSPECTS && !named.test(id)) {
                        orphans.add(id);
                    }
                });
        Set<String> left = new HashSet<>();
        for (String orphan : orphans) {
            if (suspects.contains(orphan)) {
                blobs.delete(orphan);
            } else {
                left.add(orphan);
            }
        }
        suspects = left;
        return left.size();
    }
}
