package dev.freehold.storage;

import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Reads the same bytes only once: for immutable values that are read with every request and change
/// rarely, such as a function's configuration. What it gives is always what the bytes say, so no
/// change needs to be told to it.
final class Remembering<V> implements Codec<V> {
    /// The most values that are kept, and the largest that is, in bytes.
    private static final int MAX_KEPT = 1_024;

    private static final int MAX_BYTES = 8_192;

    private final Codec<V> codec;
    private final Map<Key, V> kept = new ConcurrentHashMap<>();

    Remembering(Codec<V> codec) {
        this.codec = codec;
    }

    private static final class Key {
        private final byte[] bytes;
        private final int hash;

        Key(byte[] bytes) {
            this.bytes = bytes;
            this.hash = Arrays.hashCode(bytes);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key && Arrays.equals(bytes, key.bytes);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    @Override
    public void write(V value, ValueWriter out) {
        codec.write(value, out);
    }

    @Override
    public V read(ValueReader in) {
        byte[] bytes = in.rest();
        if (bytes.length > MAX_BYTES) {
            return codec.read(new ValueReader(bytes));
        }
        Key key = new Key(bytes);
        V known = kept.get(key);
        if (known != null) {
            return known;
        }
        V value = codec.read(new ValueReader(bytes));
        if (kept.size() >= MAX_KEPT) {
            kept.clear();
        }
        kept.put(key, value);
        return value;
    }
}
