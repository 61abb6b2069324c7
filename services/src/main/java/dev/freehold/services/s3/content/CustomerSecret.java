package dev.freehold.services.s3.content;

import dev.freehold.services.s3.state.CustomerKey;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// A customer's own key, for as long as one request has it (SSE-C).
///
/// Blobs are encrypted with AES-256 in counter mode, which can be read from any offset; they begin
/// with the 16 bytes that the counter starts from.
///
/// @param key 32 bytes
/// @param md5 their MD5, base64
public record CustomerSecret(byte[] key, String md5) {
    static final int HEADER = 16;

    /// What is kept of it.
    public CustomerKey asKept() {
        return new CustomerKey(md5);
    }

    /// A cipher for the bytes from `block` on, each block being 16 bytes.
    Cipher cipher(byte[] start, long block) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            IvParameterSpec counter = new IvParameterSpec(advance(start, block));
            // The stream of a counter is the same in both directions.
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key, "AES"), counter);
            return cipher;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("the JDK must have AES in counter mode", e);
        }
    }

    private static byte[] advance(byte[] start, long block) {
        byte[] sum = new BigInteger(1, start).add(BigInteger.valueOf(block)).toByteArray();
        byte[] counter = new byte[HEADER];
        int take = Math.min(sum.length, HEADER);
        System.arraycopy(sum, sum.length - take, counter, HEADER - take, take);
        return counter;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CustomerSecret secret && Arrays.equals(key, secret.key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        return "CustomerSecret";
    }
}
