package dev.freehold.services.s3.content;

import dev.freehold.services.s3.state.CustomerKey;
import java.util.Arrays;

/// A customer's own key, for as long as one request has it (SSE-C).
///
/// @param key 32 bytes
/// @param md5 their MD5, base64
public record CustomerSecret(byte[] key, String md5) implements BlobKey {
    /// What is kept of it.
    public CustomerKey asKept() {
        return new CustomerKey(md5);
    }

    @Override
    public byte[] key(byte[] start) {
        return key;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CustomerSecret secret && Arrays.equals(key, secret.key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "CustomerSecret";
    }
}
