package dev.freehold.services.s3;

import dev.freehold.api.s3.DeleteObjectsRequest;
import dev.freehold.api.s3.ObjectIdentifier;
import dev.freehold.policy.PolicyParser;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Permissions;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Structure;
import dev.freehold.services.json.Json;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.acl.Acl;
import dev.freehold.services.s3.acl.CanonicalId;
import dev.freehold.services.s3.acl.Grant;
import dev.freehold.services.s3.acl.Grant.Right;
import dev.freehold.services.s3.acl.GrantedActions;
import dev.freehold.services.s3.acl.Grantee;
import dev.freehold.services.s3.config.Defaults;
import dev.freehold.services.s3.config.Policies;
import dev.freehold.services.s3.config.PublicAccess;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.ops.CopySource;
import dev.freehold.services.s3.rules.Tags;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.state.Versions;
import dev.freehold.services.s3.wire.Input;
import dev.freehold.services.s3.wire.Required;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What S3's operations ask to be allowed.
///
/// What access control lists grant is put to the evaluator as a statement beside those of the
/// bucket's policy: so a policy's deny outweighs a grant, and there is one decision. A bucket that
/// isn't there asks nothing: its absence is the answer.
public final class S3Permissions implements Permissions {
    private static final String ARN = "arn:aws:s3:::";

    private final Store store;

    public S3Permissions(Store store) {
        this.store = store;
    }

    @Override
    public List<Permission> of(Operation operation, Structure input, Caller caller) {
        // What is asked about must be whole.
        Required.check(input);
        Input request = new Input(input);
        String name = request.text("Bucket");
        if (name == null) {
            return List.of(new Permission("s3:ListAllMyBuckets", "*"));
        }
        if (operation.name().equals("CreateBucket")) {
            return List.of(
                    new Permission(
                            "s3:CreateBucket",
                            ARN + name,
                            facts(request),
                            null,
                            Access.account(caller)));
        }
        return store.read(tx -> new Asking(tx, caller, request).of(operation.name(), input));
    }

    /// The condition keys of a request.
    private static Map<String, String> facts(Input request) {
        Map<String, String> facts = new LinkedHashMap<>();
        put(facts, "s3:prefix", request.text("Prefix"));
        put(facts, "s3:delimiter", request.text("Delimiter"));
        Integer max = request.number("MaxKeys");
        put(facts, "s3:max-keys", max == null ? null : max.toString());
        put(facts, "s3:VersionId", request.text("VersionId"));
        put(facts, "s3:x-amz-acl", request.text("ACL"));
        put(facts, "s3:x-amz-grant-full-control", request.text("GrantFullControl"));
        put(facts, "s3:x-amz-grant-read", request.text("GrantRead"));
        put(facts, "s3:x-amz-grant-read-acp", request.text("GrantReadACP"));
        put(facts, "s3:x-amz-grant-write", request.text("GrantWrite"));
        put(facts, "s3:x-amz-grant-write-acp", request.text("GrantWriteACP"));
        put(facts, "s3:x-amz-copy-source", request.text("CopySource"));
        put(facts, "s3:x-amz-metadata-directive", request.text("MetadataDirective"));
        put(facts, "s3:x-amz-storage-class", request.text("StorageClass"));
        put(facts, "s3:x-amz-server-side-encryption", request.text("ServerSideEncryption"));
        put(
                facts,
                "s3:x-amz-server-side-encryption-customer-algorithm",
                request.text("SSECustomerAlgorithm"));
        put(facts, "s3:x-amz-server-side-encryption-aws-kms-key-id", request.text("SSEKMSKeyId"));
        put(facts, "s3:object-lock-mode", request.text("ObjectLockMode"));
        String tagging = request.text("Tagging");
        if (tagging != null) {
            Tags.ofHeader(tagging).forEach((k, v) -> put(facts, "s3:RequestObjectTag/" + k, v));
        }
        return facts;
    }

    private static void put(Map<String, String> facts, String key, @Nullable String value) {
        if (value != null) {
            facts.put(key, value);
        }
    }

