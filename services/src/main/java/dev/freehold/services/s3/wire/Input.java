package dev.freehold.services.s3.wire;

import dev.freehold.protocol.Member;
import dev.freehold.protocol.Structure;
import dev.freehold.services.s3.acl.GrantHeaders;
import dev.freehold.services.s3.checksum.Algorithm;
import dev.freehold.services.s3.checksum.Hasher;
import dev.freehold.services.s3.content.CustomerSecret;
import dev.freehold.services.s3.content.Expected;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.rules.Conditions;
import dev.freehold.services.s3.state.Properties;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A request, by the model's names of its members.
public record Input(Structure request) {
    private static final int LARGEST_METADATA = 2048;
    private static final String SSE = "x-amz-server-side-encryption";
    private static final Set<String> STORAGE_CLASSES =
            Set.of(
                    "STANDARD",
                    "REDUCED_REDUNDANCY",
                    "STANDARD_IA",
                    "ONEZONE_IA",
                    "INTELLIGENT_TIERING",
                    "GLACIER",
                    "DEEP_ARCHIVE",
                    "GLACIER_IR");

    /// Headers that a writer sends and a reader is told again, by the model's names.
    static final Map<String, String> STORED =
            Map.of(
                    "CacheControl", "Cache-Control",
                    "ContentDisposition", "Content-Disposition",
                    "ContentEncoding", "Content-Encoding",
                    "ContentLanguage", "Content-Language",
                    "ContentType", "Content-Type",
                    "Expires", "Expires",
                    "WebsiteRedirectLocation", "x-amz-website-redirect-location");

    private @Nullable Object value(String name) {
        Member member = request.schema().member(name);
        return member == null ? null : request.member(member.index());
    }

    /// A text, or null when it is absent or the shape has no such member.
    public @Nullable String text(String name) {
        return value(name) instanceof String text ? text : null;
    }

    /// A text that the model demands.
    public String required(String name) {
        return Objects.requireNonNull(text(name), name);
    }

    /// A number, or null.
    public @Nullable Integer number(String name) {
        return value(name) instanceof Integer number ? number : null;
    }

    /// A time, or null.
    public @Nullable Instant time(String name) {
        return value(name) instanceof Instant time ? time : null;
    }

    /// The checksums that it gives, by algorithm.
    public Map<Algorithm, String> checksums() {
        Map<Algorithm, String> given = new EnumMap<>(Algorithm.class);
        for (Algorithm algorithm : Algorithm.values()) {
            String value = text("Checksum" + algorithm.name());
            if (value != null) {
                given.put(algorithm, value);
            }
        }
        return given;
    }

    /// What it says of its body.
    public Expected expected() {
        for (String unknown : List.of("SHA512", "MD5", "XXHASH64", "XXHASH3", "XXHASH128")) {
            if (text("Checksum" + unknown) != null) {
                throw S3Errors.notImplemented("The checksum algorithm " + unknown);
            }
        }
        return Expected.of(text("ContentMD5"), text("ChecksumAlgorithm"), checksums());
    }

    /// The grants of its headers.
    public GrantHeaders grants() {
        return new GrantHeaders(
                text("ACL"),
                text("GrantFullControl"),
                text("GrantRead"),
                text("GrantReadACP"),
                text("GrantWrite"),
                text("GrantWriteACP"));
    }

    /// The conditions of a read; of a copy's source with the prefix `CopySource`.
    public Conditions conditions(String prefix) {
        return new Conditions(
                text(prefix + "IfMatch"),
                text(prefix + "IfNoneMatch"),
                time(prefix + "IfModifiedSince"),
                time(prefix + "IfUnmodifiedSince"));
    }

    /// What it says of an object.
    public Properties properties() {
        refuseOtherEncryption();
        Map<String, String> headers = new LinkedHashMap<>();
        STORED.forEach((name, header) -> {
            String value = text(name);
            if (value != null) {
                headers.put(header, value);
            }
        });
        String encoding = headers.remove("Content-Encoding");
        String kept = encoding == null ? "" : withoutChunking(encoding);
        if (!kept.isEmpty()) {
            headers.put("Content-Encoding", kept);
        }
        requireRedirect(headers.get("x-amz-website-redirect-location"));
        return new Properties(headers, metadata(), storageClass());
    }

    /// `aws-chunked` says how the bytes travel, not what they are.
    private static String withoutChunking(String encoding) {
        List<String> kept = new ArrayList<>();
        for (String token : encoding.split(",")) {
            if (!token.isBlank() && !token.strip().equals("aws-chunked")) {
                kept.add(token.strip());
            }
        }
        return String.join(encoding.contains(", ") ? ", " : ",", kept);
    }

