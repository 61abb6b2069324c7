package dev.freehold.storage.contract;

import static dev.freehold.storage.contract.Stores.COUNTERS;
import static dev.freehold.storage.contract.Stores.TEXTS;
import static dev.freehold.storage.contract.Stores.between;
import static dev.freehold.storage.contract.Stores.entries;
import static dev.freehold.storage.contract.Stores.list;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.storage.Store;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.Transaction.Direction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random transactions from several threads against a naive model. Each transaction takes the next
/// number of a sequence, so its place in the serial order is known; afterwards the model does the
/// same in that order, and everything that was read must be the same.
public interface ModelContract extends Stores {
    int THREADS = 4;
    int TRANSACTIONS = 60;
    String[] NAMES = {"a", "b", "bb", "c", "d", "e", "f", "g"};

    /// One step of a transaction.
    sealed interface Step {
        record Get(String key) implements Step {}

        record Put(String key, String value) implements Step {}

        record Delete(String key) implements Step {}

        record DeleteRange(String from, String to) implements Step {}

        record Add(String key, long delta) implements Step {}

        record GetCounter(String key) implements Step {}

        record Scan(String from, String to, Direction direction, int limit) implements Step {}
    }

    /// What a transaction did, and what it read.
    record Done(List<Step> steps, List<String> read) {}

    @Test
    default void aSerialModelReadsTheSame(@TempDir Path folder) {
        Seeds.run(
                durable() ? "storage-rocksdb" : "storage",
                getClass(),
                random -> {
                    Path fresh = folder.resolve(Long.toHexString(random.nextLong()));
                    NavigableMap<Long, Done> history = new ConcurrentSkipListMap<>();
                    try (Store store = open(fresh)) {
                        play(store, random, history);
                        assertThat(history).hasSize(THREADS * TRANSACTIONS);
                        Model model = new Model();
                        history.forEach((number, done) ->
                                assertThat(done.read())
                                        .as("transaction %d: %s", number, done.steps())
                                        .isEqualTo(model.run(done.steps())));
                        Transaction.Direction forward = Direction.FORWARD;
                        assertThat(entries(store, TEXTS, forward, 99))
                                .isEqualTo(model.scan("", "~", forward, 99));
                    }
                });
    }

    private static void play(Store store, RandomGenerator random, Map<Long, Done> history)
            throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                List<List<Step>> transactions = new ArrayList<>();
                for (int n = 0; n < TRANSACTIONS; n++) {
                    transactions.add(steps(random, "t" + i + "." + n));
                }
                all.add(
                        threads.submit(
                                () -> transactions.forEach(steps -> run(store, steps, history))));
            }
            for (Future<?> one : all) {
                one.get();
            }
        }
    }

    private static void run(Store store, List<Step> steps, Map<Long, Done> history) {
        List<String> read = new ArrayList<>();
        long number =
                store.update(tx -> {
                    read.clear();
                    for (Step step : steps.subList(0, steps.size() / 2)) {
                        read.add(run(tx, step));
                    }
                    long next = Objects.requireNonNullElse(tx.get(Sequence.TABLE, "next"), 0L);
                    tx.put(Sequence.TABLE, "next", next + 1);
                    for (Step step : steps.subList(steps.size() / 2, steps.size())) {
                        read.add(run(tx, step));
                    }
                    return next;
                });
        history.put(number, new Done(steps, read));
    }

    /// Where the serial order comes from.
    final class Sequence {
        static final Table<String, Long> TABLE =
                new Table<>(8, "test.sequence", COUNTERS.keys(), COUNTERS.values());

        private Sequence() {}
    }

    private static String run(Transaction tx, Step step) {
        return switch (step) {
            case Step.Get(String key) -> "" + tx.get(TEXTS, key);
            case Step.GetCounter(String key) ->
                    "" + Objects.requireNonNullElse(tx.get(COUNTERS, key), 0L);
            case Step.Put(String key, String value) -> {
                tx.put(TEXTS, key, value);
                yield "";
            }
            case Step.Delete(String key) -> {
                tx.delete(TEXTS, key);
                yield "";
            }
            case Step.DeleteRange(String from, String to) -> {
                tx.deleteRange(TEXTS, between(from, to));
                yield "";
            }
            case Step.Add(String key, long delta) -> {
                tx.add(COUNTERS, key, delta);
                yield "";
            }
            case Step.Scan(String from, String to, Direction direction, int limit) ->
                    "" + list(tx, TEXTS, between(from, to), direction, limit);
        };
    }

    private static List<Step> steps(RandomGenerator random, String name) {
        List<Step> steps = new ArrayList<>();
        for (int i = random.nextInt(1, 8); i > 0; i--) {
            String key = NAMES[random.nextInt(NAMES.length)];
            String other = NAMES[random.nextInt(NAMES.length)];
            Direction direction = random.nextBoolean() ? Direction.FORWARD : Direction.REVERSE;
            steps.add(
                    switch (random.nextInt(10)) {
                        case 0, 1 -> new Step.Get(key);
                        case 2, 3, 4 -> new Step.Put(key, name + "." + i);
                        case 5 -> new Step.Delete(key);
                        case 6 -> new Step.DeleteRange(key, other);
                        case 7 -> new Step.Add(key, random.nextLong(-2, 3));
                        case 8 -> new Step.GetCounter(key);
                        default -> new Step.Scan(key, other, direction, random.nextInt(1, 5));
                    });
        }
        return steps;
    }

    /// The same, naively.
    final class Model {
        private final NavigableMap<String, String> texts = new TreeMap<>();
        private final Map<String, Long> counters = new TreeMap<>();

        List<String> run(List<Step> steps) {
            return steps.stream().map(this::run).toList();
        }

        private String run(Step step) {
            switch (step) {
                case Step.Get(String key) -> {
                    return "" + texts.get(key);
                }
                case Step.GetCounter(String key) -> {
                    return "" + counters.getOrDefault(key, 0L);
                }
                case Step.Scan(String from, String to, Direction direction, int limit) -> {
                    return "" + scan(from, to, direction, limit);
                }
                case Step.Put(String key, String value) -> texts.put(key, value);
                case Step.Delete(String key) -> texts.remove(key);
                case Step.DeleteRange(String from, String to) ->
                        texts.keySet().removeIf(k -> k.compareTo(from) >= 0 && k.compareTo(to) < 0);
                case Step.Add(String key, long delta) -> counters.merge(key, delta, Long::sum);
            }
            return "";
        }

        List<String> scan(String from, String to, Direction direction, int limit) {
            List<String> found = new ArrayList<>();
            texts.forEach((key, value) -> {
                if (key.compareTo(from) >= 0 && key.compareTo(to) < 0) {
                    found.add(key + "=" + value);
                }
            });
            if (direction == Direction.REVERSE) {
                Collections.reverse(found);
            }
            return found.subList(0, Math.min(limit, found.size()));
        }
    }
}
