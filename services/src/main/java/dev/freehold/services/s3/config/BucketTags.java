package dev.freehold.services.s3.config;

import dev.freehold.api.s3.Tag;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.rules.Tags;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.SettingKey;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Buckets' tags, and tags as requests and answers have them.
public final class BucketTags {
    private static final String SETTING = "tagging";

    private BucketTags() {}

    /// The tags of a new bucket.
    public static Map<String, String> ofNew(List<Tag> given) {
        for (Tag tag : given) {
            if (tag.key() != null && tag.key().startsWith("aws:")) {
                throw S3Error.of(
                        400,
                        "InvalidTag",
                        "User-defined tag keys can't start with \"aws:\". This prefix is reserved"
                                + " for system tags. Remove \"aws:\" from your tag keys and try"
                                + " again.");
            }
        }
        return checked(given);
    }

    /// The tags of a request, by the rules of buckets.
    static Map<String, String> checked(List<Tag> given) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Tag tag : given) {
            if (tag.key() != null && tag.key().startsWith("aws:")) {
                throw S3Error.of(
                                400,
                                "InvalidTag",
                                "System tags cannot be added/updated by requester")
                        .with("TagKey", tag.key());
            }
            Tags.add(tags, tag.key(), tag.value());
        }
        if (tags.size() > Tags.MOST_OF_BUCKET) {
            throw S3Error.of(
                    400,
                    "BadRequest",
                    "Bucket tag count cannot be greater than " + Tags.MOST_OF_BUCKET);
        }
        return tags;
    }

    public static Map<String, String> get(Transaction tx, String bucket) {
        byte[] bytes = S3Tables.setting(tx, bucket, SETTING);
        return bytes == null ? Map.of() : new ValueReader(bytes).strings();
    }

    /// Sets the tags; none at all is as if there had never been any.
    public static void put(Transaction tx, String bucket, Map<String, String> tags) {
        SettingKey key = new SettingKey(bucket, SETTING);
        if (tags.isEmpty()) {
            tx.delete(S3Tables.SETTINGS, key);
        } else {
            tx.put(S3Tables.SETTINGS, key, new ValueWriter().strings(tags).toBytes());
        }
    }

    public static List<Tag> shown(Map<String, String> tags) {
        return tags.entrySet().stream()
                .map(tag -> Tag.builder().key(tag.getKey()).value(tag.getValue()).build())
                .toList();
    }
}
