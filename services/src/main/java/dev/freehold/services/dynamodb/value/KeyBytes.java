package dev.freehold.services.dynamodb.value;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;

/// Keys as bytes whose order is DynamoDB's: texts by UTF-8, numbers by value, bytes unsigned.
public final class KeyBytes {
    /// AWS: partition keys are placed by an MD5 with this before it, which is what the order of a
    /// scan shows.
    private static final byte[] SALT = "Outliers".getBytes(StandardCharsets.US_ASCII);

    /// How many bytes of the digest place an item: 16 million places.
    public static final int PLACE_BYTES = 3;

    private KeyBytes() {}

    /// The bytes of a key attribute's value, which is a text, a number or binary.
    public static Blob of(AttributeValue value) {
        return switch (value) {
            case AttributeValue.OfS(String text) -> Blob.ofUtf8(text);
            case AttributeValue.OfN(String number) -> Blob.wrap(Numbers.keyBytes(number));
            case AttributeValue.OfB(Blob blob) -> blob;
            default -> throw new IllegalArgumentException("not a key");
        };
    }

    /// Where keys with these parts are placed: the order of scans, and what divides a table into
    /// segments.
    public static byte[] place(List<Blob> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("MD5");
            digest.update(SALT);
            for (Blob part : parts) {
                digest.update(part.bytes());
            }
            return java.util.Arrays.copyOf(digest.digest(), PLACE_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
