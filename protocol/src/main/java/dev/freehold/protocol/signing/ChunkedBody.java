package dev.freehold.protocol.signing;

import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Request;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An `aws-chunked` body: chunks with their sizes and maybe signatures, then maybe trailers.
///
/// See <https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html>.
final class ChunkedBody implements ByteStream {
    private static final int MAX_LINE = 4096;
    private static final int MAX_TRAILERS = 16;

    /// The largest chunk: its signature is known only when all its bytes are read.
    private static final long MAX_CHUNK = 5L * 1024 * 1024 * 1024;

    private final ByteStream body;
    private final long length;
    private final @Nullable ChunkSigner signer;
    private final Map<String, String> trailers = new LinkedHashMap<>();

    /// @param signer verifies signatures, or null when there is nothing to verify
    ChunkedBody(Request request, @Nullable ChunkSigner signer) {
        this.body = request.body();
        this.signer = signer;
        String decoded = request.headers().first("x-amz-decoded-content-length");
        try {
            this.length = decoded == null ? -1 : Long.parseUnsignedLong(decoded);
        } catch (NumberFormatException e) {
            throw incomplete();
        }
    }

    @Override
    public long length() {
        return length;
    }

    @Override
    public Map<String, String> trailers() {
        return trailers;
    }

    @Override
    public InputStream open() throws IOException {
        return new Chunks(body.open());
    }

    @Override
    public void close() {
        body.close();
    }

    private static CommonError incomplete() {
        return new CommonError(
                "IncompleteBody",
                400,
                "You did not provide the number of bytes specified by the Content-Length HTTP header");
    }

    private final class Chunks extends InputStream {
        private final InputStream in;
        private final MessageDigest digest = Hmac.sha256();
        private long left;
        private long total;
        private String signature = "";
        private boolean started;
        private boolean ended;

        Chunks(InputStream in) {
            this.in = in;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int wanted) throws IOException {
            if (wanted == 0) {
                return 0;
            }
            if (left == 0 && !ended) {
                nextChunk();
            }
            if (ended) {
                return -1;
            }
            int n = in.read(buffer, offset, (int) Math.min(wanted, left));
            if (n < 0) {
                throw incomplete();
            }
            if (signer != null) {
                digest.update(buffer, offset, n);
            }
            left -= n;
            total += n;
            return n;
        }

        private void nextChunk() throws IOException {
            if (started) {
                checkSignature();
                if (!line().isEmpty()) {
                    throw incomplete();
                }
            }
            started = true;
            String head = line();
            int semicolon = head.indexOf(';');
            try {
                String size = semicolon < 0 ? head : head.substring(0, semicolon);
                left = Long.parseUnsignedLong(size.strip(), 16);
            } catch (NumberFormatException e) {
                throw incomplete();
            }
            if (left < 0 || left > MAX_CHUNK) {
                throw incomplete();
            }
            int equals = head.indexOf('=');
            signature = equals < 0 ? "" : head.substring(equals + 1).strip();
            if (left == 0) {
                checkSignature();
                end();
            }
        }

        private void checkSignature() {
            if (signer != null
                    && !signer.chunk(HexFormat.of().formatHex(digest.digest()), signature)) {
                throw Mismatch.ofChunk();
            }
        }

        private void end() throws IOException {
            ended = true;
            boolean signed = false;
            StringBuilder canonical = new StringBuilder();
            for (String line = line(); !line.isEmpty(); line = line()) {
                int colon = line.indexOf(':');
                if (colon < 1 || trailers.size() >= MAX_TRAILERS) {
                    throw incomplete();
                }
                String name = line.substring(0, colon).strip().toLowerCase(Locale.ROOT);
                String value = line.substring(colon + 1).strip();
                if (name.equals("x-amz-trailer-signature")) {
                    signed = true;
                    if (signer != null && !signer.trailer(canonical.toString(), value)) {
                        throw Mismatch.ofChunk();
                    }
                } else {
                    trailers.put(name, value);
                    canonical.append(name).append(':').append(value).append('\n');
                }
            }
            if (signer != null && !signed && !trailers.isEmpty()) {
                throw Mismatch.ofChunk();
            }
            if (length >= 0 && total != length) {
                throw incomplete();
            }
        }

        /// A line without its end; the end of the body is an empty line.
        private String line() throws IOException {
            byte[] line = new byte[MAX_LINE];
            int n = 0;
            for (int b = in.read(); b >= 0 && b != '\n'; b = in.read()) {
                if (n == MAX_LINE) {
                    throw incomplete();
                }
                line[n++] = (byte) b;
            }
            if (n > 0 && line[n - 1] == '\r') {
                n--;
            }
            return new String(line, 0, n, StandardCharsets.US_ASCII);
        }
    }
}
