package dev.freehold.storage;

import java.util.function.BiConsumer;
import java.util.function.Function;

/// Ready-made codecs.
public final class Codecs {
    /// A text.
    public static final Codec<String> STRING = of((out, v) -> out.string(v), ValueReader::string);

    /// Bytes, unchanged.
    public static final Codec<byte[]> BYTES = of((out, v) -> out.bytes(v), ValueReader::bytes);

    /// A number. Counters for [Transaction#add] must have this codec.
    public static final Codec<Long> INT64 = of((out, v) -> out.int64(v), ValueReader::int64);

    /// Nothing: for tables that are sets.
    public static final Codec<Boolean> PRESENT = of((out, v) -> {}, in -> Boolean.TRUE);

    /// A key of one text.
    public static final KeyCodec<String> STRING_KEY =
            key((key, out) -> out.string(key), KeyReader::string);

    private Codecs() {}

    /// A codec of two functions.
    public static <V> Codec<V> of(BiConsumer<ValueWriter, V> write, Function<ValueReader, V> read) {
        return new Codec<>() {
            @Override
            public void write(V value, ValueWriter out) {
                write.accept(out, value);
            }

            @Override
            public V read(ValueReader in) {
                return read.apply(in);
            }
        };
    }

    /// A codec that reads the same bytes only once, for whole values that are immutable, are read
    /// with every request, and change rarely. At most 1,024 values of up to 8 KiB are kept.
    public static <V> Codec<V> remembering(Codec<V> codec) {
        return new Remembering<>(codec);
    }

    /// A key codec of two functions.
    public static <K> KeyCodec<K> key(BiConsumer<K, KeyWriter> write, Function<KeyReader, K> read) {
        return new KeyCodec<>() {
            @Override
            public void write(K key, KeyWriter out) {
                write.accept(key, out);
            }

            @Override
            public K read(KeyReader in) {
                return read.apply(in);
            }
        };
    }
}
