package dev.freehold.storage.engine;

import org.jspecify.annotations.Nullable;

/// What an engine held at one moment. Keys are whole: the table's number in two bytes, then the
/// tuple.
public interface Snapshot extends AutoCloseable {
    /// The version whose writes it surely shows; it may show a little more.
    long version();

    byte @Nullable [] get(byte[] key);

    /// The entries from `start` (inclusive) to `end` (exclusive), or backwards.
    RawCursor scan(byte[] start, byte[] end, boolean reverse);

    @Override
    void close();

    /// Walks raw entries; it stands before the first until [#next()].
    interface RawCursor extends AutoCloseable {
        boolean next();

        byte[] key();

        byte[] value();

        @Override
        void close();
    }
}
