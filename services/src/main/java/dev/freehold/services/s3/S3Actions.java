package dev.freehold.services.s3;

import java.util.Map;

/// The IAM actions of S3's operations.
///
/// See <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>.
final class S3Actions {
    /// Operations on objects, with their actions; those on a version have `Version` inserted.
    static final Map<String, String> OBJECT =
            Map.ofEntries(
                    Map.entry("GetObject", "GetObject"),
                    Map.entry("HeadObject", "GetObject"),
                    Map.entry("GetObjectAttributes", "GetObject"),
                    Map.entry("PutObject", "PutObject"),
                    Map.entry("CopyObject", "PutObject"),
                    Map.entry("CreateMultipartUpload", "PutObject"),
                    Map.entry("UploadPart", "PutObject"),
                    Map.entry("UploadPartCopy", "PutObject"),
                    Map.entry("CompleteMultipartUpload", "PutObject"),
                    Map.entry("AbortMultipartUpload", "AbortMultipartUpload"),
                    Map.entry("ListParts", "ListMultipartUploadParts"),
                    Map.entry("DeleteObject", "DeleteObject"),
                    Map.entry("GetObjectAcl", "GetObjectAcl"),
                    Map.entry("PutObjectAcl", "PutObjectAcl"),
                    Map.entry("GetObjectTagging", "GetObjectTagging"),
                    Map.entry("PutObjectTagging", "PutObjectTagging"),
                    Map.entry("DeleteObjectTagging", "DeleteObjectTagging"),
                    Map.entry("GetObjectRetention", "GetObjectRetention"),
                    Map.entry("PutObjectRetention", "PutObjectRetention"),
                    Map.entry("GetObjectLegalHold", "GetObjectLegalHold"),
                    Map.entry("PutObjectLegalHold", "PutObjectLegalHold"),
                    Map.entry("RestoreObject", "RestoreObject"));

    /// Actions that have another name when a version is named.
    private static final Map<String, String> VERSIONED =
            Map.of(
                    "GetObject", "GetObjectVersion",
                    "DeleteObject", "DeleteObjectVersion",
                    "GetObjectAcl", "GetObjectVersionAcl",
                    "PutObjectAcl", "PutObjectVersionAcl",
                    "GetObjectTagging", "GetObjectVersionTagging",
                    "PutObjectTagging", "PutObjectVersionTagging",
                    "DeleteObjectTagging", "DeleteObjectVersionTagging");

    /// Operations on buckets whose action has another name than they.
    private static final Map<String, String> BUCKET =
            Map.ofEntries(
                    Map.entry("HeadBucket", "ListBucket"),
                    Map.entry("ListObjects", "ListBucket"),
                    Map.entry("ListObjectsV2", "ListBucket"),
                    Map.entry("ListObjectVersions", "ListBucketVersions"),
                    Map.entry("ListMultipartUploads", "ListBucketMultipartUploads"),
                    Map.entry("GetBucketCors", "GetBucketCORS"),
                    Map.entry("PutBucketCors", "PutBucketCORS"),
                    Map.entry("DeleteBucketCors", "PutBucketCORS"),
                    Map.entry("GetBucketEncryption", "GetEncryptionConfiguration"),
                    Map.entry("PutBucketEncryption", "PutEncryptionConfiguration"),
                    Map.entry("DeleteBucketEncryption", "PutEncryptionConfiguration"),
                    Map.entry("GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
                    Map.entry("PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"),
                    Map.entry("DeleteBucketLifecycle", "PutLifecycleConfiguration"),
                    Map.entry("GetBucketNotificationConfiguration", "GetBucketNotification"),
                    Map.entry("PutBucketNotificationConfiguration", "PutBucketNotification"),
                    Map.entry("DeleteBucketOwnershipControls", "PutBucketOwnershipControls"),
                    Map.entry("GetPublicAccessBlock", "GetBucketPublicAccessBlock"),
                    Map.entry("PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
                    Map.entry("DeletePublicAccessBlock", "PutBucketPublicAccessBlock"),
                    Map.entry("GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"),
                    Map.entry("PutObjectLockConfiguration", "PutBucketObjectLockConfiguration"),
                    Map.entry("GetBucketAccelerateConfiguration", "GetAccelerateConfiguration"),
                    Map.entry("PutBucketAccelerateConfiguration", "PutAccelerateConfiguration"),
                    Map.entry("GetBucketReplication", "GetReplicationConfiguration"),
                    Map.entry("PutBucketReplication", "PutReplicationConfiguration"),
                    Map.entry("DeleteBucketReplication", "PutReplicationConfiguration"),
                    Map.entry("DeleteBucketTagging", "PutBucketTagging"));

    private S3Actions() {}

    /// The action of an operation on an object.
    static String ofObject(String operation, boolean versioned) {
        String action = OBJECT.getOrDefault(operation, operation);
        return "s3:" + (versioned ? VERSIONED.getOrDefault(action, action) : action);
    }

    /// The action of an operation on a bucket.
    static String ofBucket(String operation) {
        return "s3:" + BUCKET.getOrDefault(operation, operation);
    }
}
