package dev.freehold.services.lambda.state;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;

/// A zip that versions or layers have, by the SHA-256 of its content.
///
/// @param blob where its bytes are
/// @param size of the zip
/// @param unpacked how many bytes come out of it
/// @param references how many versions and layers have it; with the last it goes
public record PackageRow(String blob, long size, long unpacked, int references) {
    static final Codec<PackageRow> CODEC =
            Codecs.of(
                    (out, row) ->
                            out.string(row.blob)
                                    .int64(row.size)
                                    .int64(row.unpacked)
                                    .int32(row.references),
                    in -> new PackageRow(in.string(), in.int64(), in.int64(), in.int32()));

    public PackageRow withReferences(int count) {
        return new PackageRow(blob, size, unpacked, count);
    }
}
