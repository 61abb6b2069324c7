package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.AccessControlPolicy;
import dev.freehold.api.s3.GetBucketAclRequest;
import dev.freehold.api.s3.GetBucketAclResponse;
import dev.freehold.api.s3.GetObjectAclRequest;
import dev.freehold.api.s3.GetObjectAclResponse;
import dev.freehold.api.s3.PutBucketAclRequest;
import dev.freehold.api.s3.PutObjectAclRequest;
import dev.freehold.protocol.Caller;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.acl.Acl;
import dev.freehold.services.s3.acl.CanonicalId;
import dev.freehold.services.s3.acl.Grant;
import dev.freehold.services.s3.acl.Grant.Right;
import dev.freehold.services.s3.acl.GrantHeaders;
import dev.freehold.services.s3.acl.Grantee;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.notify.Notifications.Act;
import dev.freehold.services.s3.notify.Notifications.Told;
import dev.freehold.services.s3.ops.ObjectSettings.Found;
import dev.freehold.services.s3.ops.ObjectSettings.Target;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.state.Versions;
import dev.freehold.services.s3.wire.Input;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Access control lists of buckets and objects.
public final class Acls {
    private final Context context;
    private final Notifications notifications;

    public Acls(Context context, Notifications notifications) {
        this.context = context;
        this.notifications = notifications;
    }

    public GetBucketAclResponse ofBucket(GetBucketAclRequest request) {
        Bucket bucket =
                context.store()
                        .read(tx ->
                                Access.bucket(tx, request.bucket(), request.expectedBucketOwner()));
        Acl acl = bucket.aclsDisabled() ? Acl.ofOwner(bucket.ownerId()) : bucket.effectiveAcl();
        return GetBucketAclResponse.builder()
                .owner(Buckets.owner(bucket.ownerId()))
                .grants(shown(acl))
                .build();
    }

    public GetObjectAclResponse ofObject(GetObjectAclRequest request) {
        Target target =
                new Target(
                        request.bucket(),
                        request.key(),
                        request.versionId(),
                        request.expectedBucketOwner(),
                        "GET");
        Found found = context.store().read(tx -> ObjectSettings.find(tx, target));
        boolean disabled = found.bucket().aclsDisabled();
        String owner = disabled ? found.bucket().ownerId() : found.version().ownerId();
        Acl acl = disabled ? Acl.ofOwner(owner) : found.version().effectiveAcl();
        return GetObjectAclResponse.builder()
                .owner(Buckets.owner(owner))
                .grants(shown(acl))
                .build();
    }

    public void putOfBucket(PutBucketAclRequest request) {
        GrantHeaders headers = new Input(request).grants();
        context.store()
                .updateOnly(tx -> {
                    Bucket bucket =
                            Access.bucket(tx, request.bucket(), request.expectedBucketOwner());
                    String owner = bucket.ownerId();
                    Acl acl = asked(headers, request.accessControlPolicy(), owner, owner);
                    Draft.requireAllowed(tx, bucket, headers, acl);
                    tx.put(S3Tables.BUCKETS, bucket.name(), bucket.withAcl(acl));
                });
    }

    public void putOfObject(PutObjectAclRequest request, Caller caller) {
        GrantHeaders headers = new Input(request).grants();
        Target target =
                new Target(
                        request.bucket(),
                        request.key(),
                        request.versionId(),
                        request.expectedBucketOwner(),
                        "PUT");
        Act act = Act.of(caller, context.ids().get(), context.clock().instant());
        context.store()
                .updateOnly(tx -> {
                    Found found = ObjectSettings.find(tx, target);
                    Bucket bucket = found.bucket();
                    Acl acl =
                            asked(
                                    headers,
                                    request.accessControlPolicy(),
                                    found.version().ownerId(),
                                    bucket.ownerId());
                    Draft.requireAllowed(tx, bucket, headers, acl);
                    Version next = found.version().withAcl(acl);
                    Versions.update(tx, target.name(), next);
                    notifications.changed(
                            tx, bucket, target.name(), next, new Told("ObjectAcl:Put", act));
                });
        notifications.wake();
    }

    /// The list that a request spells, by its headers or by its body.
    private static Acl asked(
            GrantHeaders headers,
            @Nullable AccessControlPolicy body,
            String ownerId,
            String bucketOwnerId) {
        if (body != null && !headers.absent()) {
            throw S3Error.of(400, "UnexpectedContent", "This request does not support content");
        }
        if (body != null) {
            return ofBody(body, ownerId);
        }
        Acl acl = headers.acl(ownerId, bucketOwnerId);
        if (acl == null) {
            throw S3Error.of(
                            400,
                            "MissingSecurityHeader",
                            "Your request was missing a required header")
                    .with("MissingHeaderName", "x-amz-acl");
        }
        return acl;
    }

    private static Acl ofBody(AccessControlPolicy body, String ownerId) {
        if (body.owner() == null || body.owner().id() == null) {
            throw malformed();
        }
        if (!body.owner().id().equals(ownerId)) {
            if (CanonicalId.account(body.owner().id()) == null) {
                throw S3Errors.invalidArgument("Invalid id", "CanonicalUser/ID", body.owner().id());
            }
            throw S3Errors.accessDenied();
        }
        List<Grant> grants = new ArrayList<>();
        List<dev.freehold.api.s3.Grant> given = body.grants() == null ? List.of() : body.grants();
        for (dev.freehold.api.s3.Grant grant : given) {
            Right right = Right.named(grant.permission());
            if (right == null || grant.grantee() == null) {
                throw malformed();
            }
            grants.add(new Grant(grantee(grant.grantee()), right));
        }
        if (grants.size() > Acl.MOST_GRANTS) {
            throw malformed();
        }
        return new Acl(grants);
    }

    private static Grantee grantee(dev.freehold.api.s3.Grantee given) {
        return switch (given.type()) {
            case "CanonicalUser" -> {
                if (given.id() == null) {
                    throw malformed();
                }
                yield Grantee.user(given.id(), "CanonicalUser/ID");
            }
            case "Group" -> {
                if (given.uri() == null) {
                    throw malformed();
                }
                yield Grantee.group(given.uri(), "Group/URI");
            }
            case "AmazonCustomerByEmail" ->
                    throw Grantee.unresolvable(
                            given.emailAddress() == null ? "" : given.emailAddress());
            default -> throw malformed();
        };
    }

    private static S3Error malformed() {
        return S3Error.of(
                400,
                "MalformedACLError",
                "The XML you provided was not well-formed or did not validate against our"
                        + " published schema");
    }

    private static List<dev.freehold.api.s3.Grant> shown(Acl acl) {
        return acl.grants().stream().map(Acls::shown).toList();
    }

    private static dev.freehold.api.s3.Grant shown(Grant grant) {
        dev.freehold.api.s3.Grantee grantee =
                switch (grant.grantee()) {
                    case Grantee.User(String id) ->
                            dev.freehold.api.s3.Grantee.builder()
                                    .type("CanonicalUser")
                                    .id(id)
                                    .build();
                    case Grantee.Group(String uri) ->
                            dev.freehold.api.s3.Grantee.builder().type("Group").uri(uri).build();
                };
        return dev.freehold.api.s3.Grant.builder()
                .grantee(grantee)
                .permission(grant.right().name())
                .build();
    }
}
