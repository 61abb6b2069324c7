package dev.freehold.services.s3.access;

import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.state.VersionId;
import dev.freehold.services.s3.state.Versions;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds what a request names.
public final class Access {
    private static final int LONGEST_KEY = 1024;
    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");

    private Access() {}

    /// The account of whoever calls; empty when the call is not signed.
    public static String account(Caller caller) {
        return switch (caller.principal()) {
            case Principal.Root root -> root.account();
            case Principal.User user -> user.account();
            case Principal.AssumedRole role -> role.account();
            case Principal.Federated federated -> federated.account();
            case Principal.Service _ -> caller.account();
            case Principal.Anonymous _ -> "";
        };
    }

    /// The bucket of that name.
    ///
    /// @param expectedOwner the account that the caller takes for its owner, or null
    public static Bucket bucket(Transaction tx, String name, @Nullable String expectedOwner) {
        if (expectedOwner != null && !ACCOUNT.matcher(expectedOwner).matches()) {
            throw S3Error.of(
                    400,
                    "InvalidBucketOwnerAWSAccountID",
                    "The value of the expected bucket owner parameter must be an AWS Account ID..."
                            + " ["
                            + expectedOwner
                            + "]");
        }
        Bucket bucket = tx.get(S3Tables.BUCKETS, name);
        if (bucket == null) {
            throw S3Errors.noSuchBucket(name);
        }
        if (expectedOwner != null && !expectedOwner.equals(bucket.account())) {
            throw S3Errors.accessDenied();
        }
        return bucket;
    }

    /// Refuses a key that no object may have.
    public static void requireKey(String key) {
        int bytes = key.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > LONGEST_KEY) {
            throw S3Error.of(400, "KeyTooLongError", "Your key is too long")
                    .with("Size", Integer.toString(bytes))
                    .with("MaxSizeAllowed", Integer.toString(LONGEST_KEY));
        }
    }

    /// The version that a read names, which is no delete marker.
    ///
    /// @param versionId null for the current one
    public static Version version(
            Transaction tx, ObjectName name, @Nullable String versionId, String method) {
        if (versionId == null) {
            Version current = Versions.current(tx, name);
            if (current == null) {
                throw S3Errors.noSuchKey(name.key());
            }
            if (current.isMarker() && method.equals("PUT")) {
                throw S3Errors.methodNotAllowedOnMarker(method)
                        .withHeader("x-amz-version-id", current.id());
            }
            if (current.isMarker()) {
                throw S3Errors.noSuchKey(name.key())
                        .withHeader("x-amz-delete-marker", "true")
                        .withHeader("x-amz-version-id", current.id());
            }
            return current;
        }
        Version version = anyVersion(tx, name, versionId);
        if (version.isMarker()) {
            throw S3Errors.methodNotAllowedOnMarker(method)
                    .withHeader("x-amz-version-id", version.id());
        }
        return version;
    }

    /// The version of that id, be it a delete marker.
    public static Version anyVersion(Transaction tx, ObjectName name, String versionId) {
        requireVersionId(versionId);
        Version version = Versions.find(tx, name, versionId);
        if (version == null || !version.id().equals(versionId)) {
            throw S3Errors.noSuchVersion(name.key(), versionId);
        }
        return version;
    }

    /// Refuses a text that can't be a version's id.
    public static void requireVersionId(String versionId) {
        if (!VersionId.isPossible(versionId)) {
            throw S3Errors.invalidArgument("Invalid version id specified", "versionId", versionId);
        }
    }

    /// A version's id as answers carry it: absent in buckets that never kept versions.
    public static @Nullable String shown(Bucket bucket, Version version) {
        return bucket.versioning() == Bucket.Versioning.NEVER ? null : version.id();
    }

    /// A version's id as the answer to its write carries it: absent where no versions are kept.
    public static @Nullable String written(Bucket bucket, Version version) {
        return bucket.versioning() == Bucket.Versioning.ENABLED ? version.id() : null;
    }
}
