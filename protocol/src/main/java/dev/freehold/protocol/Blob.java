package dev.freehold.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;

/// Immutable bytes with value equality, compared as unsigned bytes.
public final class Blob implements Comparable<Blob> {
    public static final Blob EMPTY = new Blob(new byte[0]);

    private final byte[] bytes;

    private Blob(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Takes over `bytes`: the caller must not change them any more.
    public static Blob wrap(byte[] bytes) {
        return bytes.length == 0 ? EMPTY : new Blob(bytes);
    }

    /// The UTF-8 bytes of a text.
    public static Blob ofUtf8(String text) {
        return wrap(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The bytes that a base64 text stands for.
    ///
    /// @throws IllegalArgumentException when it is not base64
    public static Blob ofBase64(String text) {
        if (text.length() % 4 != 0) {
            throw new IllegalArgumentException("base64 without its padding");
        }
        return wrap(Base64.getDecoder().decode(text));
    }

    /// The bytes themselves, not a copy: they must not be changed.
    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return bytes.length;
    }

    public String utf8() {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    public String base64() {
        return Base64.getEncoder().encodeToString(bytes);
    }

    @Override
    public int compareTo(Blob other) {
        return Arrays.compareUnsigned(bytes, other.bytes);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Blob blob && Arrays.equals(bytes, blob.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "Blob[" + bytes.length + "]";
    }
}
