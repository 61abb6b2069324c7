package dev.freehold.services.s3.checksum;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;

/// The checksum algorithms of S3's API, by the names that it gives them. The order is permanent:
/// rows hold ordinals.
public enum Algorithm {
    CRC32(4, Polynomial.CRC32),
    CRC32C(4, Polynomial.CRC32C),
    CRC64NVME(8, Polynomial.CRC64NVME),
    SHA1(20, null),
    SHA256(32, null);

    private final int bytes;
    private final @Nullable Polynomial polynomial;

    Algorithm(int bytes, @Nullable Polynomial polynomial) {
        this.bytes = bytes;
        this.polynomial = polynomial;
    }

    /// The algorithm of that name, in any case, or null.
    public static @Nullable Algorithm named(String name) {
        for (Algorithm algorithm : values()) {
            if (algorithm.name().equalsIgnoreCase(name)) {
                return algorithm;
            }
        }
        return null;
    }

    /// Whether a text is the base64 of as many bytes as this algorithm's checksums have.
    public boolean spells(String base64) {
        try {
            return Base64.getDecoder().decode(base64).length == bytes;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// Whether full object checksums can be found from those of the parts.
    public boolean combines() {
        return polynomial != null;
    }

    /// A hasher over no bytes yet.
    public Hasher hasher() {
        return switch (this) {
            case CRC32 -> new Running(new CRC32(), bytes);
            case CRC32C -> new Running(new CRC32C(), bytes);
            case CRC64NVME -> new Running(new Crc64Nvme(), bytes);
            case SHA1 -> digest("SHA-1");
            case SHA256 -> digest("SHA-256");
        };
    }

    /// An MD5 hasher, for ETags and `Content-MD5`.
    public static Hasher md5() {
        return digest("MD5");
    }

    /// The checksum of two runs of bytes, one after the other. Only for algorithms that combine.
    byte[] combine(byte[] first, byte[] second, long secondLength) {
        if (polynomial == null) {
            throw new IllegalStateException(name() + " does not combine");
        }
        return toBytes(polynomial.combine(number(first), number(second), secondLength), bytes);
    }

    private static Hasher digest(String name) {
        try {
            return new Digest(MessageDigest.getInstance(name));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK must have " + name, e);
        }
    }

    private static byte[] toBytes(long value, int bytes) {
        return bytes == Long.BYTES
                ? ByteBuffer.allocate(Long.BYTES).putLong(value).array()
                : ByteBuffer.allocate(Integer.BYTES).putInt((int) value).array();
    }

    private static long number(byte[] checksum) {
        ByteBuffer buffer = ByteBuffer.wrap(checksum);
        return checksum.length == Long.BYTES
                ? buffer.getLong()
                : Integer.toUnsignedLong(buffer.getInt());
    }

    private record Running(Checksum checksum, int width) implements Hasher {
        @Override
        public void update(byte[] buffer, int offset, int length) {
            checksum.update(buffer, offset, length);
        }

        @Override
        public byte[] value() {
            return toBytes(checksum.getValue(), width);
        }
    }

    private record Digest(MessageDigest digest) implements Hasher {
        @Override
        public void update(byte[] buffer, int offset, int length) {
            digest.update(buffer, offset, length);
        }

        @Override
        public byte[] value() {
            return digest.digest();
        }
    }
}
