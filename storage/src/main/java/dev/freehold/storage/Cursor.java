package dev.freehold.storage;

/// Walks the entries of a scan. It stands before the first until [#next()].
public interface Cursor<K, V> extends AutoCloseable {
    /// Steps to the next entry; false when there is none, or the scan's limit is reached.
    boolean next();

    K key();

    V value();

    @Override
    void close();
}
