package dev.freehold.services.s3.ops;

import dev.freehold.api.s3.GetObjectRequest;
import dev.freehold.api.s3.GetObjectResponse;
import dev.freehold.api.s3.HeadObjectRequest;
import dev.freehold.api.s3.HeadObjectResponse;
import dev.freehold.protocol.Structure;
import dev.freehold.services.s3.access.Access;
import dev.freehold.services.s3.access.Context;
import dev.freehold.services.s3.content.CustomerSecret;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.rules.ByteRange;
import dev.freehold.services.s3.state.Bucket;
import dev.freehold.services.s3.state.Checksum;
import dev.freehold.services.s3.state.Content;
import dev.freehold.services.s3.state.ObjectName;
import dev.freehold.services.s3.state.Part;
import dev.freehold.services.s3.state.Version;
import dev.freehold.services.s3.wire.Input;
import dev.freehold.services.s3.wire.Output;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// GetObject and HeadObject.
public final class ObjectReads {
    private static final List<String> OVERRIDES =
            List.of(
                    "CacheControl",
                    "ContentDisposition",
                    "ContentEncoding",
                    "ContentLanguage",
                    "ContentType");
    private static final String DEFAULT_TYPE = "binary/octet-stream";

    private final Context context;

    public ObjectReads(Context context) {
        this.context = context;
    }

    /// What a read found.
    ///
    /// @param range the bytes that it asks for
    /// @param whole whether it asks for all, by not saying otherwise
    /// @param part the part that it asks for, or null
    private record Found(
            Bucket bucket, Version version, ByteRange range, boolean whole, @Nullable Part part) {}

    /// What a read found.
    ///
    /// @param expiration when that expires, as a header says it, or null
    /// @param restored until when it can be read that is in the archives, or null
    private record Dated(Found found, @Nullable String expiration, @Nullable Instant restored) {
        @Nullable String restore() {
            return restored == null ? null : ObjectRestores.header(restored);
        }
    }

    public GetObjectResponse get(GetObjectRequest request) {
        Input input = new Input(request);
        CustomerSecret secret = input.secret("");
        Dated dated = find(request, secret);
        Found found = dated.found();
        Content content = found.version().bytes();
        if (ObjectRestores.isArchived(found.version()) && dated.restored() == null) {
            throw S3Error.of(
                            403,
                            "InvalidObjectState",
                            "The operation is not valid for the object's storage class")
                    .with("StorageClass", found.version().properties().storageClass());
        }
        GetObjectResponse.Builder answer = GetObjectResponse.builder();
        answer.expiration(dated.expiration()).restore(dated.restore());
        fill(new Output(GetObjectResponse.SCHEMA, answer), input, found);
        answer.bodyValue(context.bytes().stream(content, found.range(), secret));
        return answer.build();
    }

    public HeadObjectResponse head(HeadObjectRequest request) {
        Input input = new Input(request);
        Dated dated = find(request, input.secret(""));
        HeadObjectResponse.Builder answer =
                HeadObjectResponse.builder()
                        .expiration(dated.expiration())
                        .restore(dated.restore());
        fill(new Output(HeadObjectResponse.SCHEMA, answer), input, dated.found());
        return answer.build();
    }

    private Dated find(Structure request, @Nullable CustomerSecret secret) {
        Input input = new Input(request);
        Instant now = context.clock().instant();
        return context.store()
                .read(tx -> {
                    Bucket bucket =
                            Access.bucket(
                                    tx,
                                    input.required("Bucket"),
                                    input.text("ExpectedBucketOwner"));
                    Version version =
                            Access.version(
                                    tx,
                                    name(input),
                                    input.text("VersionId"),
                                    request instanceof HeadObjectRequest ? "HEAD" : "GET");
                    Content content = version.bytes();
                    checkSecret(content, secret);
                    input.conditions("").checkRead(content.eTag(), version.modified(), now);
                    // AWS: told only of what is read as the current version.
                    String expiration =
                            input.text("VersionId") == null
                                    ? ObjectWrites.expiration(tx, name(input), version)
                                    : null;
                    return new Dated(
                            ranged(tx, bucket, version, input),
                            expiration,
                            ObjectRestores.restoredUntil(tx, name(input), version, now));
                });
    }

