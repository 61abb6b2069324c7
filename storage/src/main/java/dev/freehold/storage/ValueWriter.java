package dev.freehold.storage;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Writes the fields of a value, compactly and one after the other.
public final class ValueWriter {
    private byte[] bytes = new byte[128];
    private int size;

    public ValueWriter uint8(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
        return this;
    }

    public ValueWriter bool(boolean value) {
        return uint8(value ? 1 : 0);
    }

    /// A number of any sign; small ones take few bytes.
    public ValueWriter int64(long value) {
        long zigzag = value << 1 ^ value >> 63;
        reserve(10);
        while ((zigzag & ~0x7FL) != 0) {
            bytes[size++] = (byte) (zigzag | 0x80);
            zigzag >>>= 7;
        }
        bytes[size++] = (byte) zigzag;
        return this;
    }

    public ValueWriter int32(int value) {
        return int64(value);
    }

    public ValueWriter float64(double value) {
        return int64(Double.doubleToRawLongBits(value));
    }

    public ValueWriter string(String value) {
        return bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    public ValueWriter bytes(byte[] value) {
        int64(value.length);
        reserve(value.length);
        System.arraycopy(value, 0, bytes, size, value.length);
        size += value.length;
        return this;
    }

    /// A time to the nanosecond.
    public ValueWriter instant(Instant value) {
        return int64(value.getEpochSecond()).int32(value.getNano());
    }

    /// A value or null.
    public <T> ValueWriter optional(@Nullable T value, BiConsumer<ValueWriter, T> element) {
        bool(value != null);
        if (value != null) {
            element.accept(this, value);
        }
        return this;
    }

    /// A text or null.
    public ValueWriter optionalString(@Nullable String value) {
        return optional(value, ValueWriter::string);
    }

    public <T> ValueWriter list(Collection<T> values, BiConsumer<ValueWriter, T> element) {
        int64(values.size());
        values.forEach(value -> element.accept(this, value));
        return this;
    }

    public <T> ValueWriter map(Map<String, T> values, BiConsumer<ValueWriter, T> element) {
        int64(values.size());
        values.forEach((name, value) -> element.accept(string(name), value));
        return this;
    }

    /// Texts by text.
    public ValueWriter strings(Map<String, String> values) {
        return map(values, ValueWriter::string);
    }

    /// What was written.
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, size);
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, size + more));
        }
    }
}