    /// One request's permissions, in one transaction.
    private static final class Asking {
        private final Transaction tx;
        private final Caller caller;
        private final Input request;
        private final Map<String, String> facts;
        private final List<Permission> permissions = new ArrayList<>();

        Asking(Transaction tx, Caller caller, Input request) {
            this.tx = tx;
            this.caller = caller;
            this.request = request;
            this.facts = facts(request);
        }

        List<Permission> of(String operation, Structure input) {
            Bucket bucket = tx.get(S3Tables.BUCKETS, request.required("Bucket"));
            if (bucket == null) {
                return List.of();
            }
            requirePayer(bucket);
            String key = request.text("Key");
            if (input instanceof DeleteObjectsRequest many) {
                for (ObjectIdentifier one : many.delete().objects()) {
                    String action = S3Actions.ofObject("DeleteObject", one.versionId() != null);
                    object(bucket, one.key(), one.versionId(), action);
                }
            } else if (key == null) {
                bucket(bucket, S3Actions.ofBucket(operation));
            } else {
                object(bucket, key, operation);
            }
            return permissions;
        }

        /// AWS: who uses another's bucket says that he pays for it, where that is demanded.
        private void requirePayer(Bucket bucket) {
            String account = Access.account(caller);
            boolean says = "requester".equals(request.text("RequestPayer")) && !account.isEmpty();
            if (!account.equals(bucket.account())
                    && !says
                    && Defaults.requesterPays(tx, bucket.name())) {
                throw S3Errors.accessDenied();
            }
        }

        private void object(Bucket bucket, String key, String operation) {
            String versionId = request.text("VersionId");
            object(bucket, key, versionId, S3Actions.ofObject(operation, versionId != null));
            boolean writes = S3Actions.ofObject(operation, false).equals("s3:PutObject");
            if (writes && !operation.equals("PutObjectAcl") && !request.grants().absent()) {
                own(bucket, key, "s3:PutObjectAcl");
            }
            if (writes && request.text("Tagging") != null) {
                own(bucket, key, "s3:PutObjectTagging");
            }
            if (writes && request.text("ObjectLockMode") != null) {
                object(bucket, key, null, "s3:PutObjectRetention");
            }
            if (writes && request.text("ObjectLockLegalHoldStatus") != null) {
                object(bucket, key, null, "s3:PutObjectLegalHold");
            }
            if (operation.equals("GetObjectAttributes")) {
                String action = versionId == null ? "Attributes" : "VersionAttributes";
                object(bucket, key, versionId, "s3:GetObject" + action);
            }
            String source = request.text("CopySource");
            if (source != null) {
                source(CopySource.parse(source));
            }
        }

        /// What a writer says of his own object beside its bytes: whoever may write by the bucket's
        /// list will own it, and may say what he likes.
        private void own(Bucket bucket, String key, String action) {
            boolean granted = grants(bucket, bucket.effectiveAcl(), Right.WRITE);
            String arn = ARN + bucket.name() + "/" + key;
            add(bucket, action, granted, new Resource(arn, bucket.account(), facts));
        }

        private void source(CopySource source) {
            Bucket bucket = tx.get(S3Tables.BUCKETS, source.name().bucket());
            if (bucket != null) {
                String action = S3Actions.ofObject("GetObject", source.versionId() != null);
                object(bucket, source.name().key(), source.versionId(), action);
            }
        }

        private void bucket(Bucket bucket, String action) {
            String arn = ARN + bucket.name();
            Right right = GrantedActions.ofBucket(action);
            boolean granted = right != null && grants(bucket, bucket.effectiveAcl(), right);
            add(bucket, action, granted, new Resource(arn, bucket.account(), facts));
        }

