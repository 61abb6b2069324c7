package dev.freehold.services.s3.config;

import dev.freehold.api.s3.CORSConfiguration;
import dev.freehold.api.s3.CORSRule;
import dev.freehold.api.s3.DefaultRetention;
import dev.freehold.api.s3.GetBucketCorsResponse;
import dev.freehold.api.s3.GetBucketEncryptionResponse;
import dev.freehold.api.s3.GetBucketOwnershipControlsResponse;
import dev.freehold.api.s3.GetBucketTaggingResponse;
import dev.freehold.api.s3.GetBucketVersioningResponse;
import dev.freehold.api.s3.GetObjectLockConfigurationResponse;
import dev.freehold.api.s3.GetPublicAccessBlockResponse;
import dev.freehold.api.s3.ObjectLockConfiguration;
import dev.freehold.api.s3.ObjectLockRule;
import dev.freehold.api.s3.OwnershipControls;
import dev.freehold.api.s3.OwnershipControlsRule;
import dev.freehold.api.s3.PublicAccessBlockConfiguration;
import dev.freehold.api.s3.PutBucketCorsRequest;
import dev.freehold.api.s3.PutBucketEncryptionRequest;
import dev.freehold.api.s3.PutBucketOwnershipControlsRequest;
import dev.freehold.api.s3.PutBucketTaggingRequest;
import dev.freehold.api.s3.PutBucketVersioningRequest;
import dev.freehold.api.s3.PutObjectLockConfigurationRequest;
import dev.freehold.api.s3.PutPublicAccessBlockRequest;
import dev.freehold.api.s3.ServerSideEncryptionByDefault;
import dev.freehold.api.s3.ServerSideEncryptionConfiguration;
import dev.freehold.api.s3.ServerSideEncryptionRule;
import dev.freehold.protocol.Structure;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.acl.Acl;
import dev.freehold.services.s3.config.Settings.Kind;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.rules.CorsRule;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Bucket.Versioning;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.Shapes;
import dev.freehold.storage.Transaction;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A bucket's configurations: versioning, tags, CORS, encryption, ownership, public access, locks.
public final class BucketConfigs {
    /// How the objects of a bucket can be owned.
    public static final Set<String> OWNERSHIPS =
            Set.of("BucketOwnerPreferred", "ObjectWriter", "BucketOwnerEnforced");

    private static final int MOST_CORS_RULES = 100;

    private static final Kind CORS =
            new Kind(
                    "cors",
                    CORSConfiguration.SCHEMA,
                    "NoSuchCORSConfiguration",
                    "The CORS configuration does not exist");

    private static final Kind ENCRYPTION =
            new Kind(
                    "encryption",
                    ServerSideEncryptionConfiguration.SCHEMA,
                    "ServerSideEncryptionConfigurationNotFoundError",
                    "The server side encryption configuration was not found");

    private static final Kind PUBLIC_ACCESS =
            new Kind(
                    PublicAccess.SETTING,
                    PublicAccessBlockConfiguration.SCHEMA,
                    "NoSuchPublicAccessBlockConfiguration",
                    "The public access block configuration was not found");

    private static final Kind LOCK =
            new Kind(
                    LockDefaults.SETTING,
                    ObjectLockConfiguration.SCHEMA,
                    "ObjectLockConfigurationNotFoundError",
                    "Object Lock configuration does not exist for this bucket");

    private final Settings settings;

    public BucketConfigs(Context context) {
        this.settings = new Settings(context.store());
    }

    public GetBucketVersioningResponse versioning(String name, @Nullable String owner) {
        String status =
                switch (settings.bucket(name, owner).versioning()) {
                    case NEVER -> null;
                    case ENABLED -> "Enabled";
                    case SUSPENDED -> "Suspended";
                };
        return GetBucketVersioningResponse.builder().status(status).build();
    }

    public void putVersioning(PutBucketVersioningRequest request) {
        String status = request.versioningConfiguration().status();
        if ("Enabled".equals(request.versioningConfiguration().mfaDelete())) {
            throw S3Errors.notImplemented("MFA delete");
        }
        if (status == null) {
            throw S3Error.of(
                    400,
                    "IllegalVersioningConfigurationException",
                    "The Versioning element must be specified");
        }
        Versioning next =
                switch (status) {
                    case "Enabled" -> Versioning.ENABLED;
                    case "Suspended" -> Versioning.SUSPENDED;
                    default -> throw S3Errors.malformedXml();
                };
        settings.change(
                request.bucket(),
                request.expectedBucketOwner(),
                bucket -> {
                    if (bucket.objectLock() && next == Versioning.SUSPENDED) {
                        throw S3Error.of(
                                409,
                                "InvalidBucketState",
                                "An Object Lock configuration is present on this bucket, so the"
                                        + " versioning state cannot be changed.");
                    }
                    return bucket.withVersioning(next);
                });
    }

    public GetBucketTaggingResponse tags(String name, @Nullable String owner) {
        Map<String, String> tags = settings.reading(name, owner, tx -> BucketTags.get(tx, name));
        if (tags.isEmpty()) {
            throw S3Errors.notConfigured("NoSuchTagSet", "The TagSet does not exist", name);
        }
        return GetBucketTaggingResponse.builder().tagSet(BucketTags.shown(tags)).build();
    }

