package dev.freehold.protocol;

import java.io.IOException;
import java.io.InputStream;

/// Reads bodies that have to be in memory.
public final class Bodies {
    /// The most bytes of a body in memory: what Lambda's largest zip upload needs in base64, as AWS
    /// reckons it.
    public static final int MAX_IN_MEMORY = 70_167_211;

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
            byte[] bytes = in.readNBytes(limit + 1);
            if (bytes.length > limit) {
                throw CommonError.tooLarge(limit);
            }
            return bytes;
        } catch (IOException e) {
            throw new CommonError("RequestTimeout", 400, "The request's body could not be read.");
        }
    }
}
