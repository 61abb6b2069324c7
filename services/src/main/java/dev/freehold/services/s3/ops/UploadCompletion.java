package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.CompleteMultipartUploadRequest;
import dev.freehold.api.s3.CompleteMultipartUploadResponse;
import dev.freehold.api.s3.CompletedPart;
import dev.freehold.protocol.Caller;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.acl.GrantHeaders;
import dev.freehold.services.s3.checksum.Algorithm;
import dev.freehold.services.s3.checksum.Composite;
import dev.freehold.services.s3.checksum.Composite.Share;
import dev.freehold.services.s3.content.CustomerSecret;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.notify.Notifications;
import dev.freehold.services.s3.notify.Notifications.Act;
import dev.freehold.services.s3.notify.Notifications.Told;
import dev.freehold.services.s3.ops.ObjectWrites.Written;
import dev.freehold.services.s3.rules.Conditions;
import dev.freehold.services.s3.rules.WriteCondition;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Checksum;
import dev.freehold.services.s3.state.Content;
import dev.freehold.services.s3.state.Garbage;
import dev.freehold.services.s3.state.Lock;
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
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// CompleteMultipartUpload: the parts become an object, where they are.
public final class UploadCompletion {
    private static final long SMALLEST_PART = 5L << 20;

    private final Context context;
    private final Notifications notifications;

    public UploadCompletion(Context context, Notifications notifications) {
        this.context = context;
        this.notifications = notifications;
    }

    public CompleteMultipartUploadResponse complete(
            CompleteMultipartUploadRequest request, Caller caller) {
        List<CompletedPart> given =
                request.multipartUpload() == null ? null : request.multipartUpload().parts();
        List<CompletedPart> wanted = given == null ? List.of() : given;
        WriteCondition condition = WriteCondition.of(request.ifMatch(), request.ifNoneMatch());
        Act act = Act.of(caller, context.ids().get(), context.clock().instant());
        Written written =
                context.store().update(tx -> complete(tx, request, wanted, condition, act));
        notifications.wake();
        Content content = written.version().bytes();
        CompleteMultipartUploadResponse.Builder answer =
                CompleteMultipartUploadResponse.builder()
                        .location(location(request))
                        .bucket(request.bucket())
                        .key(request.key())
                        .eTag(ObjectWrites.quoted(content))
                        .versionId(written.versionId())
                        .expiration(written.expiration());
        new Output(CompleteMultipartUploadResponse.SCHEMA, answer)
                .checksum(content.checksum())
                .encryption(content.customerKey());
        return answer.build();
    }

    private static String location(CompleteMultipartUploadRequest request) {
        String key = Listings.Encoding.URL.apply(request.key()).replace("/", "%2F");
        return "http://" + request.bucket() + ".s3.amazonaws.com/" + key;
    }

    private static void requireOrder(List<CompletedPart> parts, String uploadId) {
        int last = 0;
        for (CompletedPart part : parts) {
            int number = part.partNumber() == null ? 0 : part.partNumber();
            if (number < 1 || number > 10_000) {
                throw S3Errors.invalidArgument(
                        "Part number must be an integer between 1 and 10000, inclusive",
                        "partNumber",
                        Integer.toString(number));
            }
            if (number <= last) {
                throw S3Error.of(
                                400,
                                "InvalidPartOrder",
                                "The list of parts was not in ascending order. Parts must be"
                                        + " ordered by part number.")
                        .with("UploadId", uploadId);
            }
            last = number;
        }
    }

