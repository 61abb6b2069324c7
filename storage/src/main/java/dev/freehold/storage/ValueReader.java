package dev.freehold.storage;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Reads the fields of a value in the order in which a [ValueWriter] wrote them.
///
/// Bytes that no writer can have written are an [IllegalStateException].
public final class ValueReader {
    private final byte[] bytes;
    private int at;

    public ValueReader(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Whether there are fields left: an older value lacks those that were appended later.
    public boolean hasMore() {
        return at < bytes.length;
    }

    /// All bytes that are left, as they are. The caller does not change them.
    byte[] rest() {
        byte[] rest = at == 0 ? bytes : Arrays.copyOfRange(bytes, at, bytes.length);
        at = bytes.length;
        return rest;
    }

    public int uint8() {
        require(1);
        return bytes[at++] & 0xFF;
    }

    public boolean bool() {
        return uint8() != 0;
    }

    public long int64() {
        long zigzag = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            int b = uint8();
            zigzag |= (b & 0x7FL) << shift;
            if (b <= 0x7F) {
                return zigzag >>> 1 ^ -(zigzag & 1);
            }
        }
        throw damaged();
    }

    public int int32() {
        long value = int64();
        if (value != (int) value) {
            throw damaged();
        }
        return (int) value;
    }

    public double float64() {
        return Double.longBitsToDouble(int64());
    }

    public String string() {
        int length = length();
        String value = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return value;
    }

    public byte[] bytes() {
        int length = length();
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
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

    public <T> @Nullable T optional(Function<ValueReader, T> element) {
        return bool() ? element.apply(this) : null;
    }

    public @Nullable String optionalString() {
        return optional(ValueReader::string);
    }

    public <T> List<T> list(Function<ValueReader, T> element) {
        int count = count();
        List<T> values = new ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            values.add(element.apply(this));
        }
        return values;
    }

    public <T> Map<String, T> map(Function<ValueReader, T> element) {
        int count = count();
        Map<String, T> values = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = string();
            values.put(name, element.apply(this));
        }
        return values;
    }

    public Map<String, String> strings() {
        return map(ValueReader::string);
    }

    private int length() {
        int length = int32();
        require(length);
        return length;
    }

    private int count() {
        int count = int32();
        if (count < 0) {
            throw damaged();
        }
        return count;
    }

    private void require(int length) {
        if (length < 0 || length > bytes.length - at) {
            throw damaged();
        }
    }

    private static IllegalStateException damaged() {
        return new IllegalStateException("A stored value is damaged");
    }
}
