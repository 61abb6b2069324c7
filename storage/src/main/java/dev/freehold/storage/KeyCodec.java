package dev.freehold.storage;

/// Writes a key as a typed tuple whose byte order is the order of the key's components.
public interface KeyCodec<K> {
    void write(K key, KeyWriter out);

    K read(KeyReader in);
}
