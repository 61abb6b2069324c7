package dev.freehold.services.s3.state;

import dev.freehold.services.s3.state.Bucket.Versioning;
import dev.freehold.services.s3.state.S3Tables.OlderKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/// The versions of a key: which one is current, and what a write or a delete does to the others.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html>.
public final class Versions {
    private Versions() {}

    /// The current version, which may be a delete marker, or null.
    public static @Nullable Version current(Transaction tx, ObjectName name) {
        return tx.get(S3Tables.CURRENT, name);
    }

    /// The version of that id, or null.
    public static @Nullable Version find(Transaction tx, ObjectName name, String id) {
        Version current = current(tx, name);
        if (current == null || current.id().equals(id)) {
            return current;
        }
        Long sequence =
                id.equals(VersionId.NULL) ? tx.get(S3Tables.NULLS, name) : VersionId.sequence(id);
        if (sequence == null) {
            return null;
        }
        Version older = tx.get(S3Tables.OLDER, new OlderKey(name, sequence));
        return older != null && older.id().equals(id) ? older : null;
    }

    /// Makes a version, or a delete marker, the current one.
    ///
    /// @param unique a text that no other version has
    /// @return the version in its place
    public static Version add(
            Transaction tx, Bucket bucket, ObjectName name, Version version, String unique) {
        Version before = current(tx, name);
        long sequence = sequence(version.modified());
        if (before != null) {
            // INVARIANT: sequences grow in the order of commits, whatever the clocks say.
            sequence = Math.max(sequence, before.sequence() + 1);
        }
        boolean keeps = bucket.versioning() == Versioning.ENABLED;
        String id = keeps ? VersionId.of(sequence, unique) : VersionId.NULL;
        if (before != null) {
            if (!keeps && before.id().equals(VersionId.NULL)) {
                forget(tx, name, before, version.modified());
            } else {
                retire(tx, name, before);
            }
        }
        if (!keeps) {
            removeOlderNull(tx, name, version.modified());
        }
        Version placed = version.at(id, sequence);
        count(tx, name, placed, 1);
        replace(tx, name, placed);
        if (version.content() != null && !version.bytes().inParts()) {
            claim(tx, version.bytes().id());
        }
        return placed;
    }

    private static void forget(Transaction tx, ObjectName name, Version version, Instant now) {
        Garbage.add(tx, version, now);
        count(tx, name, version, -1);
        tx.delete(S3Tables.RESTORED, new OlderKey(name, version.sequence()));
    }

    private static void count(Transaction tx, ObjectName name, Version version, int sign) {
        if (version.content() != null) {
            tx.add(S3Tables.STORED_BYTES, name.bucket(), sign * version.bytes().size());
        }
    }

    /// Writes down that a blob is S3's.
    public static void claim(Transaction tx, String blob) {
        if (!blob.isEmpty()) {
            tx.put(S3Tables.BLOBS, blob, true);
        }
    }

    private static void retire(Transaction tx, ObjectName name, Version version) {
        tx.put(S3Tables.OLDER, new OlderKey(name, version.sequence()), version);
        if (version.id().equals(VersionId.NULL)) {
            tx.put(S3Tables.NULLS, name, version.sequence());
        }
    }

    /// A new null version takes the place of the one that is there, wherever it is.
    private static void removeOlderNull(Transaction tx, ObjectName name, Instant now) {
        Long sequence = tx.get(S3Tables.NULLS, name);
        if (sequence == null) {
            return;
        }
        OlderKey key = new OlderKey(name, sequence);
        Version older = tx.get(S3Tables.OLDER, key);
        if (older != null) {
            forget(tx, name, older, now);
        }
        tx.delete(S3Tables.OLDER, key);
        tx.delete(S3Tables.NULLS, name);
    }

    private static void replace(Transaction tx, ObjectName name, Version version) {
        tx.put(S3Tables.CURRENT, name, version);
    }

    /// Writes a version whose tags, list or lock changed, in its place.
    public static void update(Transaction tx, ObjectName name, Version version) {
        Version current = current(tx, name);
        if (current != null && current.sequence() == version.sequence()) {
            replace(tx, name, version);
        } else {
            tx.put(S3Tables.OLDER, new OlderKey(name, version.sequence()), version);
        }
    }

    /// Removes a version for good. The newest of the older ones becomes current.
    public static void remove(Transaction tx, ObjectName name, Version version, Instant now) {
        forget(tx, name, version, now);
        Version current = current(tx, name);
        if (current == null || current.sequence() != version.sequence()) {
            tx.delete(S3Tables.OLDER, new OlderKey(name, version.sequence()));
            if (version.id().equals(VersionId.NULL)) {
                tx.delete(S3Tables.NULLS, name);
            }
            return;
        }
        Version next = newestOlder(tx, name);
        if (next == null) {
            tx.delete(S3Tables.CURRENT, name);
            return;
        }
        tx.delete(S3Tables.OLDER, new OlderKey(name, next.sequence()));
        if (next.id().equals(VersionId.NULL)) {
            tx.delete(S3Tables.NULLS, name);
        }
        replace(tx, name, next);
    }

    private static @Nullable Version newestOlder(Transaction tx, ObjectName name) {
        try (Cursor<OlderKey, Version> older = tx.scan(S3Tables.OLDER, S3Tables.ofKey(name), 1)) {
            return older.next() ? older.value() : null;
        }
    }

    private static long sequence(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }
}