    private Written complete(
            Transaction tx,
            CompleteMultipartUploadRequest request,
            List<CompletedPart> wanted,
            WriteCondition condition,
            Act act) {
        Bucket bucket = Access.bucket(tx, request.bucket(), request.expectedBucketOwner());
        UploadKey key = Uploads.key(request.bucket(), request.key(), request.uploadId());
        Upload upload = tx.get(S3Tables.UPLOADS, key);
        if (upload == null) {
            return repeated(tx, bucket, key);
        }
        CustomerSecret secret = new Input(request).secret("");
        if (secret != null) {
            Uploads.checkSecret(upload, secret);
        }
        if (wanted.isEmpty()) {
            throw S3Errors.invalidRequest("You must specify at least one part");
        }
        requireOrder(wanted, key.id());
        requireType(upload, request.checksumType());
        checkCondition(tx, key, upload, condition);
        Map<Integer, Part> stored = new LinkedHashMap<>();
        Parts.all(tx, key.id()).forEach(part -> stored.put(part.number(), part));
        List<Part> parts = chosen(upload, wanted, stored, key.id());
        Content content = content(upload, parts, key.id());
        check(request, upload, content);
        Version draft = version(tx, bucket, upload, content, act);
        Version version = Versions.add(tx, bucket, key.name(), draft, act.unique());
        removeOthers(tx, key.id(), parts, stored, act);
        tx.delete(S3Tables.UPLOADS, key);
        Told told = new Told("ObjectCreated:CompleteMultipartUpload", act);
        notifications.changed(tx, bucket, key.name(), version, told);
        String expiration = ObjectWrites.expiration(tx, key.name(), version);
        return new Written(bucket, version, expiration);
    }

    private static Version version(
            Transaction tx, Bucket bucket, Upload upload, Content content, Act act) {
        Draft draft =
                new Draft(
                        upload.account(),
                        upload.properties(),
                        upload.tags(),
                        new GrantHeaders(null, null, null, null, null, null),
                        bucket.objectLock() ? upload.lock() : Lock.NONE);
        return draft.version(tx, bucket, content, act.now()).withAcl(upload.acl());
    }

    /// A client that missed the answer asks again: the object that its upload became is answered.
    private static Written repeated(Transaction tx, Bucket bucket, UploadKey key) {
        Version current = Versions.current(tx, key.name());
        if (current == null || current.isMarker() || !current.bytes().id().equals(key.id())) {
            throw S3Errors.noSuchUpload(key.id());
        }
        String expiration = ObjectWrites.expiration(tx, key.name(), current);
        return new Written(bucket, current, expiration);
    }

    private static void requireType(Upload upload, @Nullable String type) {
        Sum sum = upload.checksum();
        String made = sum == null ? null : sum.type();
        if (type != null && !type.equals(made)) {
            throw S3Errors.invalidRequest(
                    "The upload was created using the "
                            + made
                            + " checksum mode. The complete request must use the same checksum"
                            + " mode.");
        }
    }

    private static void checkCondition(
            Transaction tx, UploadKey key, Upload upload, WriteCondition condition) {
        Version current = Versions.current(tx, key.name());
        Version there = current == null || current.isMarker() ? null : current;
        if (condition.ifMatch() != null
                && there != null
                && there.modified().isAfter(upload.initiated())) {
            throw S3Errors.conflict("If-Match", key.name().key());
        }
        condition.check(there == null ? null : there.bytes().eTag(), key.name().key());
    }

    private static List<Part> chosen(
            Upload upload, List<CompletedPart> wanted, Map<Integer, Part> stored, String uploadId) {
        List<Part> parts = new ArrayList<>();
        for (CompletedPart one : wanted) {
            int number = one.partNumber() == null ? 0 : one.partNumber();
            Part part = stored.get(number);
            String eTag = one.eTag() == null ? "" : Conditions.unquote(one.eTag());
            if (part == null || !part.eTag().equals(eTag)) {
                throw invalidPart(eTag, number, uploadId);
            }
            checkChecksum(upload, one, part, uploadId);
            parts.add(part);
        }
        for (Part part : parts.subList(0, parts.size() - 1)) {
            if (part.size() < SMALLEST_PART) {
                throw S3Error.of(
                                400,
                                "EntityTooSmall",
                                "Your proposed upload is smaller than the minimum allowed size")
                        .with("ETag", part.eTag())
                        .with("MinSizeAllowed", Long.toString(SMALLEST_PART))
                        .with("PartNumber", Integer.toString(part.number()))
                        .with("ProposedSize", Long.toString(part.size()));
            }
        }
        return parts;
    }

