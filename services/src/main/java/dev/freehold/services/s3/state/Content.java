package dev.freehold.services.s3.state;

import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import org.jspecify.annotations.Nullable;

/// An object's bytes: where they are, and what is known of them.
///
/// @param id the blob that has them; of an object in parts, what its [Part]s are stored under;
///   empty when there are none
/// @param parts how many parts it was uploaded in, or 0 when at once
/// @param size how many bytes
/// @param eTag without quotes
/// @param checksum the one that was asked for, or S3's default
/// @param customerKey how they are encrypted when that is with a customer's key, or null
public record Content(
        String id,
        int parts,
        long size,
        String eTag,
        @Nullable Checksum checksum,
        @Nullable CustomerKey customerKey) {

    public boolean inParts() {
        return parts > 0;
    }

    static void write(ValueWriter out, Content content) {
        out.string(content.id)
                .int32(content.parts)
                .int64(content.size)
                .string(content.eTag)
                .optional(content.checksum, Checksum::write)
                .optional(content.customerKey, CustomerKey::write);
    }

    static Content read(ValueReader in) {
        return new Content(
                in.string(),
                in.int32(),
                in.int64(),
                in.string(),
                in.optional(Checksum::read),
                in.optional(CustomerKey::read));
    }
}
