package dev.freehold.protocol.signing;

import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.CommonError;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HexFormat;

/// A body whose SHA-256 was signed: reading its end throws unless the bytes were those.
final class HashedBody implements ByteStream {
    private final ByteStream body;
    private final String expected;

    HashedBody(ByteStream body, String expected) {
        this.body = body;
        this.expected = expected;
    }

    @Override
    public long length() {
        return body.length();
    }

    @Override
    public InputStream open() throws IOException {
        return new HashingStream(body.open());
    }

    @Override
    public void close() {
        body.close();
    }

    private final class HashingStream extends FilterInputStream {
        private final MessageDigest digest = Hmac.sha256();
        private boolean checked;

        HashingStream(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            int n = read(one, 0, 1);
            return n < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int n = in.read(buffer, offset, length);
            if (n > 0) {
                digest.update(buffer, offset, n);
            } else if (n < 0 && !checked) {
                checked = true;
                String actual = HexFormat.of().formatHex(digest.digest());
                if (!Hmac.same(actual, expected)) {
                    throw new CommonError(
                            "XAmzContentSHA256Mismatch",
                            400,
                            "The provided 'x-amz-content-sha256' header does not match what was"
                                    + " computed.");
                }
            }
            return n;
        }
    }
}
