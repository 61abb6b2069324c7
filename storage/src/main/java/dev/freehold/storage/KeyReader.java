package dev.freehold.storage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Reads the components of a key in the order in which a [KeyWriter] wrote them.
///
/// Bytes that no writer can have written are an [IllegalStateException].
public final class KeyReader {
    private final byte[] bytes;
    private int at;

    public KeyReader(byte[] bytes, int offset) {
        this.bytes = bytes;
        this.at = offset;
    }

    public String string() {
        return new String(bytes(), StandardCharsets.UTF_8);
    }

    public byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        while (true) {
            int b = next();
            if (b == 0) {
                int escape = next();
                if (escape == 1) {
                    return out.toByteArray();
                }
                if (escape != 0xFF) {
                    throw damaged();
                }
            }
            out.write(b);
        }
    }

    public long int64() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | next();
        }
        return value ^ Long.MIN_VALUE;
    }

    public int int32() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | next();
        }
        return value ^ Integer.MIN_VALUE;
    }

    public int uint8() {
        return next();
    }

    public Instant instant() {
        long seconds = int64();
        int nanos = int32();
        if (nanos < 0
                || nanos > 999_999_999
                || seconds < Instant.MIN.getEpochSecond()
                || seconds > Instant.MAX.getEpochSecond()) {
            throw damaged();
        }
        return Instant.ofEpochSecond(seconds, nanos);
    }

    private int next() {
        if (at >= bytes.length) {
            throw damaged();
        }
        return bytes[at++] & 0xFF;
    }

    private static IllegalStateException damaged() {
        return new IllegalStateException("A stored key is damaged");
    }
}
