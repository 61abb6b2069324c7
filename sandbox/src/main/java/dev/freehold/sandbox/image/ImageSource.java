package dev.freehold.sandbox.image;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;

/// Where one image is read from. Its content is not yet trusted: who reads it compares digests.
public interface ImageSource extends Closeable {
    /// The manifest, or the index, that the image's name means now.
    byte[] root() throws IOException;

    /// A document that another names.
    ///
    /// @param index whether it is a manifest that an index names
    byte[] document(String digest, boolean index) throws IOException;

    /// A layer, as it is kept there: compressed or not.
    InputStream layer(String digest) throws IOException;

    @Override
    void close() throws IOException;
}
