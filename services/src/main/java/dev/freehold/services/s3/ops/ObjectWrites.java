package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.PutObjectRequest;
import dev.freehold.api.s3.PutObjectResponse;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Caller;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.content.CustomerSecret;
import dev.freehold.services.s3.content.Expected;
import dev.freehold.services.s3.content.Received;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.lifecycle.Rules;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.notify.Notifications.Act;
import dev.freehold.services.s3.notify.Notifications.Told;
import dev.freehold.services.s3.ops.Draft.LockRequest;
import dev.freehold.services.s3.rules.WriteCondition;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Content;
import dev.freehold.services.s3.state.CustomerKey;
import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.state.Versions;
import dev.freehold.services.s3.wire.Input;
import dev.freehold.services.s3.wire.Output;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// PutObject, and what all writes of objects share.
public final class ObjectWrites {
    private final Context context;
    private final Notifications notifications;

    public ObjectWrites(Context context, Notifications notifications) {
        this.context = context;
        this.notifications = notifications;
    }

    /// A write to be committed.
    ///
    /// @param name where
    /// @param expectedOwner who the caller thinks owns the bucket, or null
    /// @param draft what is said of the object
    /// @param condition what must be there before
    /// @param event how it is told, such as `ObjectCreated:Put`
    record Write(
            ObjectName name,
            @Nullable String expectedOwner,
            Draft draft,
            WriteCondition condition,
            String event) {}

    /// A version in its place.
    ///
    /// @param expiration when it expires, as a header says it, or null
    record Written(Bucket bucket, Version version, @Nullable String expiration) {
        @Nullable String versionId() {
            return Access.written(bucket, version);
        }
    }

    public PutObjectResponse put(PutObjectRequest request, Caller caller) {
        if (request.writeOffsetBytes() != null) {
            throw S3Errors.headerNotImplemented("x-amz-write-offset-bytes", null);
        }
        Access.requireKey(request.key());
        Input input = new Input(request);
        CustomerSecret secret = input.secret("");
        Expected expected = input.expected();
        LockRequest lock =
                new LockRequest(
                        request.objectLockMode(),
                        request.objectLockRetainUntilDate(),
                        request.objectLockLegalHoldStatus());
        Write write =
                new Write(
                        new ObjectName(request.bucket(), request.key()),
                        request.expectedBucketOwner(),
                        Draft.of(input, lock, caller),
                        WriteCondition.of(request.ifMatch(), request.ifNoneMatch()),
                        event(caller));
        check(write);
        Received received = context.bytes().receive(body(request.bodyValue()), expected, secret);
        Written written = commit(write, received, secret, caller);
        Content content = written.version().bytes();
        PutObjectResponse.Builder answer =
                PutObjectResponse.builder()
                        .eTag(quoted(content))
                        .versionId(written.versionId())
                        .expiration(written.expiration());
        new Output(PutObjectResponse.SCHEMA, answer)
                .checksum(content.checksum())
                .encryption(content.customerKey());
        return answer.build();
    }

    private static String event(Caller caller) {
        boolean form = "POST".equals(caller.facts().get("s3:authType"));
        return form ? "ObjectCreated:Post" : "ObjectCreated:Put";
    }

    static ByteStream body(@Nullable ByteStream body) {
        return body == null ? ByteStream.of(Blob.EMPTY) : body;
    }

    static String quoted(Content content) {
        return '"' + content.eTag() + '"';
    }

    /// Refuses a write that can't succeed before its bytes are sent. What may change meanwhile is
    /// checked again when it commits.
    void check(Write write) {
        Instant now = context.clock().instant();
        context.store()
                .read(tx -> {
                    Bucket bucket = Access.bucket(tx, write.name().bucket(), write.expectedOwner());
                    Content none = new Content("", 0, 0, "", null, null);
                    write.draft().version(tx, bucket, none, now);
                    write.condition().check(eTag(tx, write.name()), write.name().key());
                    return Boolean.TRUE;
                });
    }

    /// Makes received bytes the current version.
    Written commit(Write write, Received received, @Nullable CustomerSecret secret, Caller caller) {
        CustomerKey key = secret == null ? null : secret.asKept();
        Content content =
                new Content(
                        received.blob(),
                        0,
                        received.size(),
                        received.md5(),
                        received.checksum(),
                        key);
        Act act = act(caller);
        Written written = context.bytes().keep(received, tx -> place(tx, write, content, act));
        notifications.wake();
        return written;
    }

    Act act(Caller caller) {
        return Act.of(caller, context.ids().get(), context.clock().instant());
    }

    /// Makes a content the current version, in the transaction that the caller commits.
    Written place(Transaction tx, Write write, Content content, Act act) {
        ObjectName name = write.name();
        Bucket bucket = Access.bucket(tx, name.bucket(), write.expectedOwner());
        write.condition().check(eTag(tx, name), name.key());
        Version draft = write.draft().version(tx, bucket, content, act.now());
        Version version = Versions.add(tx, bucket, name, draft, act.unique());
        notifications.changed(tx, bucket, name, version, new Told(write.event(), act));
        return new Written(bucket, version, expiration(tx, name, version));
    }

    /// When a current version expires, as a header says it, or null.
    static @Nullable String expiration(Transaction tx, ObjectName name, Version version) {
        Rules.Expiry expiry = Rules.of(tx, name.bucket()).expiry(name.key(), version);
        return expiry == null ? null : expiry.header();
    }

    /// The current object's ETag, or null when there is none.
    private static @Nullable String eTag(Transaction tx, ObjectName name) {
        Version current = Versions.current(tx, name);
        return current == null || current.isMarker() ? null : current.bytes().eTag();
    }
}
