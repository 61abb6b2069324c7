package dev.freehold.protocol;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;

/// Reads bodies that have to be in memory.
public final class Bodies {
    /// The most bytes of a body in memory: what Lambda's largest zip upload needs in base64, as AWS
    /// reckons it.
    public static final int MAX_IN_MEMORY = 70_167_211;

    /// How long a body in memory may take to arrive.
    private static final Duration MAX_TIME = Duration.ofMinutes(15);

    /// The most bytes that an announced length reserves.
    private static final int INITIAL_BUFFER = 64 * 1024;

    private Bodies() {}

    /// All bytes of a request's body.
    ///
    /// @throws CommonError when there are more than `limit`
    public static byte[] read(Request request, int limit) {
        ByteStream body = request.body();
        if (body.length() > limit) {
            throw CommonError.tooLarge(limit);
        }
        try (InputStream in = body.open()) {
            return readAll(in, body.length(), limit);
        } catch (IOException e) {
            throw timeout();
        }
    }

    /// [#read(Request, int)], decompressed when it was sent so, as SDKs do with large ones.
    ///
    /// @throws CommonError when there are more than `limit` before or after
    public static byte[] readDecompressed(Request request, int limit) {
        byte[] sent = read(request, limit);
        String encoding = request.headers().first("content-encoding");
        if (!"gzip".equals(encoding) && !"deflate".equals(encoding)) {
            return sent;
        }
        InputStream bytes = new ByteArrayInputStream(sent);
        try (InputStream in =
                "gzip".equals(encoding)
                        ? new GZIPInputStream(bytes)
                        : new InflaterInputStream(bytes)) {
            return readAll(in, sent.length, limit);
        } catch (IOException e) {
            throw CommonError.serialization("The request's body is not in its content encoding");
        }
    }

    private static byte[] readAll(InputStream in, long length, int limit) throws IOException {
        long end = System.nanoTime() + MAX_TIME.toNanos();
        ByteArrayOutputStream all =
                new ByteArrayOutputStream(Math.clamp(length, 0, INITIAL_BUFFER));
        byte[] buffer = new byte[Math.clamp(length + 1, 1024, 8192)];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
            all.write(buffer, 0, n);
            if (all.size() > limit) {
                throw CommonError.tooLarge(limit);
            }
            if (System.nanoTime() - end > 0) {
                throw timeout();
            }
        }
        return all.toByteArray();
    }

    private static CommonError timeout() {
        return new CommonError(
                "RequestTimeout",
                400,
                "Your socket connection to the server was not read from or written to within the"
                        + " timeout period. Idle connections will be closed.");
    }
}
