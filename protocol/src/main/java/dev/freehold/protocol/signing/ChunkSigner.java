package dev.freehold.protocol.signing;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Computes the signatures of a body's chunks, each over the one before.
final class ChunkSigner {
    private final byte[] key;
    private final String time;
    private final String scope;
    private String previous;

    ChunkSigner(byte[] key, String time, String scope, String seed) {
        this.key = key;
        this.time = time;
        this.scope = scope;
        this.previous = seed;
    }

    /// Whether `signature` is that of the next chunk.
    boolean chunk(String hash, String signature) {
        return next("AWS4-HMAC-SHA256-PAYLOAD", Hmac.EMPTY_SHA256 + "\n" + hash, signature);
    }

    /// Whether `signature` is that of the trailer.
    boolean trailer(String canonical, String signature) {
        String hash = Hmac.hexSha256(canonical.getBytes(StandardCharsets.UTF_8));
        return next("AWS4-HMAC-SHA256-TRAILER", hash, signature);
    }

    private boolean next(String kind, String rest, String signature) {
        String toSign = String.join("\n", kind, time, scope, previous, rest);
        previous = HexFormat.of().formatHex(Hmac.sha256(key, toSign));
        return Hmac.same(previous, signature);
    }
}
