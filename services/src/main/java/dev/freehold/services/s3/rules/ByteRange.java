package dev.freehold.services.s3.rules;

import dev.freehold.services.s3.error.S3Errors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A run of an object's bytes.
///
/// @param first the offset of the first byte
/// @param length how many bytes
public record ByteRange(long first, long length) {
    private static final Pattern HEADER = Pattern.compile("bytes=(\\d{0,18})-(\\d{0,18})");
    private static final Pattern COPY_HEADER = Pattern.compile("bytes=(\\d{1,18})-(\\d{1,18})");
    private static final String COPY_RANGE = "x-amz-copy-source-range";

    /// The range that a `Range` header asks of `size` bytes, or null when the header is to be
    /// ignored: S3 ignores what it can't read, and several ranges at once, and answers the whole
    /// object.
    public static @Nullable ByteRange of(String header, long size) {
        Matcher matcher = HEADER.matcher(header);
        if (!matcher.matches()) {
            return null;
        }
        String first = matcher.group(1);
        String last = matcher.group(2);
        if (first.isEmpty()) {
            return last.isEmpty() ? null : suffix(header, Long.parseLong(last), size);
        }
        long start = Long.parseLong(first);
        long end = last.isEmpty() ? size - 1 : Math.min(Long.parseLong(last), size - 1);
        if (!last.isEmpty() && Long.parseLong(last) < start) {
            return null;
        }
        if (start >= size) {
            throw S3Errors.invalidRange(header, size);
        }
        return new ByteRange(start, end - start + 1);
    }

    private static ByteRange suffix(String header, long wanted, long size) {
        if (wanted == 0 || size == 0) {
            throw S3Errors.invalidRange(header, size);
        }
        long length = Math.min(wanted, size);
        return new ByteRange(size - length, length);
    }

    /// The range that `x-amz-copy-source-range` asks of `size` bytes. Both ends must be there.
    public static ByteRange ofCopySource(String header, long size) {
        Matcher matcher = COPY_HEADER.matcher(header);
        long first = matcher.matches() ? Long.parseLong(matcher.group(1)) : -1;
        long last = first < 0 ? -1 : Long.parseLong(matcher.group(2));
        if (first < 0 || last < first) {
            throw S3Errors.invalidArgument(
                    "The x-amz-copy-source-range value must be of the form bytes=first-last where"
                            + " first and last are the zero-based offsets of the first and last"
                            + " bytes to copy",
                    COPY_RANGE,
                    header);
        }
        if (last >= size) {
            if (first >= size) {
                throw S3Errors.invalidRequest(
                        "The specified copy range is invalid for the source object size");
            }
            throw S3Errors.invalidArgument(
                    "Range specified is not valid for source object of size: " + size,
                    COPY_RANGE,
                    header);
        }
        return new ByteRange(first, last - first + 1);
    }

    /// As a `Content-Range` header says it.
    public String contentRange(long size) {
        return "bytes " + first + "-" + (first + length - 1) + "/" + size;
    }
}
