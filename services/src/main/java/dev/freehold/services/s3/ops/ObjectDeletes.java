package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.DeleteObjectRequest;
import dev.freehold.api.s3.DeleteObjectResponse;
import dev.freehold.api.s3.DeleteObjectsRequest;
import dev.freehold.api.s3.DeleteObjectsResponse;
import dev.freehold.api.s3.DeletedObject;
import dev.freehold.api.s3.ObjectIdentifier;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.notify.Notifications.Act;
import dev.freehold.services.s3.notify.Notifications.Told;
import dev.freehold.services.s3.rules.Conditions;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Bucket.Versioning;
import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.state.Versions;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// DeleteObject and DeleteObjects.
public final class ObjectDeletes {
    private static final int MOST_KEYS = 1000;

    /// How many keys share a transaction: few enough for the bounds of one.
    private static final int BATCH = 100;

    private final Context context;
    private final Notifications notifications;

    public ObjectDeletes(Context context, Notifications notifications) {
        this.context = context;
        this.notifications = notifications;
    }

    /// What is to be deleted.
    ///
    /// @param versionId the version to remove, or null to delete the object
    /// @param ifMatch the ETag that it must have, or null
    /// @param bypass whether the caller wants to pass over governance locks
    private record Wanted(
            ObjectName name,
            @Nullable String versionId,
            @Nullable String ifMatch,
            boolean bypass) {}

    /// What was done.
    ///
    /// @param versionId the version that was removed, or the delete marker's
    /// @param marker whether that is a delete marker
    private record Done(@Nullable String versionId, boolean marker) {}

    public DeleteObjectResponse delete(DeleteObjectRequest request, Caller caller) {
        if (request.ifMatchLastModifiedTime() != null) {
            throw S3Errors.headerNotImplemented("x-amz-if-match-last-modified-time", null);
        }
        if (request.ifMatchSize() != null) {
            throw S3Errors.headerNotImplemented("x-amz-if-match-size", null);
        }
        Wanted wanted =
                new Wanted(
                        new ObjectName(request.bucket(), request.key()),
                        request.versionId(),
                        request.ifMatch(),
                        Boolean.TRUE.equals(request.bypassGovernanceRetention()));
        Act act = act(caller);
        boolean bypassSaid = request.bypassGovernanceRetention() != null;
        Done done =
                context.store()
                        .update(tx -> {
                            Bucket bucket =
                                    Access.bucket(
                                            tx, request.bucket(), request.expectedBucketOwner());
                            requireLocks(bucket, bypassSaid);
                            return delete(tx, bucket, wanted, act);
                        });
        notifications.wake();
        return DeleteObjectResponse.builder()
                .versionId(done.versionId())
                .deleteMarker(done.marker() ? Boolean.TRUE : null)
                .build();
    }

    private static void requireLocks(Bucket bucket, boolean bypassSaid) {
        if (bypassSaid && !bucket.objectLock()) {
            throw S3Errors.invalidArgument(
                    "x-amz-bypass-governance-retention is only applicable to Object Lock enabled"
                            + " buckets.",
                    "x-amz-bypass-governance-retention",
                    null);
        }
    }

    private Act act(Caller caller) {
        return Act.of(caller, context.ids().get(), context.clock().instant());
    }

    /// AWS: deleting one of many tells of it even when it isn't there, deleting it alone doesn't.
    private void tellOfNothing(Transaction tx, Bucket bucket, Wanted wanted, Act act) {
        if (bucket.versioning() == Versioning.NEVER
                && wanted.versionId() == null
                && Versions.current(tx, wanted.name()) == null) {
            Version none = Version.marker(bucket.account(), act.now());
            Told told = new Told("ObjectRemoved:Delete", act);
            notifications.changed(tx, bucket, wanted.name(), none, told);
        }
    }

    private Done delete(Transaction tx, Bucket bucket, Wanted wanted, Act act) {
        if (wanted.versionId() != null) {
            Access.requireVersionId(wanted.versionId());
            Version version = Versions.find(tx, wanted.name(), wanted.versionId());
            if (version != null && version.id().equals(wanted.versionId())) {
                checkMatch(wanted, version);
                remove(tx, bucket, wanted, version, act);
                return new Done(Access.shown(bucket, version), version.isMarker());
            }
            checkMatch(wanted, null);
            return new Done(wanted.versionId(), false);
        }
        Version current = Versions.current(tx, wanted.name());
        checkMatch(wanted, current);
        if (bucket.versioning() == Versioning.NEVER) {
            if (current != null) {
                remove(tx, bucket, wanted, current, act);
            }
            return new Done(null, false);
        }
        Version marker = Version.marker(bucket.account(), act.now());
        Version placed = Versions.add(tx, bucket, wanted.name(), marker, act.unique());
        Told told = new Told("ObjectRemoved:DeleteMarkerCreated", act);
        notifications.changed(tx, bucket, wanted.name(), placed, told);
        return new Done(placed.id(), true);
    }