    private static void requireRedirect(@Nullable String location) {
        if (location != null
                && !location.startsWith("/")
                && !location.startsWith("http://")
                && !location.startsWith("https://")) {
            throw S3Error.of(
                    400,
                    "InvalidRedirectLocation",
                    "The website redirect location must have a prefix of 'http://' or 'https://'"
                            + " or '/'.");
        }
    }

    private Map<String, String> metadata() {
        Map<String, String> metadata = new LinkedHashMap<>();
        int size = 0;
        if (value("Metadata") instanceof Map<?, ?> given) {
            for (Map.Entry<?, ?> entry : given.entrySet()) {
                String name = String.valueOf(entry.getKey()).toLowerCase(Locale.ROOT);
                String text = String.valueOf(entry.getValue());
                size += bytes(name) + bytes(text);
                metadata.put(name, text);
            }
        }
        if (size > LARGEST_METADATA) {
            throw S3Error.of(
                            400,
                            "MetadataTooLarge",
                            "Your metadata headers exceed the maximum allowed metadata size")
                    .with("Size", Integer.toString(size))
                    .with("MaxSizeAllowed", Integer.toString(LARGEST_METADATA));
        }
        return metadata;
    }

    private static int bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    private String storageClass() {
        String name = text("StorageClass");
        if (name != null && !STORAGE_CLASSES.contains(name)) {
            throw S3Error.of(
                            400,
                            "InvalidStorageClass",
                            "The storage class you specified is not valid")
                    .with("StorageClassRequested", name);
        }
        return name == null ? Properties.STANDARD : name;
    }

    /// S3 encrypts by itself with AES256, which says nothing that a client can see. Keys of KMS are
    /// refused until there is one.
    private void refuseOtherEncryption() {
        String encryption = text("ServerSideEncryption");
        if (encryption == null && text("SSEKMSKeyId") != null) {
            throw S3Errors.invalidArgument(
                    "The header x-amz-server-side-encryption-aws-kms-key-id is only applicable to"
                            + " x-amz-server-side-encryption with value aws:kms",
                    SSE,
                    null);
        }
        if (encryption == null || encryption.equals("AES256")) {
            return;
        }
        if (encryption.startsWith("aws:")) {
            throw S3Errors.notImplemented("Server side encryption " + encryption);
        }
        throw S3Errors.invalidArgument(
                "The encryption method specified is not supported", SSE, encryption);
    }

    /// The customer's key that it brings, or null; of a copy's source with the prefix `CopySource`.
    public @Nullable CustomerSecret secret(String prefix) {
        String algorithm = text(prefix + "SSECustomerAlgorithm");
        String key = text(prefix + "SSECustomerKey");
        String md5 = text(prefix + "SSECustomerKeyMD5");
        if (algorithm == null && key == null && md5 == null) {
            return null;
        }
        if (prefix.isEmpty() && text("ServerSideEncryption") != null) {
            throw S3Errors.invalidArgument(
                    "Server Side Encryption with Customer provided key is incompatible with the"
                            + " encryption method specified",
                    SSE,
                    text("ServerSideEncryption"));
        }
        if (algorithm == null) {
            throw refused(
                    "Requests specifying Server Side Encryption with Customer provided keys must"
                            + " provide a valid encryption algorithm.");
        }
        if (key == null || md5 == null) {
            throw refused(
                    "Requests specifying Server Side Encryption with Customer provided keys must"
                            + " provide an appropriate secret key.");
        }
        if (!algorithm.equals("AES256")) {
            throw S3Error.of(
                            400,
                            "InvalidEncryptionAlgorithmError",
                            "The Encryption request you specified is not valid. Supported value:"
                                    + " AES256.")
                    .with("ArgumentName", SSE)
                    .with("ArgumentValue", algorithm);
        }
        return new CustomerSecret(checkedKey(key, md5), md5);
    }

    private static byte[] checkedKey(String base64, String md5) {
        byte[] key;
        try {
            key = Base64.getDecoder().decode(base64);
        } catch (IllegalArgumentException e) {
            key = new byte[0];
        }
        if (key.length != 32) {
            throw refused("The secret key was invalid for the specified algorithm.");
        }
        Hasher hasher = Algorithm.md5();
        hasher.update(key, 0, key.length);
        if (!hasher.base64().equals(md5)) {
            throw refused(
                    "The calculated MD5 hash of the key did not match the hash that was provided.");
        }
        return key;
    }

    private static S3Error refused(String message) {
        return S3Errors.invalidArgument(message, SSE, null);
    }
}
