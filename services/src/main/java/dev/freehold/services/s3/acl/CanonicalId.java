package dev.freehold.services.s3.acl;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The canonical user id by which S3 names an account: 64 hexadecimal digits.
///
/// Ours end with the account's 12 digits, after the beginning of their SHA-256. So an id can be
/// checked and turned back without a list of accounts.
public final class CanonicalId {
    /// Who owns what nobody signed for, as AWS has it.
    public static final String ANONYMOUS =
            "65a011a29cdf8ec533ec3d1ccaae921c65a011a29cdf8ec533ec3d1ccaae921c";

    private static final int HASHED = 52;
    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");

    private CanonicalId() {}

    public static String of(String account) {
        return account.isEmpty() ? ANONYMOUS : hash(account) + account;
    }

    /// The account that an id names, or null when it names none.
    public static @Nullable String account(String id) {
        if (id.length() != HASHED + 12) {
            return null;
        }
        String account = id.substring(HASHED);
        boolean known = ACCOUNT.matcher(account).matches() && id.equals(hash(account) + account);
        return known ? account : null;
    }

    private static String hash(String account) {
        try {
            byte[] bytes = ("canonical-user:" + account).getBytes(StandardCharsets.UTF_8);
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest).substring(0, HASHED);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("the JDK must have SHA-256", e);
        }
    }
}
