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

    public int uint8() {
        return bytes[at++] & 0xFF;
    }

    public boolean bool() {
        return uint8() != 0;
    }

    public long int64() {
        long zigzag = 0;
        for (int shift = 0; ; shift += 7) {
            byte b = bytes[at++];
            zigzag |= (b & 0x7FL) << shift;
            if (b >= 0) {
                return zigzag >>> 1 ^ -(zigzag & 1);
            }
        }
    }

    public int int32() {
        return Math.toIntExact(int64());
    }

    public double float64() {
        return Double.longBitsToDouble(int64());
    }

    public String string() {
        int length = int32();
        String value = new String(bytes, at, length, StandardCharsets.UTF_8);
        at += length;
        return value;
    }

    public byte[] bytes() {
        int length = int32();
        at += length;
        return Arrays.copyOfRange(bytes, at - length, at);
    }

    public Instant instant() {
        long seconds = int64();
        return Instant.ofEpochSecond(seconds, int32());
    }

    public <T> @Nullable T optional(Function<ValueReader, T> element) {
        return bool() ? element.apply(this) : null;
    }

    public @Nullable String optionalString() {
        return optional(ValueReader::string);
    }

    public <T> List<T> list(Function<ValueReader, T> element) {
        int count = int32();
        List<T> values = new ArrayList<>(Math.min(count, 1024));
        for (int i = 0; i < count; i++) {
            values.add(element.apply(this));
        }
        return values;
    }

    public <T> Map<String, T> map(Function<ValueReader, T> element) {
        int count = int32();
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
}
