package dev.freehold.services.s3.rules;

import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Tags of objects and buckets.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html>.
public final class Tags {
    /// The most tags that an object may have.
    public static final int MOST_OF_OBJECT = 10;

    /// The most tags that a bucket may have.
    public static final int MOST_OF_BUCKET = 50;

    private static final int LONGEST_KEY = 128;
    private static final int LONGEST_VALUE = 256;
    private static final Pattern ALLOWED = Pattern.compile("[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*");

    private Tags() {}

    /// The tags of an `x-amz-tagging` header: a query string.
    public static Map<String, String> ofHeader(String header) {
        Map<String, String> tags = new LinkedHashMap<>();
        for (String pair : header.split("&")) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String key = decode(equals < 0 ? pair : pair.substring(0, equals), header);
            String value = equals < 0 ? "" : decode(pair.substring(equals + 1), header);
            if (!validKey(key) || !validValue(value) || tags.put(key, value) != null) {
                throw malformed(header);
            }
        }
        requireFew(tags.size());
        tags.keySet().forEach(Tags::requireUserKey);
        return tags;
    }

    private static String decode(String text, String header) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw malformed(header);
        }
    }

    private static S3Error malformed(String header) {
        return S3Errors.invalidArgument(
                "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query"
                        + " parameters without tag name duplicates.",
                "x-amz-tagging",
                header);
    }

    /// Adds one tag of a request's body.
    public static void add(
            Map<String, String> tags, @Nullable String key, @Nullable String value) {
        if (key == null || value == null) {
            throw S3Errors.malformedXml();
        }
        if (!validKey(key)) {
            throw S3Error.of(400, "InvalidTag", "The TagKey you have provided is invalid")
                    .with("TagKey", key);
        }
        if (!validValue(value)) {
            throw S3Error.of(400, "InvalidTag", "The TagValue you have provided is invalid")
                    .with("TagKey", key)
                    .with("TagValue", value);
        }
        if (tags.put(key, value) != null) {
            throw S3Error.of(400, "InvalidTag", "Cannot provide multiple Tags with the same key")
                    .with("TagKey", key);
        }
    }

    /// Refuses more tags than an object may have.
    public static void requireFew(int count) {
        if (count > MOST_OF_OBJECT) {
            throw S3Error.of(
                    400, "BadRequest", "Object tags cannot be greater than " + MOST_OF_OBJECT);
        }
    }

    /// Refuses a key of an object's tag that is AWS's own.
    public static void requireUserKey(String key) {
        if (key.startsWith("aws:")) {
            throw S3Error.of(400, "InvalidTag", "Your TagKey cannot be prefixed with aws:")
                    .with("TagKey", key);
        }
    }

    private static boolean validKey(String key) {
        return !key.isEmpty() && key.length() <= LONGEST_KEY && ALLOWED.matcher(key).matches();
    }

    private static boolean validValue(String value) {
        return value.length() <= LONGEST_VALUE && ALLOWED.matcher(value).matches();
    }
}