        private void object(Bucket bucket, String key, @Nullable String versionId, String action) {
            ObjectName name = new ObjectName(bucket.name(), key);
            Version found =
                    versionId == null
                            ? Versions.current(tx, name)
                            : Versions.find(tx, name, versionId);
            Version version = found == null || found.isMarker() ? null : found;
            if (version == null && action.startsWith("s3:GetObject")) {
                // AWS: that there is no such key is told to those who may list it.
                Map<String, String> listing = new LinkedHashMap<>(facts);
                listing.put("s3:prefix", key);
                boolean granted = grants(bucket, bucket.effectiveAcl(), Right.READ);
                Resource on = new Resource(ARN + bucket.name(), bucket.account(), listing);
                add(bucket, "s3:ListBucket", granted, on);
                return;
            }
            Right toBucket = GrantedActions.ofBucket(action);
            Right toObject = GrantedActions.ofObject(action);
            boolean granted = toBucket != null && grants(bucket, bucket.effectiveAcl(), toBucket);
            Map<String, String> known = new LinkedHashMap<>(facts);
            String account = bucket.account();
            if (version != null) {
                granted |= toObject != null && grants(bucket, version.effectiveAcl(), toObject);
                version.tags().forEach((k, v) -> known.put("s3:ExistingObjectTag/" + k, v));
                // AWS: an object is its writer's, whoever owns the bucket.
                boolean writers = toObject != null && !bucket.aclsDisabled();
                account = writers && !version.account().isEmpty() ? version.account() : account;
            }
            String arn = ARN + bucket.name() + "/" + key;
            add(bucket, action, granted, new Resource(arn, account, known));
        }

        private boolean grants(Bucket bucket, Acl acl, Right right) {
            if (bucket.aclsDisabled()) {
                return false;
            }
            String account = Access.account(caller);
            String id = account.isEmpty() ? null : CanonicalId.of(account);
            return withoutPublic(bucket, acl).allows(id, right);
        }

        private Acl withoutPublic(Bucket bucket, Acl acl) {
            if (!acl.isPublic() || !PublicAccess.of(tx, bucket.name()).ignorePublicAcls()) {
                return acl;
            }
            List<Grant> kept =
                    acl.grants().stream()
                            .filter(grant -> grant.grantee() instanceof Grantee.User)
                            .toList();
            return new Acl(kept);
        }

        /// What is acted on.
        ///
        /// @param account who owns it
        /// @param known what conditions may ask of it and of the request
        private record Resource(String arn, String account, Map<String, String> known) {}

        private void add(Bucket bucket, String action, boolean granted, Resource on) {
            String policy = policy(bucket);
            String document = granted ? withGrant(policy, action, on.arn()) : policy;
            permissions.add(new Permission(action, on.arn(), on.known(), document, on.account()));
        }

        /// The bucket's policy; nothing where it is public, and that is restricted.
        private @Nullable String policy(Bucket bucket) {
            String policy = Policies.of(tx, bucket.name());
            boolean foreign = !Access.account(caller).equals(bucket.account());
            if (policy != null
                    && foreign
                    && PublicAccess.of(tx, bucket.name()).restrictPublicBuckets()
                    && Policies.isPublic(PolicyParser.parse(policy, PolicyParser.Kind.RESOURCE))) {
                return null;
            }
            return policy;
        }

        /// The policy with what the list grants to the caller.
        private String withGrant(@Nullable String policy, String action, String arn) {
            Object principal =
                    caller.principal() instanceof Principal.Anonymous
                            ? "*"
                            : Map.of("AWS", Access.account(caller));
            Map<String, @Nullable Object> grant = new LinkedHashMap<>();
            grant.put("Effect", "Allow");
            grant.put("Principal", principal);
            grant.put("Action", action);
            grant.put("Resource", arn);
            List<@Nullable Object> statements = new ArrayList<>();
            Map<String, @Nullable Object> document =
                    policy == null ? new LinkedHashMap<>() : Json.readObject(policy);
            if (document.get("Statement") instanceof List<?> list) {
                statements.addAll(list);
            } else if (document.get("Statement") != null) {
                statements.add(document.get("Statement"));
            }
            statements.add(grant);
            document.putIfAbsent("Version", "2012-10-17");
            document.put("Statement", statements);
            return Json.write(document);
        }
    }
}
