package dev.freehold.services.iam.tokens;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// Makes and reads tokens that only the holder of the key can make. Each belongs to one access key,
/// whose secret follows from the same key: nothing about them is stored.
///
/// A token says who its session belongs to and until when, not what it may do: a role that is gone,
/// or whose policies have changed, is looked up at each request as for any other session.
public final class SignedTokens {
    /// What tells them from tokens of stored sessions, which have no small letters.
    private static final String PREFIX = "fh1.";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int MAC_BYTES = 32;

    /// Longer than any that was made: two names of 64 characters, and numbers.
    private static final int MAX_TOKEN = 1024;

    private static final int SECRET_LENGTH = 40;

    private final SecretKeySpec key;

    /// @param key at least 32 random bytes
    public SignedTokens(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /// Whether a token says that it is one of these.
    public static boolean looksLike(@Nullable String token) {
        return token != null && token.startsWith(PREFIX) && token.length() <= MAX_TOKEN;
    }

    /// The token of an access key.
    public String seal(String accessKeyId, RoleSession session) {
        byte[] content = session.bytes();
        byte[] mac = mac("token", accessKeyId, content);
        byte[] all = Arrays.copyOf(content, content.length + MAC_BYTES);
        System.arraycopy(mac, 0, all, content.length, MAC_BYTES);
        return PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(all);
    }

    /// What a token says, or null when it was not made here for that access key.
    public @Nullable RoleSession open(String accessKeyId, String token) {
        if (!looksLike(token)) {
            return null;
        }
        byte[] all;
        try {
            all = Base64.getUrlDecoder().decode(token.substring(PREFIX.length()));
        } catch (IllegalArgumentException e) {
            return null;
        }
        int length = all.length - MAC_BYTES;
        if (length < 0) {
            return null;
        }
        byte[] content = Arrays.copyOf(all, length);
        byte[] mac = Arrays.copyOfRange(all, length, all.length);
        return MessageDigest.isEqual(mac, mac("token", accessKeyId, content))
                ? RoleSession.of(content)
                : null;
    }

    /// The secret of an access key: 40 characters.
    public String secret(String accessKeyId) {
        byte[] mac = mac("secret", accessKeyId, new byte[0]);
        return Base64.getEncoder().encodeToString(mac).substring(0, SECRET_LENGTH);
    }

    private byte[] mac(String use, String accessKeyId, byte[] content) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((use + "\n" + accessKeyId + "\n").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(content);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
