package dev.freehold.services.s3.notify;

import dev.freehold.services.json.Json;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A change of an object, as it is told.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html>.
///
/// @param name such as `ObjectCreated:Put`
/// @param time when it happened
/// @param cause the request that made it
/// @param bucket the bucket
/// @param object the object, as it is after the change
public record Event(String name, Instant time, Cause cause, Bucket bucket, Changed object) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);

    /// Who asked for it.
    ///
    /// @param principalId such as `AWS:AROA...:session`
    /// @param sourceIp where from
    /// @param requestId the request's id
    public record Cause(String principalId, String sourceIp, String requestId) {}

    /// Where it happened.
    ///
    /// @param ownerId the id of the account that owns it
    public record Bucket(String name, String arn, String region, String ownerId) {}

    /// What was changed.
    ///
    /// @param versionId null in buckets without versions
    /// @param sequence grows with each change of the same key
    /// @param restored what was restored from the archives, or null
    public record Changed(
            String key,
            long size,
            String eTag,
            @Nullable String versionId,
            long sequence,
            @Nullable Restored restored) {}

    /// A restoration from the archives.
    ///
    /// @param until until when the object can be read
    /// @param storageClass the archive
    public record Restored(Instant until, String storageClass) {}

    /// The message to a target.
    ///
    /// @param configurationId the id of the rule that asked for it
    public String message(String configurationId) {
        return Json.write(Map.of("Records", List.of(record(configurationId))));
    }

    /// The message that a target gets when it is configured.
    public static String testMessage(Bucket bucket, Instant time, String requestId) {
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("Service", "Amazon S3");
        message.put("Event", "s3:TestEvent");
        message.put("Time", TIME.format(time));
        message.put("Bucket", bucket.name());
        message.put("RequestId", requestId);
        message.put("HostId", hostId(requestId));
        return Json.write(message);
    }

    private Map<String, Object> record(String configurationId) {
        Map<String, Object> record = new LinkedHashMap<>();
        // AWS: these two came later, with a newer version of the record.
        boolean newer = name.startsWith("ObjectTagging:") || name.startsWith("ObjectAcl:");
        record.put("eventVersion", newer ? "2.3" : "2.1");
        record.put("eventSource", "aws:s3");
        record.put("awsRegion", bucket.region());
        record.put("eventTime", TIME.format(time));
        record.put("eventName", name);
        record.put("userIdentity", Map.of("principalId", cause.principalId()));
        record.put("requestParameters", Map.of("sourceIPAddress", cause.sourceIp()));
        Map<String, Object> response = new LinkedHashMap<>();
        response.put("x-amz-request-id", cause.requestId());
        response.put("x-amz-id-2", hostId(cause.requestId()));
        record.put("responseElements", response);
        record.put("s3", content(configurationId, newer));
        Restored restored = object.restored();
        if (restored != null) {
            Map<String, Object> data = new LinkedHashMap<>();
            data.put("lifecycleRestorationExpiryTime", TIME.format(restored.until()));
            data.put("lifecycleRestoreStorageClass", restored.storageClass());
            record.put("glacierEventData", Map.of("restoreEventData", data));
        }
        return record;
    }

    private Map<String, Object> content(String configurationId, boolean newer) {
        Map<String, Object> where = new LinkedHashMap<>();
        where.put("name", bucket.name());
        where.put("ownerIdentity", Map.of("principalId", bucket.ownerId()));
        where.put("arn", bucket.arn());
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("s3SchemaVersion", "1.0");
        content.put("configurationId", configurationId);
        content.put("bucket", where);
        content.put("object", what(newer));
        return content;
    }

    private Map<String, Object> what(boolean newer) {
        Map<String, Object> what = new LinkedHashMap<>();
        what.put("key", encoded(object.key()));
        boolean created = name.startsWith("ObjectCreated:") || name.startsWith("ObjectRestore:");
        boolean marker = name.endsWith(":DeleteMarkerCreated");
        if (created) {
            what.put("size", object.size());
        }
        if (created || newer || marker) {
            what.put("eTag", object.eTag());
        }
        if (object.versionId() != null) {
            what.put("versionId", object.versionId());
        }
        if (!newer) {
            what.put("sequencer", String.format(Locale.ROOT, "%016X", object.sequence()));
        }
        return what;
    }

    /// The id of the host that answered: there is one, and each answer has another id, as AWS's.
    private static String hostId(String requestId) {
        return "freehold/" + requestId;
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8).replace("%2F", "/");
    }
}
