package dev.freehold.services.s3.ops;

import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import dev.freehold.services.s3.state.ObjectName;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// What a copy is made of: `bucket/key`, percent-encoded, perhaps with `?versionId=`.
public record CopySource(ObjectName name, @Nullable String versionId) {
    private static final String VERSION = "?versionId=";

    /// Reads the header.
    public static CopySource parse(String header) {
        int at = header.lastIndexOf(VERSION);
        String versionId = at < 0 ? null : header.substring(at + VERSION.length());
        String path = decode(at < 0 ? header : header.substring(0, at));
        String bare = path.startsWith("/") ? path.substring(1) : path;
        int slash = bare.indexOf('/');
        if (bare.startsWith("arn:")) {
            throw S3Errors.notImplemented("A copy source that is an access point's ARN");
        }
        if (slash <= 0 || slash == bare.length() - 1) {
            throw invalid();
        }
        return new CopySource(
                new ObjectName(bare.substring(0, slash), bare.substring(slash + 1)), versionId);
    }

    private static String decode(String text) {
        try {
            // A plus is a plus here: clients percent-encode, they don't fill in a form.
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw invalid();
        }
    }

    private static S3Error invalid() {
        return S3Errors.invalidArgument(
                "Invalid copy source object key", "x-amz-copy-source", "x-amz-copy-source");
    }
}
