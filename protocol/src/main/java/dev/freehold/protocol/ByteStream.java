package dev.freehold.protocol;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/// Bytes that pass through without being held: an object's content, a function's payload. It is
/// read once, by one thread.
public interface ByteStream extends AutoCloseable {
    /// How many bytes it has, or -1 when that isn't known.
    long length();

    /// The bytes. A second call may fail.
    ///
    /// @throws IOException when the sender is gone, or sent what it did not announce
    InputStream open() throws IOException;

    /// Writes all bytes.
    default void transferTo(OutputStream out) throws IOException {
        try (InputStream in = open()) {
            in.transferTo(out);
        }
    }

    /// What was sent after the bytes, by name in lower case; known when all bytes have been read.
    default java.util.Map<String, String> trailers() {
        return java.util.Map.of();
    }

    /// Frees what stands behind it, read or not.
    @Override
    default void close() {}

    /// Bytes in memory.
    static ByteStream of(Blob blob) {
        return of(new ByteArrayInputStream(blob.bytes()), blob.length());
    }

    /// A stream of `length` bytes (-1: unknown).
    static ByteStream of(InputStream in, long length) {
        return new ByteStream() {
            @Override
            public long length() {
                return length;
            }

            @Override
            public InputStream open() {
                return in;
            }

            @Override
            public void close() {
                try {
                    in.close();
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            }
        };
    }
}
