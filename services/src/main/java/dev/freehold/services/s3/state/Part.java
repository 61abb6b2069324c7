package dev.freehold.services.s3.state;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One part of an upload, and of the object that it became.
///
/// @param number 1 to 10,000
/// @param blob the blob with its bytes; empty when there are none
/// @param size how many bytes
/// @param eTag the MD5, hexadecimal
/// @param modified when it was written
/// @param checksum its checksum, or null
public record Part(
        int number,
        String blob,
        long size,
        String eTag,
        Instant modified,
        @Nullable Checksum checksum) {
    static final Codec<Part> CODEC = Codecs.of(Part::write, Part::read);

    private static void write(ValueWriter out, Part part) {
        out.int32(part.number)
                .string(part.blob)
                .int64(part.size)
                .string(part.eTag)
                .instant(part.modified)
                .optional(part.checksum, Checksum::write);
    }

    private static Part read(ValueReader in) {
        return new Part(
                in.int32(),
                in.string(),
                in.int64(),
                in.string(),
                in.instant(),
                in.optional(Checksum::read));
    }
}
