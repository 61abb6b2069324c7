package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.CopyObjectRequest;
import dev.freehold.api.s3.CopyObjectResponse;
import dev.freehold.api.s3.CopyObjectResult;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Caller;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.checksum.Algorithm;
import dev.freehold.services.s3.content.CustomerSecret;
import dev.freehold.services.s3.content.Expected;
import dev.freehold.services.s3.content.ObjectBytes;
import dev.freehold.services.s3.content.Received;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.ops.Draft.LockRequest;
import dev.freehold.services.s3.ops.ObjectWrites.Write;
import dev.freehold.services.s3.ops.ObjectWrites.Written;
import dev.freehold.services.s3.rules.ByteRange;
import dev.freehold.services.s3.rules.Conditions;
import dev.freehold.services.s3.rules.WriteCondition;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Content;
import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.Properties;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.state.VersionId;
import dev.freehold.services.s3.state.Versions;
import dev.freehold.services.s3.wire.Input;
import dev.freehold.services.s3.wire.Output;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// CopyObject.
public final class ObjectCopies {
    private static final String REDIRECT = "x-amz-website-redirect-location";

    private final Context context;
    private final ObjectWrites writes;

    public ObjectCopies(Context context, ObjectWrites writes) {
        this.context = context;
        this.writes = writes;
    }

    /// What is copied.
    ///
    /// @param current whether it is the current version of its key
    record Source(Bucket bucket, Version version, boolean current) {
        /// As answers tell it. AWS: the version "null" is not told.
        @Nullable String versionId() {
            String id = Access.shown(bucket, version);
            return VersionId.NULL.equals(id) ? null : id;
        }
    }

    public CopyObjectResponse copy(CopyObjectRequest request, Caller caller) {
        Access.requireKey(request.key());
        Input input = new Input(request);
        CustomerSecret secret = input.secret("");
        CopySource from = CopySource.parse(request.copySource());
        Source source =
                source(from, input.conditions("CopySource"), request.expectedSourceBucketOwner());
        CustomerSecret sourceSecret = input.secret("CopySource");
        ObjectReads.checkSecret(source.version().bytes(), sourceSecret);
        requireSmall(source.version().bytes());
        ObjectName name = new ObjectName(request.bucket(), request.key());
        boolean same = name.equals(from.name()) && source.current();
        if (same && secret == null && changesNothing(request)) {
            throw S3Errors.invalidRequest(
                    "This copy request is illegal because it is trying to copy an object to itself"
                            + " without changing the object's metadata, storage class, website"
                            + " redirect location or encryption attributes.");
        }
        Write write =
                new Write(
                        name,
                        request.expectedBucketOwner(),
                        draft(request, input, source.version(), caller),
                        WriteCondition.of(request.ifMatch(), request.ifNoneMatch()),
                        "ObjectCreated:Copy");
        writes.check(write);
        Received received = bytes(source.version().bytes(), sourceSecret, request, secret);
        return answer(source, writes.commit(write, received, secret, caller));
    }

    private static void requireSmall(Content content) {
        if (content.size() > ObjectBytes.MOST) {
            throw S3Errors.invalidRequest(
                    "The specified copy source is larger than the maximum allowable size for a copy"
                            + " source: "
                            + ObjectBytes.MOST);
        }
    }

    private Received bytes(
            Content content,
            @Nullable CustomerSecret sourceSecret,
            CopyObjectRequest request,
            @Nullable CustomerSecret secret) {
        Algorithm algorithm =
                request.checksumAlgorithm() != null
                        ? Expected.algorithm(request.checksumAlgorithm())
                        : content.checksum() == null
                                ? Algorithm.CRC64NVME
                                : content.checksum().algorithm();
        ByteRange all = new ByteRange(0, content.size());
        try (ByteStream stream = context.bytes().stream(content, all, sourceSecret)) {
            return context.bytes().receive(stream, Expected.ours(algorithm), secret);
        }
    }

