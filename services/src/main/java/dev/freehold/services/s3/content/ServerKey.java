package dev.freehold.services.s3.content;

import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The server's own key (SSE-S3): what encrypts all objects that no customer's key does. Each blob
/// has a key of its own, derived from this one and from what the blob begins with.
///
/// Who has the blobs but not this key, such as the owner of a disk that was thrown away, can't read
/// them.
public final class ServerKey implements BlobKey {
    /// How many bytes it has.
    public static final int LENGTH = 32;

    private static final String HMAC = "HmacSHA256";

    private final SecretKeySpec master;

    /// @param master [#LENGTH] random bytes, the same ones at each start
    public ServerKey(byte[] master) {
        if (master.length != LENGTH) {
            throw new IllegalArgumentException("a key of " + master.length + " bytes");
        }
        this.master = new SecretKeySpec(master, HMAC);
    }

    @Override
    public byte[] key(byte[] start) {
        try {
            Mac mac = Mac.getInstance(HMAC);
            mac.init(master);
            return mac.doFinal(start);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must have HMAC with SHA-256", e);
        }
    }

    @Override
    public String toString() {
        return "ServerKey";
    }
}
