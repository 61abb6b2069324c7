package dev.freehold.services.s3.state;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.KeyCodec;

/// Where an object is.
public record ObjectName(String bucket, String key) {
    static final KeyCodec<ObjectName> CODEC =
            Codecs.key(
                    (name, out) -> out.string(name.bucket).string(name.key),
                    in -> new ObjectName(in.string(), in.string()));
}
