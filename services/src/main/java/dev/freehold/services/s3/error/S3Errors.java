package dev.freehold.services.s3.error;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.jspecify.annotations.Nullable;

/// S3's errors that more than one operation answers with.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>.
public final class S3Errors {
    private static final String BUCKET_NAME = "BucketName";

    private S3Errors() {}

    public static S3Error accessDenied() {
        return S3Error.of(403, "AccessDenied", "Access Denied");
    }

    public static S3Error noSuchBucket(String bucket) {
        return S3Error.of(404, "NoSuchBucket", "The specified bucket does not exist")
                .with(BUCKET_NAME, bucket);
    }

    public static S3Error noSuchKey(String key) {
        return S3Error.of(404, "NoSuchKey", "The specified key does not exist.").with("Key", key);
    }

    public static S3Error noSuchVersion(String key, String versionId) {
        return S3Error.of(404, "NoSuchVersion", "The specified version does not exist.")
                .with("Key", key)
                .with("VersionId", versionId);
    }

    public static S3Error noSuchUpload(String uploadId) {
        return S3Error.of(
                        404,
                        "NoSuchUpload",
                        "The specified upload does not exist. The upload ID may be invalid, or the"
                                + " upload may have been aborted or completed.")
                .with("UploadId", uploadId);
    }

    public static S3Error invalidBucketName(String bucket) {
        return S3Error.of(400, "InvalidBucketName", "The specified bucket is not valid.")
                .with(BUCKET_NAME, bucket);
    }

    public static S3Error invalidArgument(
            @Nullable String message, String name, @Nullable String value) {
        return S3Error.of(400, "InvalidArgument", message)
                .with("ArgumentName", name)
                .with("ArgumentValue", value);
    }

    public static S3Error invalidRequest(String message) {
        return S3Error.of(400, "InvalidRequest", message);
    }

    public static S3Error malformedXml() {
        return S3Error.of(
                400,
                "MalformedXML",
                "The XML you provided was not well-formed or did not validate against our"
                        + " published schema");
    }

    /// A configuration of a bucket that is not set, by the code and text of its kind.
    public static S3Error notConfigured(String code, String message, String bucket) {
        return S3Error.of(404, code, message).with(BUCKET_NAME, bucket);
    }

    public static S3Error preconditionFailed(String condition) {
        return S3Error.of(
                        412,
                        "PreconditionFailed",
                        "At least one of the pre-conditions you specified did not hold")
                .with("Condition", condition);
    }

    /// The answer of a read whose reader already has what it asks for. It has no body.
    public static S3Error notModified(String eTag, Instant modified) {
        DateTimeFormatter format = DateTimeFormatter.RFC_1123_DATE_TIME;
        return S3Error.of(304, "NotModified", "Not Modified")
                .withHeader("ETag", '"' + eTag + '"')
                .withHeader("Last-Modified", format.format(modified.atOffset(ZoneOffset.UTC)));
    }

    public static S3Error invalidRange(String range, long size) {
        return S3Error.of(416, "InvalidRange", "The requested range is not satisfiable")
                .with("RangeRequested", range)
                .with("ActualObjectSize", Long.toString(size))
                .withHeader("Content-Range", "bytes */" + size);
    }

    public static S3Error methodNotAllowedOnMarker(String method) {
        return S3Error.of(
                        405,
                        "MethodNotAllowed",
                        "The specified method is not allowed against this resource.")
                .with("Method", method)
                .with("ResourceType", "DeleteMarker")
                .withHeader("x-amz-delete-marker", "true")
                .withHeader("Allow", "DELETE");
    }

    public static S3Error entityTooLarge(long size, long most) {
        return S3Error.of(
                        400,
                        "EntityTooLarge",
                        "Your proposed upload exceeds the maximum allowed size")
                .with("ProposedSize", Long.toString(size))
                .with("MaxSizeAllowed", Long.toString(most));
    }

    /// What S3 says of a header whose function it doesn't have, and what we say of one that we
    /// don't.
    public static S3Error headerNotImplemented(String header, @Nullable String more) {
        return S3Error.of(
                        501,
                        "NotImplemented",
                        "A header you provided implies functionality that is not implemented")
                .with("Header", header)
                .with("additionalMessage", more);
    }

    /// A feature of S3 that Freehold doesn't have yet.
    public static S3Error notImplemented(String feature) {
        return S3Error.of(501, "NotImplemented", feature + " is not implemented");
    }

    public static S3Error conflict(String condition, String key) {
        return S3Error.of(
                        409,
                        "ConditionalRequestConflict",
                        "The conditional request cannot succeed due to a conflicting operation"
                                + " against this resource.")
                .with("Condition", condition)
                .with("Key", key);
    }
}
