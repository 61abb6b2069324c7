package dev.freehold.services.lambda.state;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.time.Instant;

/// Provisioned concurrency of an alias or version.
///
/// @param requested how many environments
public record Provisioned(int requested, Instant modified) {
    static final Codec<Provisioned> CODEC =
            Codecs.of(
                    (out, row) -> out.int32(row.requested).instant(row.modified),
                    in -> new Provisioned(in.int32(), in.instant()));
}
