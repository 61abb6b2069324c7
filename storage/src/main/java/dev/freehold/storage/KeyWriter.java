package dev.freehold.storage;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/// Writes the components of a key so that byte order is component order, and no component can run
/// into the next: a text or byte string ends with `00 01`, and a `00` inside it becomes `00 FF`.
public final class KeyWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(64);

    /// A key of that table.
    public KeyWriter(int table) {
        out.write(table >>> 8);
        out.write(table);
    }

    /// A part of a key.
    KeyWriter() {}

    /// A text, ordered by its UTF-8 bytes.
    public KeyWriter string(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    /// The beginning of a text: for [KeyRange#prefix], as the last component.
    public KeyWriter stringPrefix(String value) {
        escape(value.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    /// Bytes, ordered as unsigned.
    public KeyWriter bytes(byte[] value) {
        escape(value);
        out.write(0);
        out.write(1);
        return this;
    }

    /// The beginning of bytes: for [KeyRange#prefix], as the last component.
    public KeyWriter bytesPrefix(byte[] value) {
        escape(value);
        return this;
    }

    /// A signed number in 8 bytes.
    public KeyWriter int64(long value) {
        long ordered = value ^ Long.MIN_VALUE;
        for (int shift = 56; shift >= 0; shift -= 8) {
            out.write((int) (ordered >>> shift));
        }
        return this;
    }

    /// A signed number in 4 bytes.
    public KeyWriter int32(int value) {
        int ordered = value ^ Integer.MIN_VALUE;
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(ordered >>> shift);
        }
        return this;
    }

    /// An unsigned byte: a tag or an enumeration's permanent number.
    public KeyWriter uint8(int value) {
        assert value >= 0 && value <= 0xFF : value;
        out.write(value);
        return this;
    }

    /// A time to the nanosecond, in 12 bytes.
    public KeyWriter instant(Instant value) {
        int64(value.getEpochSecond());
        return int32(value.getNano());
    }

    private void escape(byte[] value) {
        for (byte b : value) {
            out.write(b);
            if (b == 0) {
                out.write(0xFF);
            }
        }
    }

    /// What was written.
    public byte[] toBytes() {
        return out.toByteArray();
    }
}
