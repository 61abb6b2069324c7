package dev.freehold.services.sns;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/// Makes the one kind of X.509 certificate that SNS needs: self-signed, of one name. The JDK reads
/// certificates but makes none.
final class Certificates {
    private static final int YEARS = 30;
    private static final int SEQUENCE = 0x30;
    private static final byte[] COMMON_NAME = {6, 3, 0x55, 4, 3};
    private static final byte[] SHA256_WITH_RSA = {
        SEQUENCE, 13, 6, 9, 0x2A, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xF7, 13, 1, 1, 11, 5, 0
    };
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private Certificates() {}

    /// A certificate in DER, valid from a day before `now` for 30 years.
    static byte[] selfSigned(KeyPair pair, String name, Instant now)
            throws GeneralSecurityException {
        byte[] utf8 = tagged(0x0C, name.getBytes(StandardCharsets.UTF_8));
        byte[] subject = tagged(SEQUENCE, tagged(0x31, tagged(SEQUENCE, join(COMMON_NAME, utf8))));
        Instant from = now.minusSeconds(86_400);
        Instant to = now.atOffset(ZoneOffset.UTC).plusYears(YEARS).toInstant();
        byte[] body =
                tagged(
                        SEQUENCE,
                        join(
                                tagged(0xA0, new byte[] {2, 1, 2}),
                                tagged(2, BigInteger.valueOf(now.toEpochMilli()).toByteArray()),
                                SHA256_WITH_RSA,
                                subject,
                                tagged(SEQUENCE, join(time(from), time(to))),
                                subject,
                                pair.getPublic().getEncoded()));
        Signature signature = Signature.getInstance("SHA256withRSA");
        signature.initSign(pair.getPrivate());
        signature.update(body);
        byte[] bits = tagged(3, join(new byte[] {0}, signature.sign()));
        return tagged(SEQUENCE, join(body, SHA256_WITH_RSA, bits));
    }

    private static byte[] time(Instant time) {
        return tagged(0x18, TIME.format(time).getBytes(StandardCharsets.US_ASCII));
    }

    private static byte[] join(byte[]... parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(part);
        }
        return out.toByteArray();
    }

    private static byte[] tagged(int tag, byte[] content) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.length;
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = length < 0x100 ? 1 : length < 0x10000 ? 2 : 3;
            out.write(0x80 | bytes);
            for (int i = bytes - 1; i >= 0; i--) {
                out.write(length >>> 8 * i);
            }
        }
        out.writeBytes(content);
        return out.toByteArray();
    }
}
