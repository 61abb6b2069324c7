package dev.freehold.services.s3.state;

import dev.freehold.services.s3.state.S3Tables.GarbageKey;
import dev.freehold.services.s3.state.S3Tables.PartKey;
import dev.freehold.storage.Blobs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Bytes that no version names any more: written down in the transaction that forgot them, removed
/// later.
public final class Garbage {
    /// How long bytes outlive their version.
    public static final Duration GRACE = Duration.ofHours(1);

    /// The most blobs that one sweep removes.
    private static final int BATCH = 500;

    private final Store store;
    private final Blobs blobs;

    public Garbage(Store store, Blobs blobs) {
        this.store = store;
        this.blobs = blobs;
    }

    /// Writes down that a version's bytes are garbage.
    static void add(Transaction tx, Version version, Instant now) {
        if (version.content() != null) {
            add(tx, version.bytes().id(), version.bytes().inParts(), now);
        }
    }

    /// Writes down that a blob, or all that is stored under a content's id, is garbage.
    public static void add(Transaction tx, String content, boolean inParts, Instant now) {
        if (!content.isEmpty()) {
            tx.put(S3Tables.GARBAGE, new GarbageKey(now.plus(GRACE), content, inParts), true);
        }
    }

    /// Whether a blob is S3's, also when it is garbage.
    public boolean names(String blob) {
        return store.read(tx -> tx.get(S3Tables.BLOBS, blob)) != null;
    }

    /// Removes what is due. Called from time to time.
    ///
    /// @return whether there may be more that is due
    public boolean sweep(Instant now) {
        List<GarbageKey> due = store.read(tx -> due(tx, now));
        try {
            for (GarbageKey key : due) {
                remove(key);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return due.size() == BATCH;
    }

    private void remove(GarbageKey key) throws IOException {
        if (key.inParts()) {
            removeParts(key);
            return;
        }
        blobs.delete(key.content());
        store.updateOnly(tx -> {
            tx.delete(S3Tables.BLOBS, key.content());
            tx.delete(S3Tables.GARBAGE, key);
        });
    }

    private static List<GarbageKey> due(Transaction tx, Instant now) {
        KeyRange until = KeyRange.ALL.endingBefore(out -> out.instant(now));
        List<GarbageKey> due = new ArrayList<>();
        try (Cursor<GarbageKey, Boolean> rows = tx.scan(S3Tables.GARBAGE, until, BATCH)) {
            while (rows.next()) {
                due.add(rows.key());
            }
        }
        return due;
    }

    private void removeParts(GarbageKey key) throws IOException {
        List<Part> parts;
        do {
            parts = store.read(tx -> parts(tx, key.content()));
            for (Part part : parts) {
                if (!part.blob().isEmpty()) {
                    blobs.delete(part.blob());
                }
            }
            List<Part> removed = parts;
            store.updateOnly(tx -> forget(tx, key, removed));
        } while (parts.size() == BATCH);
    }

    private static List<Part> parts(Transaction tx, String content) {
        List<Part> parts = new ArrayList<>();
        try (Cursor<PartKey, Part> rows =
                tx.scan(S3Tables.PARTS, S3Tables.ofParts(content), BATCH)) {
            while (rows.next()) {
                parts.add(rows.value());
            }
        }
        return parts;
    }

    private static void forget(Transaction tx, GarbageKey key, List<Part> parts) {
        for (Part part : parts) {
            tx.delete(S3Tables.PARTS, new PartKey(key.content(), part.number()));
            if (!part.blob().isEmpty()) {
                tx.delete(S3Tables.BLOBS, part.blob());
            }
        }
        if (parts.size() < BATCH) {
            tx.delete(S3Tables.GARBAGE, key);
        }
    }
}