    private static void checkMatch(Wanted wanted, @Nullable Version version) {
        if (wanted.ifMatch() == null) {
            return;
        }
        if (version == null || version.isMarker()) {
            throw S3Errors.noSuchKey(wanted.name().key());
        }
        if (!Conditions.matches(wanted.ifMatch(), version.bytes().eTag())) {
            throw S3Errors.preconditionFailed("If-Match");
        }
    }

    private void remove(Transaction tx, Bucket bucket, Wanted wanted, Version version, Act act) {
        if (version.lock().holds(act.now(), wanted.bypass())) {
            throw S3Error.of(
                    403, "AccessDenied", "Access Denied because object protected by object lock.");
        }
        Versions.remove(tx, wanted.name(), version, act.now());
        Told told = new Told("ObjectRemoved:Delete", act);
        notifications.changed(tx, bucket, wanted.name(), version, told);
    }

    /// Deletes up to 1,000 keys. Each succeeds or fails by itself.
    public DeleteObjectsResponse deleteMany(DeleteObjectsRequest request, Caller caller) {
        List<ObjectIdentifier> keys = request.delete().objects();
        if (keys.isEmpty() || keys.size() > MOST_KEYS) {
            throw S3Errors.malformedXml();
        }
        boolean bypassSaid = request.bypassGovernanceRetention() != null;
        List<Outcome> outcomes = new ArrayList<>();
        for (int at = 0; at < keys.size(); at += BATCH) {
            List<ObjectIdentifier> batch = keys.subList(at, Math.min(at + BATCH, keys.size()));
            Act act = act(caller);
            outcomes.addAll(
                    context.store()
                            .update(tx -> {
                                Bucket bucket =
                                        Access.bucket(
                                                tx,
                                                request.bucket(),
                                                request.expectedBucketOwner());
                                requireLocks(bucket, bypassSaid);
                                return batch(tx, bucket, request, batch, act);
                            }));
        }
        notifications.wake();
        return answer(outcomes, Boolean.TRUE.equals(request.delete().quiet()));
    }

    /// How the deletion of one key ended: exactly one of the two is there.
    private record Outcome(
            @Nullable DeletedObject deleted, dev.freehold.api.s3.@Nullable S3Error failed) {}

    private List<Outcome> batch(
            Transaction tx,
            Bucket bucket,
            DeleteObjectsRequest request,
            List<ObjectIdentifier> keys,
            Act act) {
        List<Outcome> outcomes = new ArrayList<>();
        for (int i = 0; i < keys.size(); i++) {
            ObjectIdentifier key = keys.get(i);
            Act own = new Act(act.cause(), act.unique() + "-" + i, act.now());
            Wanted wanted =
                    new Wanted(
                            new ObjectName(bucket.name(), key.key()),
                            key.versionId(),
                            key.eTag(),
                            Boolean.TRUE.equals(request.bypassGovernanceRetention()));
            try {
                tellOfNothing(tx, bucket, wanted, own);
                outcomes.add(deleted(delete(tx, bucket, wanted, own), key));
            } catch (ServiceError e) {
                outcomes.add(failed(e, key));
            }
        }
        return outcomes;
    }

    private static Outcome deleted(Done done, ObjectIdentifier key) {
        DeletedObject.Builder deleted = DeletedObject.builder().key(key.key());
        if (key.versionId() != null) {
            deleted.versionId(key.versionId());
        }
        if (done.marker()) {
            deleted.deleteMarker(true).deleteMarkerVersionId(done.versionId());
        }
        return new Outcome(deleted.build(), null);
    }

    private static Outcome failed(ServiceError error, ObjectIdentifier key) {
        // AWS: what a version's id is answered with alone differs from the answer among many.
        boolean badVersion = error.shape().code().equals("InvalidArgument");
        ServiceError shown =
                badVersion && key.versionId() != null
                        ? S3Errors.noSuchVersion(key.key(), key.versionId())
                        : error;
        return new Outcome(
                null,
                dev.freehold.api.s3.S3Error.builder()
                        .key(key.key())
                        .versionId(key.versionId())
                        .code(shown.shape().code())
                        .message(shown.getMessage())
                        .build());
    }

    private static DeleteObjectsResponse answer(List<Outcome> outcomes, boolean quiet) {
        List<DeletedObject> deleted = new ArrayList<>();
        List<dev.freehold.api.s3.S3Error> errors = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            if (outcome.failed() != null) {
                errors.add(outcome.failed());
            } else if (outcome.deleted() != null && !quiet) {
                deleted.add(outcome.deleted());
            }
        }
        return DeleteObjectsResponse.builder()
                .deleted(deleted.isEmpty() ? null : deleted)
                .errors(errors.isEmpty() ? null : errors)
                .build();
    }
}
