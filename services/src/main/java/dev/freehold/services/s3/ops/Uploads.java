package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.AbortMultipartUploadRequest;
import dev.freehold.api.s3.CopyPartResult;
import dev.freehold.api.s3.CreateMultipartUploadRequest;
import dev.freehold.api.s3.CreateMultipartUploadResponse;
import dev.freehold.api.s3.UploadPartCopyRequest;
import dev.freehold.api.s3.UploadPartCopyResponse;
import dev.freehold.api.s3.UploadPartRequest;
import dev.freehold.api.s3.UploadPartResponse;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Caller;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.checksum.Algorithm;
import dev.freehold.services.s3.content.CustomerSecret;
import dev.freehold.services.s3.content.Expected;
import dev.freehold.services.s3.content.ObjectBytes;
import dev.freehold.services.s3.content.Received;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.ops.Draft.LockRequest;
import dev.freehold.services.s3.ops.ObjectCopies.Source;
import dev.freehold.services.s3.rules.ByteRange;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Content;
import dev.freehold.services.s3.state.CustomerKey;
import dev.freehold.services.s3.state.Garbage;
import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.Part;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.S3Tables.PartKey;
import dev.freehold.services.s3.state.S3Tables.UploadKey;
import dev.freehold.services.s3.state.Upload;
import dev.freehold.services.s3.state.Upload.Sum;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.state.Versions;
import dev.freehold.services.s3.wire.Input;
import dev.freehold.services.s3.wire.Output;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Multipart uploads until they are completed.
public final class Uploads {
    private static final String UNENCRYPTED =
            "The multipart upload initiate requested encryption. Subsequent part requests must"
                    + " include the appropriate encryption parameters.";

    private final Context context;
    private final ObjectCopies copies;

    public Uploads(Context context, ObjectCopies copies) {
        this.context = context;
        this.copies = copies;
    }

    public CreateMultipartUploadResponse create(
            CreateMultipartUploadRequest request, Caller caller) {
        Access.requireKey(request.key());
        Input input = new Input(request);
        CustomerSecret secret = input.secret("");
        Sum sum = sum(request.checksumAlgorithm(), request.checksumType());
        LockRequest lock =
                new LockRequest(
                        request.objectLockMode(),
                        request.objectLockRetainUntilDate(),
                        request.objectLockLegalHoldStatus());
        Draft draft = Draft.of(input, lock, caller);
        Instant now = context.clock().instant();
        String id = id(now);
        CustomerKey key = secret == null ? null : secret.asKept();
        context.store()
                .updateOnly(tx -> {
                    Bucket bucket =
                            Access.bucket(tx, request.bucket(), request.expectedBucketOwner());
                    Content none = new Content("", 0, 0, "", null, null);
                    Version version = draft.version(tx, bucket, none, now);
                    Upload upload =
                            new Upload(
                                    id,
                                    now,
                                    version.account(),
                                    caller.principal().arn(),
                                    version.properties(),
                                    version.tags(),
                                    version.acl(),
                                    version.lock(),
                                    sum,
                                    key);
                    ObjectName name = new ObjectName(request.bucket(), request.key());
                    tx.put(S3Tables.UPLOADS, new UploadKey(name, id), upload);
                });
        CreateMultipartUploadResponse.Builder answer =
                CreateMultipartUploadResponse.builder()
                        .bucket(request.bucket())
                        .key(request.key())
                        .uploadId(id);
        if (sum != null) {
            answer.checksumAlgorithm(sum.algorithm().name()).checksumType(sum.type());
        }
        new Output(CreateMultipartUploadResponse.SCHEMA, answer).encryption(key);
        return answer.build();
    }

    /// Ids begin with the time, so that a key's uploads are listed in the order of their beginning.
    private String id(Instant now) {
        String random = context.ids().get().replace("-", "");
        return String.format(Locale.ROOT, "%012x", now.toEpochMilli()) + random;
    }

    private static @Nullable Sum sum(@Nullable String name, @Nullable String type) {
        if (name == null) {
            if (type != null) {
                throw S3Errors.invalidRequest(
                        "The x-amz-checksum-type header can only be used with the"
                                + " x-amz-checksum-algorithm header.");
            }
            return null;
        }
        Algorithm algorithm = Expected.algorithm(name);
        boolean byDefault = algorithm != Algorithm.CRC64NVME;
        boolean composite = type == null ? byDefault : type.equals("COMPOSITE");
        if (type != null && !composite && !type.equals("FULL_OBJECT")) {
            throw S3Errors.invalidRequest("Value for x-amz-checksum-type header is invalid.");
        }
        boolean fits = composite ? byDefault : algorithm.combines();
        if (!fits) {
            throw S3Errors.invalidRequest(
                    "The "
                            + (composite ? "COMPOSITE" : "FULL_OBJECT")
                            + " checksum type cannot be used with the "
                            + lower(algorithm)
                            + " checksum algorithm.");
        }
        return new Sum(algorithm, composite);
    }

    static String lower(Algorithm algorithm) {
        return algorithm.name().toLowerCase(Locale.ROOT);
    }

    public UploadPartResponse uploadPart(UploadPartRequest request) {
        Input input = new Input(request);
        CustomerSecret secret = input.secret("");
        requireNumber(request.partNumber());
        UploadKey key = key(request.bucket(), request.key(), request.uploadId());
        Upload upload = context.store().read(tx -> find(tx, key, request.expectedBucketOwner()));
        checkSecret(upload, secret);
        Expected expected = expected(input, upload);
        ByteStream body = ObjectWrites.body(request.bodyValue());
        Received received = context.bytes().receive(body, expected, secret);
        store(key, request.partNumber(), received);
        UploadPartResponse.Builder answer =
                UploadPartResponse.builder().eTag('"' + received.md5() + '"');
        boolean asked = upload.checksum() != null;
        new Output(UploadPartResponse.SCHEMA, answer)
                .checksum(asked ? received.checksum() : received.checked())
                .encryption(upload.customerKey());
        return answer.build();
    }