    public void putTags(PutBucketTaggingRequest request) {
        Map<String, String> tags = BucketTags.checked(request.tagging().tagSet());
        settings.within(
                request.bucket(),
                request.expectedBucketOwner(),
                (tx, bucket) -> BucketTags.put(tx, bucket.name(), tags));
    }

    public void deleteTags(String name, @Nullable String owner) {
        settings.within(name, owner, (tx, _) -> BucketTags.put(tx, name, Map.of()));
    }

    public GetBucketCorsResponse cors(String name, @Nullable String owner) {
        CORSConfiguration cors = (CORSConfiguration) settings.get(name, owner, CORS);
        return GetBucketCorsResponse.builder().corsRules(cors.corsRules()).build();
    }

    public void putCors(PutBucketCorsRequest request) {
        List<CORSRule> rules = request.corsConfiguration().corsRules();
        if (rules == null || rules.isEmpty() || rules.size() > MOST_CORS_RULES) {
            throw S3Errors.malformedXml();
        }
        for (CORSRule rule : rules) {
            if (rule.allowedMethods() == null || rule.allowedOrigins() == null) {
                throw S3Errors.malformedXml();
            }
            rule(rule).requireValid();
        }
        settings.put(
                request.bucket(), request.expectedBucketOwner(), CORS, request.corsConfiguration());
    }

    /// A bucket's rules, as they are applied; none where CORS is not configured.
    public static List<CorsRule> corsRules(Transaction tx, String bucket) {
        byte[] bytes = S3Tables.setting(tx, bucket, CORS.name());
        if (bytes == null) {
            return List.of();
        }
        CORSConfiguration cors =
                (CORSConfiguration) Shapes.fromBytes(CORSConfiguration.SCHEMA, bytes);
        return cors.corsRules().stream().map(BucketConfigs::rule).toList();
    }

    private static CorsRule rule(CORSRule rule) {
        return new CorsRule(
                rule.allowedOrigins(),
                rule.allowedMethods(),
                rule.allowedHeaders() == null ? List.of() : rule.allowedHeaders(),
                rule.exposeHeaders() == null ? List.of() : rule.exposeHeaders(),
                rule.maxAgeSeconds());
    }

    public void deleteCors(String name, @Nullable String owner) {
        settings.delete(name, owner, CORS);
    }

    public GetBucketEncryptionResponse encryption(String name, @Nullable String owner) {
        Structure set = settings.find(name, owner, ENCRYPTION);
        ServerSideEncryptionConfiguration shown =
                set == null
                        ? ServerSideEncryptionConfiguration.builder()
                                .rules(List.of(encryptionRule()))
                                .build()
                        : (ServerSideEncryptionConfiguration) set;
        return GetBucketEncryptionResponse.builder()
                .serverSideEncryptionConfiguration(shown)
                .build();
    }

    /// AWS: every bucket encrypts with S3's own keys unless it is told otherwise.
    private static ServerSideEncryptionRule encryptionRule() {
        return ServerSideEncryptionRule.builder()
                .applyServerSideEncryptionByDefault(
                        ServerSideEncryptionByDefault.builder().sseAlgorithm("AES256").build())
                .bucketKeyEnabled(false)
                .build();
    }

    public void putEncryption(PutBucketEncryptionRequest request) {
        List<ServerSideEncryptionRule> rules = request.serverSideEncryptionConfiguration().rules();
        if (rules == null || rules.size() != 1) {
            throw S3Errors.malformedXml();
        }
        ServerSideEncryptionByDefault byDefault =
                rules.getFirst().applyServerSideEncryptionByDefault();
        if (byDefault == null || byDefault.sseAlgorithm() == null) {
            throw S3Errors.malformedXml();
        }
        if (byDefault.sseAlgorithm().startsWith("aws:")) {
            throw S3Errors.notImplemented("Default encryption " + byDefault.sseAlgorithm());
        }
        if (!byDefault.sseAlgorithm().equals("AES256")) {
            throw S3Errors.malformedXml();
        }
        if (byDefault.kmsMasterKeyID() != null) {
            throw S3Errors.invalidArgument(
                    "a KMSMasterKeyID is not applicable if the default sse algorithm is not aws:kms"
                            + " or aws:kms:dsse",
                    "ApplyServerSideEncryptionByDefault",
                    null);
        }
        ServerSideEncryptionRule rule = rules.getFirst();
        ServerSideEncryptionRule shown =
                rule.bucketKeyEnabled() == null
                        ? rule.toBuilder().bucketKeyEnabled(false).build()
                        : rule;
        settings.put(
                request.bucket(),
                request.expectedBucketOwner(),
                ENCRYPTION,
                ServerSideEncryptionConfiguration.builder().rules(List.of(shown)).build());
    }

    public void deleteEncryption(String name, @Nullable String owner) {
        settings.delete(name, owner, ENCRYPTION);
    }

