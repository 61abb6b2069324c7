package dev.freehold.sandbox;

import java.io.ByteArrayOutputStream;

/// Collects a streamed answer for callers that want it whole, up to what such an answer may have.
final class StreamedAnswer {
    private static final int MAX = 6 * 1024 * 1024;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    void add(byte[] chunk) {
        if (bytes.size() + chunk.length <= MAX) {
            bytes.writeBytes(chunk);
        }
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }
}
