package dev.freehold.storage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Reads the components of a key in the order in which a [KeyWriter] wrote them.
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
            byte b = bytes[at++];
            if (b == 0 && bytes[at++] == 1) {
                return out.toByteArray();
            }
            out.write(b);
        }
    }

    public long int64() {
        long value = 0;
        for (int i = 0; i < 8; i++) {
            value = value << 8 | (bytes[at++] & 0xFF);
        }
        return value ^ Long.MIN_VALUE;
    }

    public int int32() {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            value = value << 8 | (bytes[at++] & 0xFF);
        }
        return value ^ Integer.MIN_VALUE;
    }

    public int uint8() {
        return bytes[at++] & 0xFF;
    }

    public Instant instant() {
        long seconds = int64();
        return Instant.ofEpochSecond(seconds, int32());
    }
}
