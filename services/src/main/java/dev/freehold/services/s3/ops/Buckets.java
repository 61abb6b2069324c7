package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.CreateBucketConfiguration;
import dev.freehold.api.s3.CreateBucketRequest;
import dev.freehold.api.s3.CreateBucketResponse;
import dev.freehold.api.s3.DeleteBucketRequest;
import dev.freehold.api.s3.GetBucketLocationRequest;
import dev.freehold.api.s3.HeadBucketRequest;
import dev.freehold.api.s3.HeadBucketResponse;
import dev.freehold.api.s3.ListBucketsRequest;
import dev.freehold.api.s3.ListBucketsResponse;
import dev.freehold.api.s3.Owner;
import dev.freehold.protocol.Caller;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.acl.Acl;
import dev.freehold.services.s3.acl.CanonicalId;
import dev.freehold.services.s3.config.BucketConfigs;
import dev.freehold.services.s3.config.BucketTags;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.rules.BucketName;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Bucket.Versioning;
import dev.freehold.services.s3.state.Garbage;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.OwnedKey;
import dev.freehold.services.s3.state.S3Tables.UploadKey;
import dev.freehold.services.s3.state.Upload;
import dev.freehold.services.s3.wire.Input;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Buckets: made, found, listed, deleted.
public final class Buckets {
    private static final String HOME = "us-east-1";
    private static final int MOST_LISTED = 10_000;
    private static final int MOST_UPLOADS = 1000;

    private final Context context;

    public Buckets(Context context) {
        this.context = context;
    }

    public CreateBucketResponse create(CreateBucketRequest request, Caller caller) {
        BucketName.requireValid(request.bucket());
        String region = region(request.createBucketConfiguration(), caller.region());
        Bucket bucket = asked(request, region, caller);
        CreateBucketConfiguration configuration = request.createBucketConfiguration();
        Map<String, String> tags =
                configuration == null || configuration.tags() == null
                        ? Map.of()
                        : BucketTags.ofNew(configuration.tags());
        context.store()
                .updateOnly(tx -> {
                    Bucket before = tx.get(S3Tables.BUCKETS, bucket.name());
                    if (before != null) {
                        requireRepeated(before, bucket);
                        return;
                    }
                    tx.put(S3Tables.BUCKETS, bucket.name(), bucket);
                    OwnedKey owned = new OwnedKey(bucket.account(), bucket.name());
                    tx.put(S3Tables.OWNED, owned, true);
                    BucketTags.put(tx, bucket.name(), tags);
                });
        return CreateBucketResponse.builder()
                .location(
                        region.equals(HOME)
                                ? "/" + bucket.name()
                                : "http://" + bucket.name() + ".s3.amazonaws.com/")
                .bucketArn("arn:aws:s3:::" + bucket.name())
                .build();
    }

    private Bucket asked(CreateBucketRequest request, String region, Caller caller) {
        String ownership = request.objectOwnership();
        if (ownership != null && !BucketConfigs.OWNERSHIPS.contains(ownership)) {
            throw S3Errors.invalidArgument(
                    "Invalid x-amz-object-ownership header: " + ownership,
                    "x-amz-object-ownership",
                    null);
        }
        String account = Access.account(caller);
        if (account.isEmpty()) {
            throw S3Errors.accessDenied();
        }
        String owner = CanonicalId.of(account);
        Acl acl = new Input(request).grants().acl(owner, owner);
        if (acl != null
                && "BucketOwnerEnforced".equals(ownership)
                && !acl.equals(Acl.ofOwner(owner))) {
            throw S3Error.of(
                    400,
                    "InvalidBucketAclWithObjectOwnership",
                    "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced"
                            + " setting");
        }
        boolean lock = Boolean.TRUE.equals(request.objectLockEnabledForBucket());
        // AWS: locks are of versions, so a bucket with locks keeps versions.
        Versioning versioning = lock ? Versioning.ENABLED : Versioning.NEVER;
        Instant now = context.clock().instant();
        return new Bucket(request.bucket(), account, region, now, versioning, lock, ownership, acl);
    }

