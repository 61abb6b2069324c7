package dev.freehold.services.s3.content;

import dev.freehold.services.s3.checksum.Algorithm;
import dev.freehold.services.s3.checksum.Hasher;
import dev.freehold.services.s3.error.S3Error;
import dev.freehold.services.s3.error.S3Errors;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// A sender's bytes, hashed and counted while they are read.
final class Incoming extends FilterInputStream {
    private final long most;
    private final Hasher md5 = Algorithm.md5();
    private final Hasher kept;
    private final @Nullable Hasher checked;
    private long count;

    Incoming(InputStream in, long most, Expected expected) {
        super(in);
        this.most = most;
        this.kept = expected.kept().hasher();
        Algorithm algorithm = expected.algorithm();
        this.checked =
                algorithm == null || algorithm == expected.kept() ? null : algorithm.hasher();
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
        int n;
        try {
            n = super.read(buffer, offset, length);
        } catch (IOException e) {
            // The sender is gone, or sent less than announced: its fault, whatever else it is.
            throw incomplete();
        }
        if (n > 0) {
            count += n;
            if (count > most) {
                throw S3Errors.entityTooLarge(count, most);
            }
            md5.update(buffer, offset, n);
            kept.update(buffer, offset, n);
            if (checked != null) {
                checked.update(buffer, offset, n);
            }
        }
        return n;
    }

    long count() {
        return count;
    }

    byte[] md5() {
        return md5.value();
    }

    /// The checksum to keep. Asked once.
    String kept() {
        return kept.base64();
    }

    /// The checksum that the sender checks by, or null when it is the one to keep. Asked once.
    @Nullable String checked() {
        return checked == null ? null : checked.base64();
    }

    static S3Error incomplete() {
        return S3Error.of(
                400,
                "IncompleteBody",
                "You did not provide the number of bytes specified by the Content-Length HTTP"
                        + " header");
    }
}
