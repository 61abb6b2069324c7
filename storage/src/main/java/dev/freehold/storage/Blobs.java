package dev.freehold.storage;

import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.function.Consumer;

/// Large bytes beside the store: objects, code packages, payloads. A blob is written once and never
/// changed; a row in the store names it. Write the blob first, then the row; delete the row first,
/// then the blob: what a crash leaves between them is a blob that no row names, which is collected.
public interface Blobs {
    /// Streams all bytes into a new blob, durable on return.
    ///
    /// @return its id
    /// @throws IOException when the bytes can't be read or written; then there is no blob
    String write(InputStream bytes) throws IOException;

    /// The bytes from `offset`, at most `length` of them. Close the stream.
    ///
    /// @throws java.io.FileNotFoundException when there is no such blob
    InputStream read(String id, long offset, long length) throws IOException;

    /// How many bytes it has.
    ///
    /// @throws java.io.FileNotFoundException when there is no such blob
    long size(String id) throws IOException;

    /// Removes a blob, if it is there.
    void delete(String id) throws IOException;

    /// Calls `action` with the id of each blob that was written before `before`.
    void forEach(Instant before, Consumer<String> action) throws IOException;
}
