package dev.freehold.services.s3.checksum;

import java.util.Base64;

/// A checksum in the making.
public interface Hasher {
    void update(byte[] buffer, int offset, int length);

    /// The checksum of everything so far. Asked once, at the end.
    byte[] value();

    /// [#value()] as headers carry it.
    default String base64() {
        return Base64.getEncoder().encodeToString(value());
    }
}
