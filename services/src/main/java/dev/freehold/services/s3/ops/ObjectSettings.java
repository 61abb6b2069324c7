package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.DeleteObjectTaggingRequest;
import dev.freehold.api.s3.DeleteObjectTaggingResponse;
import dev.freehold.api.s3.GetObjectLegalHoldRequest;
import dev.freehold.api.s3.GetObjectLegalHoldResponse;
import dev.freehold.api.s3.GetObjectRetentionRequest;
import dev.freehold.api.s3.GetObjectRetentionResponse;
import dev.freehold.api.s3.GetObjectTaggingRequest;
import dev.freehold.api.s3.GetObjectTaggingResponse;
import dev.freehold.api.s3.ObjectLockLegalHold;
import dev.freehold.api.s3.ObjectLockRetention;
import dev.freehold.api.s3.PutObjectLegalHoldRequest;
import dev.freehold.api.s3.PutObjectRetentionRequest;
import dev.freehold.api.s3.PutObjectTaggingRequest;
import dev.freehold.api.s3.PutObjectTaggingResponse;
import dev.freehold.api.s3.Tag;
import dev.freehold.protocol.Caller;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.config.BucketTags;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.notify.Notifications.Act;
import dev.freehold.services.s3.notify.Notifications.Told;
import dev.freehold.services.s3.rules.Tags;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Lock;
import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.state.Versions;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// What can be changed of an object without writing it anew: its tags and its lock.
public final class ObjectSettings {
    private final Context context;
    private final Notifications notifications;

    public ObjectSettings(Context context, Notifications notifications) {
        this.context = context;
        this.notifications = notifications;
    }

    /// Which version is meant.
    ///
    /// @param versionId null for the current one
    /// @param expectedOwner who the caller thinks owns the bucket, or null
    record Target(
            ObjectName name,
            @Nullable String versionId,
            @Nullable String expectedOwner,
            String method) {
        Target(
                String bucket,
                String key,
                @Nullable String versionId,
                @Nullable String expectedOwner,
                String method) {
            this(new ObjectName(bucket, key), versionId, expectedOwner, method);
        }
    }

    /// A version in its bucket.
    record Found(Bucket bucket, Version version) {
        @Nullable String versionId() {
            return Access.shown(bucket, version);
        }
    }

    static Found find(Transaction tx, Target target) {
        Bucket bucket = Access.bucket(tx, target.name().bucket(), target.expectedOwner());
        return new Found(
                bucket, Access.version(tx, target.name(), target.versionId(), target.method()));
    }

    private Found read(Target target) {
        return context.store().read(tx -> find(tx, target));
    }

    private Found change(Target target, Function<Found, Version> change) {
        return context.store()
                .update(tx -> {
                    Found found = find(tx, target);
                    Versions.update(tx, target.name(), change.apply(found));
                    return found;
                });
    }

    public GetObjectTaggingResponse tags(GetObjectTaggingRequest request) {
        Found found =
                read(
                        new Target(
                                request.bucket(),
                                request.key(),
                                request.versionId(),
                                request.expectedBucketOwner(),
                                "GET"));
        return GetObjectTaggingResponse.builder()
                .tagSet(BucketTags.shown(found.version().tags()))
                .versionId(found.versionId())
                .build();
    }

