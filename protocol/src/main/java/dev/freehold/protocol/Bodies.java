package dev.freehold.protocol;

import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.InflaterInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/// Reads bodies that have to be in memory.
public final class Bodies {
    /// The most bytes of a body in memory: what Lambda's largest zip upload needs in base64.
    public static final int MAX_IN_MEMORY = 72 * 1024 * 1024;

    private Bodies() {}

    /// All bytes of a request's body.
    ///
    /// @throws CommonError when there are more than `limit`
    public static byte[] read(Request request, int limit) {
        return read(request, limit, null);
    }

    /// All bytes of a request's body, decompressed when they were sent so.
    ///
    /// @throws CommonError when there are more than `limit`
    public static byte[] readDecompressed(Request request, int limit) {
        return read(request, limit, request.headers().first("content-encoding"));
    }

    private static byte[] read(Request request, int limit, @Nullable String encoding) {
        ByteStream body = request.body();
        if (body.length() > limit) {
            throw CommonError.tooLarge(limit);
        }
        try (InputStream in = decompressed(encoding, body.open())) {
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw CommonError.tooLarge(limit);
            }
            return bytes;
        } catch (ZipException e) {
            throw CommonError.serialization("The request's body is not in its content encoding");
        } catch (IOException e) {
            throw new CommonError("RequestTimeout", 400, "The request's body could not be read.");
        }
    }

    /// SDKs compress large requests.
    private static InputStream decompressed(@Nullable String encoding, InputStream in)
            throws IOException {
        if (encoding == null) {
            return in;
        }
        return switch (encoding) {
            case "gzip" -> new GZIPInputStream(in);
            case "deflate" -> new InflaterInputStream(in);
            default -> in;
        };
    }
}
