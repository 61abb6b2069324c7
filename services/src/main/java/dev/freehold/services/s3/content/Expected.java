package dev.freehold.services.s3.content;

import dev.freehold.services.s3.checksum.Algorithm;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a sender says of the bytes that come.
///
/// @param contentMd5 their MD5, base64, or null
/// @param algorithm the checksum that the sender checks by, or null for none
/// @param checksum what that checksum will be, base64, or null when the sender didn't say
/// @param kept the checksum to keep of them
public record Expected(
        @Nullable String contentMd5,
        @Nullable Algorithm algorithm,
        @Nullable String checksum,
        Algorithm kept) {
    private static final int MD5_BYTES = 16;
    private static final String HEADER = "x-amz-checksum-";

    /// What a request's headers announce.
    ///
    /// @param named the algorithm that the request names, or null
    /// @param given the checksums that its headers give, by algorithm
    public static Expected of(
            @Nullable String contentMd5, @Nullable String named, Map<Algorithm, String> given) {
        requireMd5(contentMd5);
        Algorithm algorithm = named == null ? null : algorithm(named);
        if (given.size() > 1) {
            throw S3Errors.invalidRequest(
                    "Expecting a single x-amz-checksum- header. Multiple checksum Types are not"
                            + " allowed.");
        }
        for (Map.Entry<Algorithm, String> entry : given.entrySet()) {
            requireSpelled(entry.getKey(), entry.getValue());
            // AWS: a value outweighs the algorithm that the SDK's header names.
            return new Expected(contentMd5, entry.getKey(), entry.getValue(), entry.getKey());
        }
        Algorithm kept = algorithm == null ? Algorithm.CRC64NVME : algorithm;
        return new Expected(contentMd5, algorithm, null, kept);
    }

    /// The algorithm of that name.
    public static Algorithm algorithm(String name) {
        Algorithm algorithm = Algorithm.named(name);
        if (algorithm == null) {
            throw S3Errors.invalidRequest(
                    "Checksum algorithm provided is unsupported. Please try again with any of the"
                            + " valid types: "
                            + List.of(Algorithm.values()));
        }
        return algorithm;
    }

    private static void requireSpelled(Algorithm algorithm, String value) {
        if (!algorithm.spells(value)) {
            throw S3Errors.invalidRequest(
                    "Value for "
                            + HEADER
                            + algorithm.name().toLowerCase(Locale.ROOT)
                            + " header is invalid.");
        }
    }

    private static void requireMd5(@Nullable String md5) {
        if (md5 == null) {
            return;
        }
        try {
            if (Base64.getDecoder().decode(md5).length == MD5_BYTES) {
                return;
            }
        } catch (IllegalArgumentException e) {
            // Not base64: refused like any other text.
        }
        throw S3Error.of(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
                .with("Content-MD5", md5);
    }

    /// Bytes of our own, of which that checksum is kept.
    public static Expected ours(Algorithm kept) {
        return new Expected(null, null, null, kept);
    }

    /// With another checksum to keep.
    public Expected keeping(Algorithm other) {
        return new Expected(contentMd5, algorithm, checksum, other);
    }

    /// With the checksum that came after the bytes, if one did.
    Expected with(Map<String, String> trailers) {
        for (Algorithm sent : Algorithm.values()) {
            String value = trailers.get(HEADER + sent.name().toLowerCase(Locale.ROOT));
            if (value == null) {
                continue;
            }
            requireSpelled(sent, value);
            if (sent != algorithm && sent != kept) {
                throw S3Errors.invalidRequest(
                        "The value specified in the x-amz-trailer header is not supported");
            }
            return new Expected(contentMd5, sent, value, kept);
        }
        return this;
    }

    /// Compares with what came.
    ///
    /// @param md5 the MD5 of the bytes
    /// @param found the checksum of the bytes, base64, or null when none was asked for
    void check(byte[] md5, @Nullable String found) {
        String calculated = Base64.getEncoder().encodeToString(md5);
        if (contentMd5 != null && !contentMd5.equals(calculated)) {
            throw S3Error.of(
                            400,
                            "BadDigest",
                            "The Content-MD5 you specified did not match what we received.")
                    .with("ExpectedDigest", contentMd5)
                    .with("CalculatedDigest", calculated);
        }
        if (checksum != null && algorithm != null && !checksum.equals(found)) {
            throw S3Error.of(
                    400,
                    "BadDigest",
                    "The " + algorithm + " you specified did not match the calculated checksum.");
        }
    }
}