    private static ObjectName name(Input input) {
        return new ObjectName(input.required("Bucket"), input.required("Key"));
    }

    private static Found ranged(Transaction tx, Bucket bucket, Version version, Input input) {
        String header = input.text("Range");
        Integer number = input.number("PartNumber");
        Content content = version.bytes();
        if (number != null) {
            if (header != null) {
                throw S3Errors.invalidRequest(
                        "Cannot specify both Range header and partNumber query parameter");
            }
            return part(tx, bucket, version, number);
        }
        ByteRange range = header == null ? null : ByteRange.of(header, content.size());
        ByteRange all = new ByteRange(0, content.size());
        return new Found(bucket, version, range == null ? all : range, range == null, null);
    }

    private static Found part(Transaction tx, Bucket bucket, Version version, int number) {
        Content content = version.bytes();
        if (number < 1 || number > 10_000) {
            throw S3Errors.invalidArgument(
                    "Part number must be an integer between 1 and 10000, inclusive",
                    "partNumber",
                    Integer.toString(number));
        }
        int count = Math.max(content.parts(), 1);
        if (number > count) {
            throw S3Error.of(
                            416, "InvalidPartNumber", "The requested partnumber is not satisfiable")
                    .with("ActualPartCount", Integer.toString(count))
                    .with("PartNumberRequested", Integer.toString(number));
        }
        if (!content.inParts()) {
            ByteRange all = new ByteRange(0, content.size());
            return new Found(bucket, version, all, content.size() == 0, null);
        }
        long offset = 0;
        int at = 0;
        for (Part part : Parts.all(tx, content.id())) {
            // AWS: parts are counted as the object has them, whatever their numbers were.
            if (++at == number) {
                return new Found(bucket, version, new ByteRange(offset, part.size()), false, part);
            }
            offset += part.size();
        }
        throw new IllegalStateException("an object in parts lacks its part " + number);
    }

    /// Refuses a read without the key that the bytes are encrypted with.
    static void checkSecret(Content content, @Nullable CustomerSecret secret) {
        if (content.customerKey() == null) {
            if (secret != null) {
                throw S3Errors.invalidRequest(
                        "The encryption parameters are not applicable to this object.");
            }
        } else if (secret == null) {
            throw S3Errors.invalidRequest(
                    "The object was stored using a form of Server Side Encryption. The correct"
                            + " parameters must be provided to retrieve the object.");
        } else if (!secret.asKept().equals(content.customerKey())) {
            throw S3Error.of(
                    403,
                    "AccessDenied",
                    "Requests specifying Server Side Encryption with Customer provided keys must"
                            + " provide the correct secret key.");
        }
    }

    private static void fill(Output out, Input input, Found found) {
        Version version = found.version();
        Content content = version.bytes();
        out.set("ContentType", DEFAULT_TYPE)
                .version(version)
                .encryption(content.customerKey())
                .set("ETag", ObjectWrites.quoted(content))
                .set("ContentLength", found.range().length())
                .set("VersionId", Access.shown(found.bucket(), version));
        if (!found.whole()) {
            out.set("ContentRange", found.range().contentRange(content.size()));
        }
        if (input.number("PartNumber") != null && content.inParts()) {
            out.set("PartsCount", content.parts());
        }
        if ("ENABLED".equals(input.text("ChecksumMode"))) {
            out.checksum(checksum(found));
        }
        for (String name : OVERRIDES) {
            out.set(name, input.text("Response" + name));
        }
        Instant expires = input.time("ResponseExpires");
        if (expires != null) {
            DateTimeFormatter format = DateTimeFormatter.RFC_1123_DATE_TIME;
            out.set("Expires", format.format(expires.atOffset(ZoneOffset.UTC)));
        }
    }

    /// The checksum of what is read: the whole, or one part of a composite one; of another range,
    /// as AWS has it, nothing is known.
    private static @Nullable Checksum checksum(Found found) {
        Content content = found.version().bytes();
        Checksum whole = content.checksum();
        if (whole != null && whole.composite() && found.part() != null) {
            Checksum own = found.part().checksum();
            return own == null ? null : new Checksum(own.algorithm(), own.value(), true);
        }
        return found.range().length() == content.size() ? whole : null;
    }
}
