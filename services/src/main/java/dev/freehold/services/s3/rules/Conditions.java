package dev.freehold.services.s3.rules;

import dev.freehold.services.s3.error.S3Errors;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The conditions of a read, by RFC 9110 with S3's precedence.
///
/// @param ifMatch ETags, one of which it must have, or null
/// @param ifNoneMatch ETags, none of which it may have, or null
/// @param ifModifiedSince it must be newer, or null
/// @param ifUnmodifiedSince it must not be newer, or null
public record Conditions(
        @Nullable String ifMatch,
        @Nullable String ifNoneMatch,
        @Nullable Instant ifModifiedSince,
        @Nullable Instant ifUnmodifiedSince) {
    /// How the conditions of a copy's source are named in errors.
    public static final String COPY_PREFIX = "x-amz-copy-source-";

    /// Checks a read: 412 when it may not be answered, 304 when the reader has it already.
    ///
    /// @param eTag the object's, without quotes
    /// @param modified when it was
    /// @param now a date in the future is no condition
    public void checkRead(String eTag, Instant modified, Instant now) {
        checkWanted(eTag, modified, "");
        if (unwanted(eTag, modified, now) != null) {
            throw S3Errors.notModified(eTag, modified);
        }
    }

    /// Checks a copy's source: each failure is a 412.
    public void checkCopySource(String eTag, Instant modified, Instant now) {
        checkWanted(eTag, modified, COPY_PREFIX);
        String failed = unwanted(eTag, modified, now);
        if (failed != null) {
            throw S3Errors.preconditionFailed(COPY_PREFIX + failed);
        }
    }

    private void checkWanted(String eTag, Instant modified, String prefix) {
        if (ifMatch != null) {
            if (!matches(ifMatch, eTag)) {
                throw S3Errors.preconditionFailed(prefix + "If-Match");
            }
            // AWS: a match outweighs If-Unmodified-Since.
            return;
        }
        if (ifUnmodifiedSince != null && seconds(modified).isAfter(seconds(ifUnmodifiedSince))) {
            throw S3Errors.preconditionFailed(prefix + "If-Unmodified-Since");
        }
    }

    private @Nullable String unwanted(String eTag, Instant modified, Instant now) {
        if (ifNoneMatch != null) {
            // AWS: a condition on the ETag outweighs If-Modified-Since.
            return matches(ifNoneMatch, eTag) ? "If-None-Match" : null;
        }
        if (ifModifiedSince != null
                && !ifModifiedSince.isAfter(now)
                && !seconds(modified).isAfter(seconds(ifModifiedSince))) {
            return "If-Modified-Since";
        }
        return null;
    }

    /// Whether a header's list of ETags has that one, quoted or not, or is `*`.
    public static boolean matches(String header, String eTag) {
        for (String candidate : List.of(header.split(","))) {
            String bare = unquote(candidate.strip());
            if (bare.equals("*") || bare.equals(eTag)) {
                return true;
            }
        }
        return false;
    }

    /// An ETag without its quotes.
    public static String unquote(String eTag) {
        boolean quoted = eTag.length() >= 2 && eTag.startsWith("\"") && eTag.endsWith("\"");
        return quoted ? eTag.substring(1, eTag.length() - 1) : eTag;
    }

    private static Instant seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS);
    }
}
