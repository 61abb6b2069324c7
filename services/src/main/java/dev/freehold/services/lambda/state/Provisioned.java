package dev.freehold.services.lambda.state;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.time.Instant;

/// Provisioned concurrency of an alias or version.
///
/// @param requested how many environments
/// @param ready when they count as ready
public record Provisioned(int requested, Instant modified, Instant ready) {
    static final Codec<Provisioned> CODEC =
            Codecs.of(
                    (out, row) -> out.int32(row.requested).instant(row.modified).instant(row.ready),
                    in -> new Provisioned(in.int32(), in.instant(), in.instant()));
}
