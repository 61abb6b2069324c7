package dev.freehold.services.s3.state;

import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;

/// That bytes are encrypted with a key that only their owner has. The key is not kept.
///
/// @param md5 the key's MD5, base64, by which a reader's key is recognised
public record CustomerKey(String md5) {
    static void write(ValueWriter out, CustomerKey key) {
        out.string(key.md5);
    }

    static CustomerKey read(ValueReader in) {
        return new CustomerKey(in.string());
    }
}
