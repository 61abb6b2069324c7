package dev.freehold.storage;

/// Writes a value. Values evolve by appending fields: a reader asks [ValueReader#hasMore()] before
/// it reads a field that older values lack.
public interface Codec<V> {
    void write(V value, ValueWriter out);

    V read(ValueReader in);
}
