package dev.freehold.services.s3.state;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// The ids of versions: 32 characters, opaque to clients. They begin with the version's sequence,
/// by which an older version is found without an index.
public final class VersionId {
    /// The id of what is written while a bucket keeps no versions.
    public static final String NULL = "null";

    private static final int UNIQUE_BYTES = 12;
    private static final int BYTES = Long.BYTES + UNIQUE_BYTES + Integer.BYTES;

    private VersionId() {}

    /// The id of a version.
    ///
    /// @param unique a text that no other version has
    static String of(long sequence, String unique) {
        ByteBuffer id = ByteBuffer.allocate(BYTES).putLong(sequence).put(hash(unique));
        id.putInt(check(id.array()));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(id.array());
    }

    /// The sequence that an id begins with, or null when it is no id of ours.
    static @Nullable Long sequence(String id) {
        try {
            byte[] bytes = Base64.getUrlDecoder().decode(id);
            boolean ours =
                    bytes.length == BYTES
                            && ByteBuffer.wrap(bytes).getInt(BYTES - Integer.BYTES) == check(bytes);
            return ours ? ByteBuffer.wrap(bytes).getLong() : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// Whether a text could be a version's id.
    public static boolean isPossible(String id) {
        return id.equals(NULL) || sequence(id) != null;
    }

    /// What an id ends with: so a text that was never an id is known from one that is gone.
    private static int check(byte[] id) {
        CRC32C crc = new CRC32C();
        crc.update(id, 0, BYTES - Integer.BYTES);
        return (int) crc.getValue();
    }

    private static byte[] hash(String unique) {
        try {
            byte[] bytes = unique.getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return Arrays.copyOf(digest, UNIQUE_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK must have SHA-256", e);
        }
    }
}
