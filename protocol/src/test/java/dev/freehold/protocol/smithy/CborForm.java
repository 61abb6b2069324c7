package dev.freehold.protocol.smithy;

import dev.freehold.protocol.cbor.CborReader;
import org.jspecify.annotations.Nullable;

/// A CBOR body as values that are equal when they mean the same.
final class CborForm {
    private CborForm() {}

    static @Nullable Object of(byte[] body) {
        return body.length == 0 ? "" : BodyForms.plain(CborReader.readAny(body));
    }
}
