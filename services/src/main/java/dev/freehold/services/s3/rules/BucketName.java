package dev.freehold.services.s3.rules;

import dev.freehold.services.s3.error.S3Errors;
import java.util.List;
import java.util.regex.Pattern;

/// The naming rules of general purpose buckets.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>.
public final class BucketName {
    private static final Pattern SHAPE = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");
    private static final List<String> RESERVED_PREFIXES =
            List.of("xn--", "sthree-", "amzn-s3-demo-");
    private static final List<String> RESERVED_SUFFIXES =
            List.of("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3");

    private BucketName() {}

    /// Refuses a name that no bucket may be created with.
    public static void requireValid(String name) {
        if (!SHAPE.matcher(name).matches()
                || name.contains("..")
                || ADDRESS.matcher(name).matches()
                || RESERVED_PREFIXES.stream().anyMatch(name::startsWith)
                || RESERVED_SUFFIXES.stream().anyMatch(name::endsWith)) {
            throw S3Errors.invalidBucketName(name);
        }
    }
}