    public PutObjectTaggingResponse putTags(PutObjectTaggingRequest request, Caller caller) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (Tag tag : request.tagging().tagSet()) {
            Tags.add(tags, tag.key(), tag.value());
            Tags.requireUserKey(tag.key());
        }
        Tags.requireFew(tags.size());
        Target target =
                new Target(
                        request.bucket(),
                        request.key(),
                        request.versionId(),
                        request.expectedBucketOwner(),
                        "PUT");
        Found found = setTags(target, tags, "ObjectTagging:Put", caller);
        return PutObjectTaggingResponse.builder().versionId(found.versionId()).build();
    }

    public DeleteObjectTaggingResponse deleteTags(
            DeleteObjectTaggingRequest request, Caller caller) {
        Target target =
                new Target(
                        request.bucket(),
                        request.key(),
                        request.versionId(),
                        request.expectedBucketOwner(),
                        "DELETE");
        Found found = setTags(target, Map.of(), "ObjectTagging:Delete", caller);
        return DeleteObjectTaggingResponse.builder().versionId(found.versionId()).build();
    }

    private Found setTags(Target target, Map<String, String> tags, String event, Caller caller) {
        Act act = Act.of(caller, context.ids().get(), context.clock().instant());
        Found done =
                context.store()
                        .update(tx -> {
                            Found found = find(tx, target);
                            Version tagged = found.version().withTags(tags);
                            Versions.update(tx, target.name(), tagged);
                            notifications.changed(
                                    tx,
                                    found.bucket(),
                                    target.name(),
                                    tagged,
                                    new Told(event, act));
                            return found;
                        });
        notifications.wake();
        return done;
    }

    public GetObjectRetentionResponse retention(GetObjectRetentionRequest request) {
        Found found =
                read(
                        new Target(
                                request.bucket(),
                                request.key(),
                                request.versionId(),
                                request.expectedBucketOwner(),
                                "GET"));
        requireLocks(found.bucket());
        Lock lock = found.version().lock();
        if (lock.mode() == null) {
            throw notLocked();
        }
        return GetObjectRetentionResponse.builder()
                .retention(
                        ObjectLockRetention.builder()
                                .mode(lock.mode())
                                .retainUntilDate(lock.until())
                                .build())
                .build();
    }

    private static void requireLocks(Bucket bucket) {
        if (!bucket.objectLock()) {
            throw S3Errors.invalidRequest("Bucket is missing Object Lock Configuration");
        }
    }

    private static S3Error notLocked() {
        return S3Error.of(
                404,
                "NoSuchObjectLockConfiguration",
                "The specified object does not have a ObjectLock configuration");
    }

    public void putRetention(PutObjectRetentionRequest request) {
        Instant now = context.clock().instant();
        ObjectLockRetention asked = request.retention();
        String mode = asked == null ? null : asked.mode();
        Instant until = asked == null ? null : asked.retainUntilDate();
        boolean bypass = Boolean.TRUE.equals(request.bypassGovernanceRetention());
        Target target =
                new Target(
                        request.bucket(),
                        request.key(),
                        request.versionId(),
                        request.expectedBucketOwner(),
                        "PUT");
        change(
                target,
                found -> {
                    requireLocks(found.bucket());
                    requireRetention(mode, until, now);
                    Lock before = found.version().lock();
                    if (loosens(before, mode, until, now) && held(before, now, bypass)) {
                        throw S3Error.of(
                                403,
                                "AccessDenied",
                                "Access Denied because object protected by object lock.");
                    }
                    return found.version().withLock(new Lock(mode, until, before.legalHold()));
                });
    }

    private static void requireRetention(
            @Nullable String mode, @Nullable Instant until, Instant now) {
        boolean known = mode == null || mode.equals("GOVERNANCE") || mode.equals("COMPLIANCE");
        if (!known || (mode == null) != (until == null)) {
            throw S3Errors.malformedXml();
        }
        if (until != null && !until.isAfter(now)) {
            throw S3Errors.invalidArgument(
                    "The retain until date must be in the future!",
                    "RetainUntilDate",
                    until.toString());
        }
    }

    /// Whether a retention ends earlier, or binds less, than the one before.
    private static boolean loosens(
            Lock before, @Nullable String mode, @Nullable Instant until, Instant now) {
        if (before.until() == null || !now.isBefore(before.until())) {
            return false;
        }
        return until == null
                || until.isBefore(before.until())
                || ("COMPLIANCE".equals(before.mode()) && !"COMPLIANCE".equals(mode))
                || ("GOVERNANCE".equals(before.mode()) && !"GOVERNANCE".equals(mode));
    }

    private static boolean held(Lock before, Instant now, boolean bypass) {
        return new Lock(before.mode(), before.until(), null).holds(now, bypass);
    }

    public GetObjectLegalHoldResponse legalHold(GetObjectLegalHoldRequest request) {
        Found found =
                read(
                        new Target(
                                request.bucket(),
                                request.key(),
                                request.versionId(),
                                request.expectedBucketOwner(),
                                "GET"));
        requireLocks(found.bucket());
        Boolean hold = found.version().lock().legalHold();
        if (hold == null) {
            throw notLocked();
        }
        return GetObjectLegalHoldResponse.builder()
                .legalHold(ObjectLockLegalHold.builder().status(hold ? "ON" : "OFF").build())
                .build();
    }

    public void putLegalHold(PutObjectLegalHoldRequest request) {
        String status = request.legalHold() == null ? null : request.legalHold().status();
        Target target =
                new Target(
                        request.bucket(),
                        request.key(),
                        request.versionId(),
                        request.expectedBucketOwner(),
                        "PUT");
        change(
                target,
                found -> {
                    requireLocks(found.bucket());
                    if (status == null || !(status.equals("ON") || status.equals("OFF"))) {
                        throw S3Errors.malformedXml();
                    }
                    Lock before = found.version().lock();
                    Lock next = new Lock(before.mode(), before.until(), status.equals("ON"));
                    return found.version().withLock(next);
                });
    }
}
