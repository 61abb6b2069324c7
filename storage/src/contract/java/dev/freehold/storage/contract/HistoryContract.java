package dev.freehold.storage.contract;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random transactions that append their number to lists, from several threads and with no key that
/// all of them touch. What each one read says who went before whom: a list shows the order of its
/// writers, so a reader came after the last that it saw and before the next. Those orders, and the
/// order of real time, must not contradict each other: the graph has no cycle.
public interface HistoryContract extends Stores {
    Table<String, List<Integer>> LISTS =
            new Table<>(
                    10,
                    "test.lists",
                    Codecs.STRING_KEY,
                    Codecs.of(
                            (out, list) -> out.list(list, (o, n) -> o.int32(n)),
                            in -> in.list(i -> i.int32())));

    int CALLERS = 6;
    int EACH = 50;
    int KEYS = 8;

    /// What a transaction read of each key, whether it appended to it, and when it ran.
    record Observed(
            int number,
            Map<String, List<Integer>> read,
            Set<String> appended,
            long begun,
            long ended) {}

    @Test
    default void whatWasReadHasASerialOrder(@TempDir Path folder) {
        Seeds.run(
                durable() ? "storage-rocksdb" : "storage",
                getClass(),
                random -> {
                    Path fresh = folder.resolve(Long.toHexString(random.nextLong()));
                    try (Store store = open(fresh)) {
                        List<Observed> history = play(store, random);
                        Map<String, List<Integer>> last = store.read(HistoryContract::all);
                        checkAcyclic(edges(history, last), history.size());
                    }
                });
    }

    private static String key(int number) {
        return Character.toString('a' + number);
    }

    private static Map<String, List<Integer>> all(Transaction tx) {
        Map<String, List<Integer>> all = new TreeMap<>();
        try (Cursor<String, List<Integer>> cursor = tx.scan(LISTS, KeyRange.ALL, KEYS + 1)) {
            while (cursor.next()) {
                all.put(cursor.key(), cursor.value());
            }
        }
        return all;
    }

    private static List<Observed> play(Store store, RandomGenerator random) throws Exception {
        AtomicInteger numbers = new AtomicInteger();
        List<Observed> history = new ArrayList<>();
        try (ExecutorService threads = Executors.newFixedThreadPool(CALLERS)) {
            List<Future<List<Observed>>> all = new ArrayList<>();
            for (int i = 0; i < CALLERS; i++) {
                List<int[]> choices = new ArrayList<>();
                for (int n = 0; n < EACH; n++) {
                    choices.add(random.ints(4, 0, KEYS).toArray());
                }
                all.add(
                        threads.submit(() ->
                                choices.stream()
                                        .map(c -> run(store, numbers.getAndIncrement(), c))
                                        .toList()));
            }
            for (Future<List<Observed>> one : all) {
                history.addAll(one.get());
            }
        }
        return history;
    }

    /// Reads two keys and scans from a third; appends to the first, or to none, or to a fourth.
    private static Observed run(Store store, int number, int[] choice) {
        long begun = System.nanoTime();
        Map<String, List<Integer>> read = new TreeMap<>();
        Set<String> appended = new TreeSet<>();
        store.updateOnly(tx -> {
            read.clear();
            appended.clear();
            readList(tx, key(choice[0]), read);
            readList(tx, key(choice[1]), read);
            scan(tx, choice[2], read);
            if (choice[3] != 0) {
                append(tx, key(choice[choice[3] % 2 == 0 ? 0 : 3]), number, read, appended);
            }
        });
        return new Observed(
                number, Map.copyOf(read), Set.copyOf(appended), begun, System.nanoTime());
    }

    private static void readList(Transaction tx, String key, Map<String, List<Integer>> read) {
        List<Integer> list = tx.get(LISTS, key);
        read.put(key, list == null ? List.of() : list);
    }

    /// A scan reads also what is not there.
    private static void scan(Transaction tx, int from, Map<String, List<Integer>> read) {
        for (int i = from; i < Math.min(from + 3, KEYS); i++) {
            read.put(key(i), List.of());
        }
        KeyRange range =
                KeyRange.between(out -> out.string(key(from)), out -> out.string(key(from + 3)));
        try (Cursor<String, List<Integer>> cursor = tx.scan(LISTS, range, KEYS)) {
            while (cursor.next()) {
                read.put(cursor.key(), cursor.value());
            }
        }
    }

    private static void append(
            Transaction tx,
            String key,
            int number,
            Map<String, List<Integer>> read,
            Set<String> appended) {
        readList(tx, key, read);
        List<Integer> longer = new ArrayList<>(read.get(key));
        longer.add(number);
        tx.put(LISTS, key, longer);
        appended.add(key);
    }

    /// Who went before whom.
    private static List<Set<Integer>> edges(
            List<Observed> history, Map<String, List<Integer>> last) {
        List<Set<Integer>> after = new ArrayList<>();
        history.forEach(one -> after.add(new TreeSet<>()));
        for (Observed one : history) {
            one.read().forEach((key, list) -> addReads(after, one.number(), list, last.get(key)));
            for (Observed other : history) {
                if (one.ended() < other.begun()) {
                    after.get(one.number()).add(other.number());
                }
            }
        }
        return after;
    }

    private static void addReads(
            List<Set<Integer>> after,
            int reader,
            List<Integer> seen,
            @org.jspecify.annotations.Nullable List<Integer> whole) {
        List<Integer> order = whole == null ? List.of() : whole;
        if (seen.size() > order.size() || !order.subList(0, seen.size()).equals(seen)) {
            throw new AssertionError("read " + seen + " of a list that came to " + order);
        }
        if (!seen.isEmpty()) {
            after.get(seen.getLast()).add(reader);
        }
        if (seen.size() < order.size() && !order.get(seen.size()).equals(reader)) {
            after.get(reader).add(order.get(seen.size()));
        }
    }

    private static void checkAcyclic(List<Set<Integer>> after, int count) {
        int[] before = new int[count];
        after.forEach(all -> all.forEach(one -> before[one]++));
        List<Integer> free = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (before[i] == 0) {
                free.add(i);
            }
        }
        for (int i = 0; i < free.size(); i++) {
            for (int one : after.get(free.get(i))) {
                if (--before[one] == 0) {
                    free.add(one);
                }
            }
        }
        if (free.size() < count) {
            throw new AssertionError(
                    (count - free.size()) + " of " + count + " transactions have no serial order");
        }
    }
}