    private static void checkChecksum(
            Upload upload, CompletedPart one, Part part, String uploadId) {
        Map<Algorithm, String> given = new Input(one).checksums();
        Sum sum = upload.checksum();
        Checksum kept = part.checksum();
        if (sum != null && sum.composite() && !given.containsKey(sum.algorithm())) {
            if (given.isEmpty()) {
                throw S3Errors.invalidRequest(
                        "The upload was created using a "
                                + Uploads.lower(sum.algorithm())
                                + " checksum. The complete request must include the checksum for"
                                + " each part. It was missing for part "
                                + part.number()
                                + " in the request.");
            }
            throw S3Error.of(
                    400,
                    "BadDigest",
                    "The "
                            + Uploads.lower(given.keySet().iterator().next())
                            + " you specified for part "
                            + part.number()
                            + " did not match what we received.");
        }
        for (Map.Entry<Algorithm, String> entry : given.entrySet()) {
            boolean same =
                    kept != null
                            && kept.algorithm() == entry.getKey()
                            && kept.value().equals(entry.getValue());
            if (!same) {
                throw invalidPart(part.eTag(), part.number(), uploadId);
            }
        }
    }

    private static S3Error invalidPart(String eTag, int number, String uploadId) {
        return S3Error.of(
                        400,
                        "InvalidPart",
                        "One or more of the specified parts could not be found.  The part may not"
                                + " have been uploaded, or the specified entity tag may not match"
                                + " the part's entity tag.")
                .with("ETag", eTag)
                .with("PartNumber", Integer.toString(number))
                .with("UploadId", uploadId);
    }

    private static Content content(Upload upload, List<Part> parts, String id) {
        long size = parts.stream().mapToLong(Part::size).sum();
        String eTag = Composite.eTag(parts.stream().map(Part::eTag).toList());
        Sum sum = upload.checksum();
        List<Share> shares = new ArrayList<>();
        for (Part part : parts) {
            if (part.checksum() != null) {
                shares.add(new Share(part.checksum().value(), part.size()));
            }
        }
        Algorithm algorithm = sum == null ? Algorithm.CRC64NVME : sum.algorithm();
        boolean composite = sum != null && sum.composite();
        String value =
                composite
                        ? Composite.composite(algorithm, shares)
                        : Composite.fullObject(algorithm, shares);
        Checksum checksum = new Checksum(algorithm, value, composite);
        return new Content(id, parts.size(), size, eTag, checksum, upload.customerKey());
    }

    private static void check(
            CompleteMultipartUploadRequest request, Upload upload, Content content) {
        Long size = request.mpuObjectSize();
        if (size != null && size != content.size()) {
            throw S3Errors.invalidRequest(
                    "The provided 'x-amz-mp-object-size' header value "
                            + size
                            + " does not match what was computed: "
                            + content.size());
        }
        Checksum checksum = content.checksum();
        for (Map.Entry<Algorithm, String> given : new Input(request).checksums().entrySet()) {
            boolean same =
                    checksum != null
                            && given.getKey() == checksum.algorithm()
                            && bare(given.getValue()).equals(bare(checksum.value()));
            if (!same) {
                Sum sum = upload.checksum();
                Algorithm named = sum == null ? given.getKey() : sum.algorithm();
                throw S3Error.of(
                        400,
                        "BadDigest",
                        "The "
                                + Uploads.lower(named)
                                + " you specified did not match the calculated checksum.");
            }
        }
    }

    /// A composite checksum may be given with or without its number of parts.
    private static String bare(String checksum) {
        int dash = checksum.indexOf('-');
        return dash < 0 ? checksum : checksum.substring(0, dash);
    }

    /// Parts that were uploaded but not chosen are garbage.
    private static void removeOthers(
            Transaction tx, String id, List<Part> chosen, Map<Integer, Part> stored, Act act) {
        Set<Integer> numbers = new HashSet<>();
        chosen.forEach(part -> numbers.add(part.number()));
        for (Part part : stored.values()) {
            if (!numbers.contains(part.number())) {
                tx.delete(S3Tables.PARTS, new PartKey(id, part.number()));
                Garbage.add(tx, part.blob(), false, act.now());
            }
        }
    }
}
