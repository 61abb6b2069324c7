package dev.freehold.services.s3.rules;

import dev.freehold.services.s3.error.S3Errors;
import org.jspecify.annotations.Nullable;

/// The condition of a write: that there is no such object, or that it is the one the writer knows.
///
/// @param ifMatch the ETag that the object must have, or null
/// @param ifNoneMatch `*`, or null
public record WriteCondition(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
    /// No condition.
    public static final WriteCondition NONE = new WriteCondition(null, null);

    /// The condition of a request's headers.
    public static WriteCondition of(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
        if (ifMatch != null && ifNoneMatch != null) {
            throw S3Errors.headerNotImplemented(
                    "If-Match,If-None-Match",
                    "Multiple conditional request headers present in the request");
        }
        if (ifNoneMatch != null && !ifNoneMatch.equals("*")) {
            throw refused("If-None-Match");
        }
        if (ifMatch != null && ifMatch.equals("*")) {
            throw refused("If-Match");
        }
        return new WriteCondition(ifMatch, ifNoneMatch);
    }

    private static RuntimeException refused(String header) {
        return S3Errors.headerNotImplemented(
                header, "We don't accept the provided value of " + header + " header for this API");
    }

    /// Checks it against what is there.
    ///
    /// @param eTag the current object's, without quotes; null when there is none
    public void check(@Nullable String eTag, String key) {
        if (ifNoneMatch != null && eTag != null) {
            throw S3Errors.preconditionFailed("If-None-Match");
        }
        if (ifMatch != null) {
            if (eTag == null) {
                throw S3Errors.noSuchKey(key);
            }
            if (!Conditions.matches(ifMatch, eTag)) {
                throw S3Errors.preconditionFailed("If-Match");
            }
        }
    }
}