    /// What a part's sender says of it, and the checksum that the upload needs.
    private static Expected expected(Input input, Upload upload) {
        Expected expected = input.expected();
        Sum sum = upload.checksum();
        if (sum == null) {
            return expected.keeping(Algorithm.CRC64NVME);
        }
        Algorithm sent = expected.algorithm();
        if (sent != null && sent != sum.algorithm()) {
            throw S3Errors.invalidRequest(
                    "Checksum Type mismatch occurred, expected checksum Type: "
                            + lower(sum.algorithm())
                            + ", actual checksum Type: "
                            + lower(sent));
        }
        return expected.keeping(sum.algorithm());
    }

    static void checkSecret(Upload upload, @Nullable CustomerSecret secret) {
        if (upload.customerKey() == null) {
            if (secret != null) {
                // AWS: the same text, although it was the other way round.
                throw S3Errors.invalidRequest(UNENCRYPTED);
            }
        } else if (secret == null) {
            throw S3Errors.invalidRequest(UNENCRYPTED);
        } else if (!secret.asKept().equals(upload.customerKey())) {
            throw S3Errors.invalidRequest(
                    "The provided encryption parameters did not match the ones used originally.");
        }
    }

    private static void requireNumber(int number) {
        if (number < 1 || number > ObjectBytes.MOST_PARTS) {
            throw S3Errors.invalidArgument(
                    "Part number must be an integer between 1 and 10000, inclusive",
                    "partNumber",
                    Integer.toString(number));
        }
    }

    static UploadKey key(String bucket, String key, String uploadId) {
        return new UploadKey(new ObjectName(bucket, key), uploadId);
    }

    /// The upload, whose bucket there must be.
    static Upload find(Transaction tx, UploadKey key, @Nullable String expectedOwner) {
        Access.bucket(tx, key.name().bucket(), expectedOwner);
        Upload upload = tx.get(S3Tables.UPLOADS, key);
        if (upload == null) {
            throw S3Errors.noSuchUpload(key.id());
        }
        return upload;
    }

    private Part store(UploadKey key, int number, Received received) {
        Instant now = context.clock().instant();
        Part part =
                new Part(
                        number,
                        received.blob(),
                        received.size(),
                        received.md5(),
                        now,
                        received.checksum());
        PartKey at = new PartKey(key.id(), number);
        return context.bytes()
                .keep(
                        received,
                        tx -> {
                            find(tx, key, null);
                            Part before = tx.get(S3Tables.PARTS, at);
                            if (before != null) {
                                Garbage.add(tx, before.blob(), false, now);
                            }
                            tx.put(S3Tables.PARTS, at, part);
                            Versions.claim(tx, part.blob());
                            return part;
                        });
    }

    public UploadPartCopyResponse uploadPartCopy(UploadPartCopyRequest request) {
        Input input = new Input(request);
        CustomerSecret secret = input.secret("");
        requireNumber(request.partNumber());
        UploadKey key = key(request.bucket(), request.key(), request.uploadId());
        Upload upload = context.store().read(tx -> find(tx, key, request.expectedBucketOwner()));
        checkSecret(upload, secret);
        Source source =
                copies.source(
                        CopySource.parse(request.copySource()),
                        input.conditions("CopySource"),
                        request.expectedSourceBucketOwner());
        Content content = source.version().bytes();
        CustomerSecret sourceSecret = input.secret("CopySource");
        ObjectReads.checkSecret(content, sourceSecret);
        ByteRange range =
                request.copySourceRange() == null
                        ? new ByteRange(0, content.size())
                        : ByteRange.ofCopySource(request.copySourceRange(), content.size());
        Algorithm algorithm =
                upload.checksum() == null ? Algorithm.CRC64NVME : upload.checksum().algorithm();
        Received received;
        try (ByteStream stream = context.bytes().stream(content, range, sourceSecret)) {
            received = context.bytes().receive(stream, Expected.ours(algorithm), secret);
        }
        Part part = store(key, request.partNumber(), received);
        CopyPartResult.Builder result =
                CopyPartResult.builder()
                        .eTag('"' + part.eTag() + '"')
                        .lastModified(part.modified());
        if (upload.checksum() != null) {
            new Output(CopyPartResult.SCHEMA, result).checksum(part.checksum());
        }
        UploadPartCopyResponse.Builder answer =
                UploadPartCopyResponse.builder()
                        .copyPartResult(result.build())
                        .copySourceVersionId(source.versionId());
        new Output(UploadPartCopyResponse.SCHEMA, answer).encryption(upload.customerKey());
        return answer.build();
    }

    public void abort(AbortMultipartUploadRequest request) {
        UploadKey key = key(request.bucket(), request.key(), request.uploadId());
        Instant now = context.clock().instant();
        context.store()
                .updateOnly(tx -> {
                    Upload upload = find(tx, key, request.expectedBucketOwner());
                    Instant expected = request.ifMatchInitiatedTime();
                    if (expected != null
                            && expected.getEpochSecond() != upload.initiated().getEpochSecond()) {
                        throw S3Errors.preconditionFailed("If-Match-Initiated-Time");
                    }
                    tx.delete(S3Tables.UPLOADS, key);
                    Garbage.add(tx, key.id(), true, now);
                });
    }
}
