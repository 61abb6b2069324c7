package dev.freehold.services.s3.listing;

import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.OlderKey;
import dev.freehold.services.s3.state.S3Tables.UploadKey;
import dev.freehold.services.s3.state.Upload;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.state.Versions;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;
import java.util.Objects;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Walks over what a bucket holds.
public final class Walks {
    private static final int LIMIT = Page.MOST_STEPS + 1;

    private Walks() {}

    /// An object, under its key.
    public record Listed(String key, Version version) {}

    /// A version, under its key.
    ///
    /// @param latest whether it is the current one
    public record ListedVersion(String key, Version version, boolean latest)
            implements Page.Versioned {
        @Override
        public String versionId() {
            return version.id();
        }
    }

    /// An upload, under its key.
    public record ListedUpload(String key, Upload upload) implements Page.Versioned {
        @Override
        public String versionId() {
            return upload.id();
        }
    }

    /// The current objects of a bucket. Delete markers are there, but not listed.
    public static Entries<Listed> objects(Transaction tx, String bucket, String prefix) {
        return position -> {
            KeyRange range = range(bucket, prefix, position);
            Cursor<ObjectName, Version> rows = tx.scan(S3Tables.CURRENT, range, LIMIT);
            return walk(
                    rows,
                    ObjectName::key,
                    () ->
                            rows.value().isMarker()
                                    ? null
                                    : new Listed(rows.key().key(), rows.value()));
        };
    }

    /// The uploads of a bucket that are under way.
    public static Entries<ListedUpload> uploads(Transaction tx, String bucket, String prefix) {
        return position -> {
            KeyRange range = range(bucket, prefix, position);
            if (position instanceof Position.AfterKey(String key, String id) && id != null) {
                range =
                        S3Tables.ofKeys(bucket, prefix)
                                .startingAfter(out -> out.string(bucket).string(key).string(id));
            }
            Cursor<UploadKey, Upload> rows = tx.scan(S3Tables.UPLOADS, range, LIMIT);
            return walk(
                    rows,
                    key -> key.name().key(),
                    () -> new ListedUpload(rows.key().name().key(), rows.value()));
        };
    }

    /// All versions and delete markers of a bucket, the newest of each key first.
    public static Entries<ListedVersion> versions(Transaction tx, String bucket, String prefix) {
        return position -> {
            KeyRange current = range(bucket, prefix, position);
            KeyRange older = current;
            String group = null;
            if (position instanceof Position.AfterKey(String key, String id) && id != null) {
                group = key;
                older = olderAfter(tx, new ObjectName(bucket, key), id, prefix);
            }
            return new VersionWalk(
                    tx.scan(S3Tables.CURRENT, current, LIMIT),
                    tx.scan(S3Tables.OLDER, older, LIMIT),
                    group);
        };
    }

    /// The older versions after one of a key, and those of all later keys.
    private static KeyRange olderAfter(
            Transaction tx, ObjectName name, String versionId, String prefix) {
        KeyRange all = S3Tables.ofKeys(name.bucket(), prefix);
        Version version = Versions.find(tx, name, versionId);
        if (version == null || !version.id().equals(versionId)) {
            return all.startingAfter(S3Tables.key(name));
        }
        long sequence = version.sequence();
        return all.startingAfter(
                out -> out.string(name.bucket()).string(name.key()).int64(-sequence));
    }

    private static KeyRange range(String bucket, String prefix, Position position) {
        KeyRange all = S3Tables.ofKeys(bucket, prefix);
        return switch (position) {
            case Position.Beginning() -> all;
            case Position.AfterKey(String key, _) ->
                    all.startingAfter(S3Tables.key(new ObjectName(bucket, key)));
            case Position.AfterPrefix(String last) ->
                    all.startingAfter(out -> out.string(bucket).stringPrefix(last));
        };
    }

    private static <K, V, T> Entries.Walk<T> walk(
            Cursor<K, V> rows, Function<K, String> key, Supplier<@Nullable T> entry) {
        return new Entries.Walk<>() {
            @Override
            public boolean next() {
                return rows.next();
            }

            @Override
            public String key() {
                return key.apply(rows.key());
            }

            @Override
            public @Nullable T value() {
                return entry.get();
            }

            @Override
            public void close() {
                rows.close();
            }
        };
    }

    /// Merges two tables: after each current version come the older ones of its key.
    private static final class VersionWalk implements Entries.Walk<ListedVersion> {
        private final Cursor<ObjectName, Version> current;
        private final Cursor<OlderKey, Version> older;
        private boolean olderThere;
        private @Nullable String group;
        private @Nullable ListedVersion entry;

        VersionWalk(
                Cursor<ObjectName, Version> current,
                Cursor<OlderKey, Version> older,
                @Nullable String group) {
            this.current = current;
            this.older = older;
            this.group = group;
            this.olderThere = older.next();
        }

        @Override
        public boolean next() {
            if (olderThere && older.key().name().key().equals(group)) {
                entry = new ListedVersion(group, older.value(), false);
                olderThere = older.next();
                return true;
            }
            if (!current.next()) {
                entry = null;
                return false;
            }
            String key = current.key().key();
            group = key;
            entry = new ListedVersion(key, current.value(), true);
            return true;
        }

        @Override
        public String key() {
            return Objects.requireNonNull(group);
        }

        @Override
        public @Nullable ListedVersion value() {
            return entry;
        }

        @Override
        public void close() {
            current.close();
            older.close();
        }
    }
}