    /// Refuses to create what exists, but for a repetition in AWS's oldest region.
    private static void requireRepeated(Bucket before, Bucket asked) {
        if (!before.account().equals(asked.account())) {
            throw S3Error.of(
                            409,
                            "BucketAlreadyExists",
                            "The requested bucket name is not available. The bucket namespace is"
                                    + " shared by all users of the system. Please select a different"
                                    + " name and try again.")
                    .with("BucketName", asked.name());
        }
        if (!asked.region().equals(HOME) || !before.region().equals(HOME)) {
            throw S3Error.of(
                            409,
                            "BucketAlreadyOwnedByYou",
                            "Your previous request to create the named bucket succeeded and you"
                                    + " already own it.")
                    .with("BucketName", asked.name());
        }
    }

    private static String region(
            @Nullable CreateBucketConfiguration configuration, String endpoint) {
        String asked = configuration == null ? null : configuration.locationConstraint();
        if (configuration != null && configuration.bucket() != null) {
            throw S3Errors.notImplemented("A directory bucket");
        }
        if (asked == null || asked.isEmpty()) {
            if (!endpoint.equals(HOME)) {
                throw incompatible("unspecified");
            }
            return HOME;
        }
        String region = asked.equals("EU") ? "eu-west-1" : asked;
        if (endpoint.equals(HOME)) {
            if (region.equals(HOME) || !region.matches("[a-z]{2}(-[a-z]+)+-\\d")) {
                throw S3Error.of(
                                400,
                                "InvalidLocationConstraint",
                                "The specified location-constraint is not valid")
                        .with("LocationConstraint", asked);
            }
            return region;
        }
        if (!region.equals(endpoint)) {
            throw incompatible(asked);
        }
        return region;
    }

    private static S3Error incompatible(String constraint) {
        return S3Error.of(
                400,
                "IllegalLocationConstraintException",
                "The "
                        + constraint
                        + " location constraint is incompatible for the region specific endpoint"
                        + " this request was sent to.");
    }

    public void delete(DeleteBucketRequest request) {
        Instant now = context.clock().instant();
        context.store()
                .updateOnly(tx -> {
                    Bucket bucket =
                            Access.bucket(tx, request.bucket(), request.expectedBucketOwner());
                    requireEmpty(tx, bucket);
                    abortUploads(tx, bucket.name(), now);
                    tx.delete(S3Tables.BUCKETS, bucket.name());
                    tx.delete(S3Tables.OWNED, new OwnedKey(bucket.account(), bucket.name()));
                    tx.deleteRange(S3Tables.SETTINGS, S3Tables.ofBucket(bucket.name()));
                    tx.delete(S3Tables.STORED_BYTES, bucket.name());
                });
    }

    private static void requireEmpty(Transaction tx, Bucket bucket) {
        if (isEmpty(tx, S3Tables.CURRENT, bucket.name())) {
            return;
        }
        String message = "The bucket you tried to delete is not empty";
        boolean versions = bucket.versioning() != Versioning.NEVER;
        String more = versions ? ". You must delete all versions in the bucket." : "";
        throw S3Error.of(409, "BucketNotEmpty", message + more).with("BucketName", bucket.name());
    }

    private static <K, V> boolean isEmpty(Transaction tx, Table<K, V> table, String bucket) {
        try (Cursor<K, V> rows = tx.scan(table, S3Tables.ofBucket(bucket), 1)) {
            return !rows.next();
        }
    }

    private static void abortUploads(Transaction tx, String bucket, Instant now) {
        int count = 0;
        try (Cursor<UploadKey, Upload> uploads =
                tx.scan(S3Tables.UPLOADS, S3Tables.ofBucket(bucket), MOST_UPLOADS + 1)) {
            while (uploads.next()) {
                Garbage.add(tx, uploads.key().id(), true, now);
                count++;
            }
        }
        if (count > MOST_UPLOADS) {
            throw S3Error.of(
                    409,
                    "BucketNotEmpty",
                    "The bucket you tried to delete has too many uploads in progress");
        }
        tx.deleteRange(S3Tables.UPLOADS, S3Tables.ofBucket(bucket));
    }

