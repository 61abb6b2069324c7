package dev.freehold.services.s3.content;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// What blobs are encrypted with: AES-256 in counter mode, which can be read from any offset. A
/// blob begins with the bytes that its counter starts from.
sealed interface BlobKey permits CustomerSecret, ServerKey {
    /// How many bytes a blob begins with.
    int HEADER = 16;

    /// The 32 bytes of AES's key for a blob.
    ///
    /// @param start what the blob begins with
    byte[] key(byte[] start);

    /// A cipher for a blob's bytes from `block` on, each block being 16 bytes.
    default Cipher cipher(byte[] start, long block) {
        try {
            Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
            IvParameterSpec counter = new IvParameterSpec(advance(start, block));
            // The stream of a counter is the same in both directions.
            cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(key(start), "AES"), counter);
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
}