    public GetBucketOwnershipControlsResponse ownership(String name, @Nullable String owner) {
        Bucket bucket = settings.bucket(name, owner);
        if (bucket.ownership() == null) {
            throw S3Errors.notConfigured(
                    "OwnershipControlsNotFoundError",
                    "The bucket ownership controls were not found",
                    name);
        }
        OwnershipControlsRule rule =
                OwnershipControlsRule.builder().objectOwnership(bucket.ownership()).build();
        return GetBucketOwnershipControlsResponse.builder()
                .ownershipControls(OwnershipControls.builder().rules(List.of(rule)).build())
                .build();
    }

    public void putOwnership(PutBucketOwnershipControlsRequest request) {
        List<OwnershipControlsRule> rules = request.ownershipControls().rules();
        if (rules == null || rules.size() != 1) {
            throw S3Errors.malformedXml();
        }
        String ownership = rules.getFirst().objectOwnership();
        if (!OWNERSHIPS.contains(ownership)) {
            throw S3Errors.malformedXml();
        }
        settings.change(
                request.bucket(),
                request.expectedBucketOwner(),
                bucket -> {
                    boolean shared = !bucket.effectiveAcl().equals(Acl.ofOwner(bucket.ownerId()));
                    if (ownership.equals("BucketOwnerEnforced") && shared) {
                        throw S3Error.of(
                                400,
                                "InvalidBucketAclWithObjectOwnership",
                                "Bucket cannot have ACLs set with ObjectOwnership's"
                                        + " BucketOwnerEnforced setting");
                    }
                    return bucket.withOwnership(ownership);
                });
    }

    public void deleteOwnership(String name, @Nullable String owner) {
        settings.change(name, owner, bucket -> bucket.withOwnership(null));
    }

    public GetPublicAccessBlockResponse publicAccess(String name, @Nullable String owner) {
        return GetPublicAccessBlockResponse.builder()
                .publicAccessBlockConfiguration(
                        (PublicAccessBlockConfiguration) settings.get(name, owner, PUBLIC_ACCESS))
                .build();
    }

    public void putPublicAccess(PutPublicAccessBlockRequest request) {
        PublicAccessBlockConfiguration asked = request.publicAccessBlockConfiguration();
        PublicAccessBlockConfiguration whole =
                PublicAccessBlockConfiguration.builder()
                        .blockPublicAcls(Boolean.TRUE.equals(asked.blockPublicAcls()))
                        .ignorePublicAcls(Boolean.TRUE.equals(asked.ignorePublicAcls()))
                        .blockPublicPolicy(Boolean.TRUE.equals(asked.blockPublicPolicy()))
                        .restrictPublicBuckets(Boolean.TRUE.equals(asked.restrictPublicBuckets()))
                        .build();
        settings.put(request.bucket(), request.expectedBucketOwner(), PUBLIC_ACCESS, whole);
    }

    public void deletePublicAccess(String name, @Nullable String owner) {
        settings.delete(name, owner, PUBLIC_ACCESS);
    }

    public GetObjectLockConfigurationResponse lock(String name, @Nullable String owner) {
        Structure set = settings.find(name, owner, LOCK);
        if (set == null && !settings.bucket(name, owner).objectLock()) {
            throw S3Errors.notConfigured(LOCK.missingCode(), LOCK.missingText(), name);
        }
        ObjectLockConfiguration shown =
                set == null
                        ? ObjectLockConfiguration.builder().objectLockEnabled("Enabled").build()
                        : (ObjectLockConfiguration) set;
        return GetObjectLockConfigurationResponse.builder().objectLockConfiguration(shown).build();
    }

    public void putLock(PutObjectLockConfigurationRequest request) {
        ObjectLockConfiguration asked = request.objectLockConfiguration();
        if (asked == null || !"Enabled".equals(asked.objectLockEnabled())) {
            throw S3Errors.malformedXml();
        }
        requireRetention(asked.rule());
        settings.change(
                request.bucket(),
                request.expectedBucketOwner(),
                bucket -> {
                    if (bucket.versioning() != Versioning.ENABLED) {
                        throw S3Error.of(
                                409,
                                "InvalidBucketState",
                                "Versioning must be 'Enabled' on the bucket to apply a Object Lock"
                                        + " configuration");
                    }
                    return bucket.withObjectLock();
                });
        settings.put(request.bucket(), request.expectedBucketOwner(), LOCK, asked);
    }

    private static void requireRetention(@Nullable ObjectLockRule rule) {
        if (rule == null) {
            return;
        }
        DefaultRetention retention = rule.defaultRetention();
        if (retention == null
                || (retention.days() == null) == (retention.years() == null)
                || !("GOVERNANCE".equals(retention.mode())
                        || "COMPLIANCE".equals(retention.mode()))) {
            throw S3Errors.malformedXml();
        }
        if (retention.defaultEventHold() != null) {
            throw S3Errors.notImplemented("An event hold");
        }
        Integer days = retention.days();
        Integer years = retention.years();
        if ((days != null && days < 1) || (years != null && years < 1)) {
            throw S3Errors.invalidArgument(
                    "Default retention period must be a positive integer value.",
                    days != null ? "days" : "years",
                    String.valueOf(days != null ? days : years));
        }
    }
}
