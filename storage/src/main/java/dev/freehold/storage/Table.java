package dev.freehold.storage;

/// A keyspace of one service: a permanent number that prefixes its keys, and the codecs of its keys
/// and values. Numbers are handed out in blocks, listed in `docs/ARCHITECTURE.md`; a number is
/// never used again for something else.
///
/// @param number 1 to 65534
/// @param name `service.purpose`, for people
public record Table<K, V>(int number, String name, KeyCodec<K> keys, Codec<V> values) {
    public Table {
        if (number < 1 || number >= 0xFFFF) {
            throw new IllegalArgumentException("table number: " + number);
        }
    }
}