    public HeadBucketResponse head(HeadBucketRequest request) {
        Bucket bucket = find(request.bucket(), request.expectedBucketOwner());
        return HeadBucketResponse.builder()
                .bucketArn("arn:aws:s3:::" + bucket.name())
                .bucketRegion(bucket.region())
                .accessPointAlias(false)
                .build();
    }

    /// The region as GetBucketLocation says it: nothing in AWS's oldest one.
    public @Nullable String location(GetBucketLocationRequest request) {
        String region = find(request.bucket(), request.expectedBucketOwner()).region();
        return region.equals(HOME) ? null : region;
    }

    private Bucket find(String name, @Nullable String expectedOwner) {
        return context.store().read(tx -> Access.bucket(tx, name, expectedOwner));
    }

    public ListBucketsResponse list(ListBucketsRequest request, Caller caller) {
        String account = Access.account(caller);
        int most = request.maxBuckets() == null ? MOST_LISTED : request.maxBuckets();
        if (most < 1 || most > MOST_LISTED) {
            throw S3Errors.invalidArgument(
                    "Argument max-buckets must be an integer between 1 and 10000",
                    "max-buckets",
                    Integer.toString(most));
        }
        String after = after(request.continuationToken());
        List<Bucket> found = context.store().read(tx -> owned(tx, account, after, most, request));
        boolean more = found.size() > most;
        List<Bucket> page = more ? found.subList(0, most) : found;
        String id = CanonicalId.of(account);
        boolean paged =
                request.maxBuckets() != null
                        || request.prefix() != null
                        || request.bucketRegion() != null
                        || request.continuationToken() != null;
        return ListBucketsResponse.builder()
                .buckets(page.stream().map(bucket -> shown(bucket, paged)).toList())
                .owner(owner(id))
                .prefix(request.prefix())
                .continuationToken(more ? token(page.getLast().name()) : null)
                .build();
    }

    private static dev.freehold.api.s3.Bucket shown(Bucket bucket, boolean paged) {
        return dev.freehold.api.s3.Bucket.builder()
                .name(bucket.name())
                .creationDate(bucket.created())
                .bucketArn("arn:aws:s3:::" + bucket.name())
                // AWS: the region comes only where the request narrows the list.
                .bucketRegion(paged ? bucket.region() : null)
                .build();
    }

    /// An owner as answers show it. AWS: without a name, since November 2025.
    static Owner owner(String id) {
        return Owner.builder().id(id).build();
    }

    private static List<Bucket> owned(
            Transaction tx, String account, String after, int most, ListBucketsRequest request) {
        String prefix = request.prefix() == null ? "" : request.prefix();
        KeyRange range =
                KeyRange.prefix(out -> out.string(account).stringPrefix(prefix))
                        .startingAfter(out -> out.string(account).string(after));
        List<Bucket> found = new ArrayList<>();
        try (Cursor<OwnedKey, Boolean> names = tx.scan(S3Tables.OWNED, range, MOST_LISTED)) {
            while (found.size() <= most && names.next()) {
                Bucket bucket = tx.get(S3Tables.BUCKETS, names.key().bucket());
                boolean wanted =
                        bucket != null
                                && (request.bucketRegion() == null
                                        || request.bucketRegion().equals(bucket.region()));
                if (bucket != null && wanted) {
                    found.add(bucket);
                }
            }
        }
        return found;
    }

    private static String token(String name) {
        return Base64.getUrlEncoder().encodeToString(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String after(@Nullable String token) {
        try {
            return token == null
                    ? ""
                    : new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw S3Errors.invalidArgument(
                    "The continuation token provided is incorrect", "continuation-token", null);
        }
    }
}
