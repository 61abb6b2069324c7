package dev.freehold.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction.Direction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Scans go by the order of the keys' components: texts by their UTF-8 bytes, numbers by value,
/// times by time, and a component never runs into the next.
public interface OrderContract extends Stores {
    /// A key of each kind of component.
    record Key(String text, long number, Instant time, int tag) {
        static final Comparator<Key> ORDER =
                Comparator.<Key, byte[]>comparing(
                                key -> key.text.getBytes(StandardCharsets.UTF_8),
                                Arrays::compareUnsigned)
                        .thenComparingLong(Key::number)
                        .thenComparing(Key::time)
                        .thenComparingInt(Key::tag);
    }

    Table<Key, Boolean> KEYS =
            new Table<>(
                    9,
                    "test.keys",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.text)
                                            .int64(key.number)
                                            .instant(key.time)
                                            .uint8(key.tag),
                            in -> new Key(in.string(), in.int64(), in.instant(), in.uint8())),
                    Codecs.PRESENT);

    @Test
    default void scansGoByTheOrderOfComponents(@TempDir Path folder) throws Exception {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(7);
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            keys.add(key(random));
        }
        List<Key> sorted = keys.stream().distinct().sorted(Key.ORDER).toList();
        List<Key> backwards = new ArrayList<>(sorted);
        Collections.reverse(backwards);
        try (Store store = open(folder)) {
            store.updateOnly(tx -> keys.forEach(key -> tx.put(KEYS, key, true)));
            assertThat(scan(store, KeyRange.ALL, Direction.FORWARD)).isEqualTo(sorted);
            assertThat(scan(store, KeyRange.ALL, Direction.REVERSE)).isEqualTo(backwards);
            for (Key key : keys.subList(0, 40)) {
                KeyRange same = KeyRange.prefix(out -> out.string(key.text));
                List<Key> expected = sorted.stream().filter(k -> k.text.equals(key.text)).toList();
                assertThat(scan(store, same, Direction.FORWARD)).isEqualTo(expected);
                List<Key> before =
                        sorted.stream().filter(k -> Key.ORDER.compare(k, key) < 0).toList();
                assertThat(scan(store, before(key), Direction.FORWARD)).isEqualTo(before);
                List<Key> after =
                        sorted.stream().filter(k -> Key.ORDER.compare(k, key) > 0).toList();
                assertThat(scan(store, after(key), Direction.FORWARD)).isEqualTo(after);
            }
        }
    }

    private static KeyRange before(Key key) {
        return KeyRange.ALL.endingBefore(out -> KEYS.keys().write(key, out));
    }

    private static KeyRange after(Key key) {
        return KeyRange.ALL.startingAfter(out -> KEYS.keys().write(key, out));
    }

    private static List<Key> scan(Store store, KeyRange range, Direction direction) {
        return store.read(tx -> {
            List<Key> found = new ArrayList<>();
            try (Cursor<Key, Boolean> cursor = tx.scan(KEYS, range, direction, 1000)) {
                while (cursor.next()) {
                    found.add(cursor.key());
                }
            }
            return found;
        });
    }

    private static Key key(RandomGenerator random) {
        String[] pieces = {
            "", "a", "b", "\0", "\1", "aa", "\u00FF", "\u0131", "\uFFFD", "\uD83D\uDE00"
        };
        String text =
                pieces[random.nextInt(pieces.length)]
                        + pieces[random.nextInt(pieces.length)]
                        + pieces[random.nextInt(pieces.length)];
        long[] numbers = {Long.MIN_VALUE, -256, -1, 0, 1, 255, Long.MAX_VALUE};
        long number = numbers[random.nextInt(numbers.length)];
        Instant time = Instant.ofEpochSecond(random.nextInt(-2, 3), random.nextInt(3));
        return new Key(text, number, time, random.nextInt(3) * 127);
    }
}
