package dev.freehold.services.s3.state;

import dev.freehold.services.s3.acl.Acl;
import dev.freehold.services.s3.checksum.Algorithm;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A multipart upload that is neither completed nor aborted.
///
/// @param id its id, under which its parts are stored
/// @param initiated when it began
/// @param account who began it; empty when that was not signed
/// @param initiatorArn the ARN of who began it
/// @param properties what the object will be told to be
/// @param tags the object's tags
/// @param acl the object's list, or null for the default one
/// @param lock the object's lock
/// @param checksum which checksum it asked for, or null
/// @param customerKey the key that its parts are encrypted with, or null
public record Upload(
        String id,
        Instant initiated,
        String account,
        String initiatorArn,
        Properties properties,
        Map<String, String> tags,
        @Nullable Acl acl,
        Lock lock,
        @Nullable Sum checksum,
        @Nullable CustomerKey customerKey) {
    static final Codec<Upload> CODEC = Codecs.of(Upload::write, Upload::read);

    /// Which checksum the object will have.
    ///
    /// @param composite whether it is that of the parts' checksums
    public record Sum(Algorithm algorithm, boolean composite) {
        /// How the API names its type.
        public String type() {
            return composite ? Checksum.COMPOSITE : Checksum.FULL_OBJECT;
        }
    }

    private static void write(ValueWriter out, Upload upload) {
        out.string(upload.id)
                .instant(upload.initiated)
                .string(upload.account)
                .string(upload.initiatorArn);
        Properties.write(out, upload.properties);
        out.strings(upload.tags).optional(upload.acl, Grants::write);
        Lock.write(out, upload.lock);
        out.optional(
                        upload.checksum,
                        (to, sum) -> to.uint8(sum.algorithm().ordinal()).bool(sum.composite()))
                .optional(upload.customerKey, CustomerKey::write);
    }

    private static Upload read(ValueReader in) {
        return new Upload(
                in.string(),
                in.instant(),
                in.string(),
                in.string(),
                Properties.read(in),
                in.strings(),
                in.optional(Grants::read),
                Lock.read(in),
                in.optional(from -> new Sum(Algorithm.values()[from.uint8()], from.bool())),
                in.optional(CustomerKey::read));
    }
}
