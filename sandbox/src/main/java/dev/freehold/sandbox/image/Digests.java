package dev.freehold.sandbox.image;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// Digests as images write them: `sha256:` and 64 hexadecimal digits.
final class Digests {
    private static final Pattern FORM = Pattern.compile("sha256:[0-9a-f]{64}");

    private Digests() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    static String text(MessageDigest digest) {
        return "sha256:" + HexFormat.of().formatHex(digest.digest());
    }

    static String of(byte[] content) {
        MessageDigest digest = sha256();
        digest.update(content);
        return text(digest);
    }

    /// @throws ImageException when it is none; other algorithms are not in use
    static String checked(String digest) {
        if (!FORM.matcher(digest).matches()) {
            throw ImageException.invalid("The image has a digest that is none: " + digest);
        }
        return digest;
    }

    static byte[] verified(byte[] content, String digest) {
        if (!of(content).equals(digest)) {
            throw ImageException.invalid("The image has other content than its digest: " + digest);
        }
        return content;
    }
}
