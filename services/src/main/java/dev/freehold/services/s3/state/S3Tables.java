package dev.freehold.services.s3.state;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.KeyCodec;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import java.time.Instant;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// S3's tables. What lies in them is in the package's description.
public final class S3Tables {
    public static final Table<String, Bucket> BUCKETS =
            new Table<>(150, "s3.buckets", Codecs.STRING_KEY, Bucket.CODEC);

    public static final Table<OwnedKey, Boolean> OWNED =
            new Table<>(151, "s3.owned", OwnedKey.CODEC, Codecs.PRESENT);

    public static final Table<SettingKey, byte[]> SETTINGS =
            new Table<>(152, "s3.settings", SettingKey.CODEC, Codecs.BYTES);

    public static final Table<ObjectName, Version> CURRENT =
            new Table<>(153, "s3.current", ObjectName.CODEC, Version.CODEC);

    public static final Table<OlderKey, Version> OLDER =
            new Table<>(154, "s3.older", OlderKey.CODEC, Version.CODEC);

    public static final Table<ObjectName, Long> NULLS =
            new Table<>(155, "s3.nulls", ObjectName.CODEC, Codecs.INT64);

    public static final Table<UploadKey, Upload> UPLOADS =
            new Table<>(156, "s3.uploads", UploadKey.CODEC, Upload.CODEC);

    public static final Table<PartKey, Part> PARTS =
            new Table<>(157, "s3.parts", PartKey.CODEC, Part.CODEC);

    public static final Table<String, Boolean> BLOBS =
            new Table<>(158, "s3.blobs", Codecs.STRING_KEY, Codecs.PRESENT);

    public static final Table<GarbageKey, Boolean> GARBAGE =
            new Table<>(159, "s3.garbage", GarbageKey.CODEC, Codecs.PRESENT);

    public static final Table<OlderKey, Instant> RESTORED =
            new Table<>(
                    160,
                    "s3.restored",
                    OlderKey.CODEC,
                    Codecs.of((out, until) -> out.instant(until), ValueReader::instant));

    public static final Table<String, Long> STORED_BYTES =
            new Table<>(161, "s3.stored-bytes", Codecs.STRING_KEY, Codecs.INT64);

    private S3Tables() {}

    /// A bucket by its owner.
    public record OwnedKey(String account, String bucket) {
        static final KeyCodec<OwnedKey> CODEC =
                Codecs.key(
                        (key, out) -> out.string(key.account).string(key.bucket),
                        in -> new OwnedKey(in.string(), in.string()));
    }

    /// A configuration of a bucket.
    public record SettingKey(String bucket, String kind) {
        static final KeyCodec<SettingKey> CODEC =
                Codecs.key(
                        (key, out) -> out.string(key.bucket).string(key.kind),
                        in -> new SettingKey(in.string(), in.string()));
    }

    /// A version that is not the current one.
    public record OlderKey(ObjectName name, long sequence) {
        static final KeyCodec<OlderKey> CODEC =
                Codecs.key(
                        (key, out) ->
                                out.string(key.name.bucket())
                                        .string(key.name.key())
                                        .int64(-key.sequence),
                        in -> new OlderKey(new ObjectName(in.string(), in.string()), -in.int64()));
    }

    /// An upload. Ids grow with time, so those of one key come in the order of their beginning.
    public record UploadKey(ObjectName name, String id) {
        static final KeyCodec<UploadKey> CODEC =
                Codecs.key(
                        (key, out) ->
                                out.string(key.name.bucket()).string(key.name.key()).string(key.id),
                        in -> new UploadKey(new ObjectName(in.string(), in.string()), in.string()));
    }

    /// A part.
    public record PartKey(String content, int number) {
        static final KeyCodec<PartKey> CODEC =
                Codecs.key(
                        (key, out) -> out.string(key.content).int32(key.number),
                        in -> new PartKey(in.string(), in.int32()));
    }

    /// Bytes that nobody names.
    ///
    /// @param inParts whether `content` is what parts are stored under, not a blob
    public record GarbageKey(Instant due, String content, boolean inParts) {
        static final KeyCodec<GarbageKey> CODEC =
                Codecs.key(
                        (key, out) ->
                                out.instant(key.due).string(key.content).uint8(key.inParts ? 1 : 0),
                        in -> new GarbageKey(in.instant(), in.string(), in.uint8() == 1));
    }

    /// All rows of a bucket in a table whose keys begin with its name.
    public static KeyRange ofBucket(String bucket) {
        return KeyRange.prefix(out -> out.string(bucket));
    }

    /// All rows of a bucket's keys with a prefix.
    public static KeyRange ofKeys(String bucket, String prefix) {
        return KeyRange.prefix(out -> out.string(bucket).stringPrefix(prefix));
    }

    /// All rows of one key.
    public static KeyRange ofKey(ObjectName name) {
        return KeyRange.prefix(key(name));
    }

    /// A key as the beginning of a row's.
    public static Consumer<KeyWriter> key(ObjectName name) {
        return out -> out.string(name.bucket()).string(name.key());
    }

    /// All parts under a content's id.
    public static KeyRange ofParts(String content) {
        return KeyRange.prefix(out -> out.string(content));
    }

    /// A bucket's setting, or null.
    public static byte @Nullable [] setting(Transaction tx, String bucket, String kind) {
        return tx.get(SETTINGS, new SettingKey(bucket, kind));
    }
}