    /// The version that a copy names, when its conditions hold.
    Source source(CopySource from, Conditions conditions, @Nullable String expectedOwner) {
        Instant now = context.clock().instant();
        return context.store()
                .read(tx -> {
                    Source source = source(tx, from, expectedOwner);
                    Version version = source.version();
                    if (ObjectRestores.isArchived(version)
                            && ObjectRestores.restoredUntil(tx, from.name(), version, now)
                                    == null) {
                        throw S3Error.of(
                                403,
                                "ObjectNotInActiveTierError",
                                "The source object of the COPY action is not in the active tier and"
                                        + " is only stored in Amazon S3 Glacier.");
                    }
                    conditions.checkCopySource(version.bytes().eTag(), version.modified(), now);
                    return source;
                });
    }

    private static Source source(Transaction tx, CopySource from, @Nullable String expectedOwner) {
        Bucket bucket = Access.bucket(tx, from.name().bucket(), expectedOwner);
        String versionId = from.versionId();
        if (versionId == null) {
            return new Source(bucket, Access.version(tx, from.name(), null, "GET"), true);
        }
        Version version = Access.anyVersion(tx, from.name(), versionId);
        if (version.isMarker()) {
            throw S3Errors.invalidRequest(
                    "The source of a copy request may not specifically refer to a delete marker by"
                            + " version id.");
        }
        Version current = Versions.current(tx, from.name());
        boolean isCurrent = current != null && current.sequence() == version.sequence();
        return new Source(bucket, version, isCurrent);
    }

    private static boolean changesNothing(CopyObjectRequest request) {
        return !"REPLACE".equals(request.metadataDirective())
                && request.storageClass() == null
                && request.websiteRedirectLocation() == null
                && request.serverSideEncryption() == null;
    }

    private static Draft draft(
            CopyObjectRequest request, Input input, Version source, Caller caller) {
        LockRequest lock =
                new LockRequest(
                        request.objectLockMode(),
                        request.objectLockRetainUntilDate(),
                        request.objectLockLegalHoldStatus());
        Draft asked = Draft.of(input, lock, caller);
        Properties properties =
                replaces(request.metadataDirective(), "x-amz-metadata-directive")
                        ? asked.properties()
                        : kept(source.properties(), asked.properties());
        Map<String, String> tags =
                replaces(request.taggingDirective(), "x-amz-tagging-directive")
                        ? asked.tags()
                        : source.tags();
        return new Draft(asked.account(), properties, tags, asked.grants(), asked.lock());
    }

    private static boolean replaces(@Nullable String directive, String header) {
        if (directive == null || directive.equals("COPY")) {
            return false;
        }
        if (directive.equals("REPLACE")) {
            return true;
        }
        throw S3Errors.invalidArgument("Unknown metadata directive.", header, directive);
    }

    /// AWS: the storage class and the redirect are not copied with the metadata.
    private static Properties kept(Properties source, Properties asked) {
        Map<String, String> headers = new LinkedHashMap<>(source.headers());
        headers.remove(REDIRECT);
        String redirect = asked.headers().get(REDIRECT);
        if (redirect != null) {
            headers.put(REDIRECT, redirect);
        }
        return new Properties(headers, source.metadata(), asked.storageClass());
    }

    private static CopyObjectResponse answer(Source source, Written written) {
        Content content = written.version().bytes();
        CopyObjectResult.Builder result =
                CopyObjectResult.builder()
                        .eTag(ObjectWrites.quoted(content))
                        .lastModified(written.version().modified());
        new Output(CopyObjectResult.SCHEMA, result).checksum(content.checksum());
        CopyObjectResponse.Builder answer =
                CopyObjectResponse.builder()
                        .copyObjectResult(result.build())
                        .copySourceVersionId(source.versionId())
                        .versionId(Access.shown(written.bucket(), written.version()))
                        .expiration(written.expiration());
        new Output(CopyObjectResponse.SCHEMA, answer).encryption(content.customerKey());
        return answer.build();
    }
}
