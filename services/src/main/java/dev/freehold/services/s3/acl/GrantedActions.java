package dev.freehold.services.s3.acl;

import dev.freehold.services.s3.acl.Grant.Right;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What the rights of access control lists allow, in IAM's actions.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#permissions>.
public final class GrantedActions {
    private static final Map<String, Right> OF_BUCKETS =
            Map.of(
                    "s3:ListBucket", Right.READ,
                    "s3:ListBucketVersions", Right.READ,
                    "s3:ListBucketMultipartUploads", Right.READ,
                    "s3:PutObject", Right.WRITE,
                    "s3:DeleteObject", Right.WRITE,
                    "s3:GetBucketAcl", Right.READ_ACP,
                    "s3:PutBucketAcl", Right.WRITE_ACP);

    private static final Map<String, Right> OF_OBJECTS =
            Map.of(
                    "s3:GetObject", Right.READ,
                    "s3:GetObjectVersion", Right.READ,
                    "s3:GetObjectAcl", Right.READ_ACP,
                    "s3:GetObjectVersionAcl", Right.READ_ACP,
                    "s3:PutObjectAcl", Right.WRITE_ACP,
                    "s3:PutObjectVersionAcl", Right.WRITE_ACP);

    private GrantedActions() {}

    /// The right to a bucket that an action needs, or null when no right allows it.
    public static @Nullable Right ofBucket(String action) {
        return OF_BUCKETS.get(action);
    }

    /// The right to an object that an action needs, or null when no right allows it.
    public static @Nullable Right ofObject(String action) {
        return OF_OBJECTS.get(action);
    }
}
