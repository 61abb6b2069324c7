package dev.freehold.storage;

import org.jspecify.annotations.Nullable;

/// One transaction's view: a snapshot with its own writes laid over it. Valid only inside the body
/// it was handed to, on that thread.
public interface Transaction {
    /// The value, or null.
    <K, V> @Nullable V get(Table<K, V> table, K key);

    /// The value, or null, read without remembering it: a later change by somebody else is no
    /// conflict. For values that may be a little old, such as a hint or a count that is only shown.
    <K, V> @Nullable V peek(Table<K, V> table, K key);

    /// Sets the value, whatever it was. A write that was not preceded by a read never conflicts.
    <K, V> void put(Table<K, V> table, K key, V value);

    /// Removes the value, if there is one.
    <K, V> void delete(Table<K, V> table, K key);

    /// Removes all values of a range, however many.
    <K, V> void deleteRange(Table<K, V> table, KeyRange range);

    /// Adds to a counter without reading it, so that hot counters do not conflict. An absent
    /// counter is 0; one that comes to 0 may be removed.
    <K> void add(Table<K, Long> table, K key, long delta);

    /// The entries of a range in key order, or in reverse. What the cursor passed over is what the
    /// transaction remembers as read, not the whole range. Close it.
    ///
    /// @param limit the most entries that it returns; a bound to the work, at least 1
    <K, V> Cursor<K, V> scan(Table<K, V> table, KeyRange range, Direction direction, int limit);

    /// [#scan(Table, KeyRange, Direction, int)] forward.
    default <K, V> Cursor<K, V> scan(Table<K, V> table, KeyRange range, int limit) {
        return scan(table, range, Direction.FORWARD, limit);
    }

    /// The order of a scan.
    enum Direction {
        FORWARD,
        REVERSE
    }
}
