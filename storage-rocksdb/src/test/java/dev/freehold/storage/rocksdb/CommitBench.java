package dev.freehold.storage.rocksdb;

import dev.freehold.storage.Codecs;
import dev.freehold.storage.Table;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// Durable commits a second: 1 KB and an index entry each, by callers on virtual threads.
///
///     java -cp ... dev.freehold.storage.rocksdb.CommitBench FOLDER [SECONDS]
public final class CommitBench {
    private static final Table<String, byte[]> ITEMS =
            new Table<>(1, "bench.items", Codecs.STRING_KEY, Codecs.BYTES);
    private static final Table<String, Boolean> INDEX =
            new Table<>(2, "bench.index", Codecs.STRING_KEY, Codecs.PRESENT);
    private static final byte[] VALUE = new byte[1024];

    private CommitBench() {}

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        long seconds = arguments.length > 1 ? Long.parseLong(arguments[1]) : 3;
        ThreadLocalRandom.current().nextBytes(VALUE);
        System.out.printf(
                "raw RocksDB, one caller: %,.0f/s%n", raw(folder.resolve("raw"), seconds));
        for (boolean reads : List.of(false, true)) {
            for (int callers : List.of(1, 8, 32, 128)) {
                Path at = Files.createTempDirectory(folder, "bench");
                try (RocksStore store = new RocksStore(at)) {
                    run(store, callers, 1, reads);
                    report(callers, reads, run(store, callers, seconds, reads), seconds);
                }
            }
        }
    }

    private static void report(int callers, boolean reads, long[] nanos, long seconds) {
        Arrays.sort(nanos);
        System.out.printf(
                "%3d callers%s: %,7.0f/s  p50 %.2f ms  p99 %.2f ms%n",
                callers,
                reads ? ", read first" : "",
                (double) nanos.length / seconds,
                nanos[nanos.length / 2] / 1e6,
                nanos[(int) (nanos.length * 0.99)] / 1e6);
    }

    private static double raw(Path folder, long seconds) throws Exception {
        Files.createDirectories(folder);
        try (Options options = new Options().setCreateIfMissing(true);
                RocksDB db = RocksDB.open(options, folder.toString());
                WriteOptions synced = new WriteOptions().setSync(true)) {
            long end = System.nanoTime() + seconds * 1_000_000_000;
            long count = 0;
            while (System.nanoTime() < end) {
                try (WriteBatch batch = new WriteBatch()) {
                    batch.put(("i" + count).getBytes(), VALUE);
                    batch.put(("x" + count).getBytes(), new byte[0]);
                    db.write(synced, batch);
                }
                count++;
            }
            return (double) count / seconds;
        }
    }

    private static long[] run(RocksStore store, int callers, long seconds, boolean reads)
            throws Exception {
        long end = System.nanoTime() + seconds * 1_000_000_000;
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Long>>> all = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                String name = "caller-" + i + "-";
                all.add(threads.submit(() -> call(store, name, end, reads)));
            }
            List<Long> nanos = new ArrayList<>();
            for (Future<List<Long>> one : all) {
                nanos.addAll(one.get());
            }
            return nanos.stream().mapToLong(Long::longValue).toArray();
        }
    }

    private static List<Long> call(RocksStore store, String name, long end, boolean reads) {
        List<Long> nanos = new ArrayList<>();
        for (long i = 0, begun = System.nanoTime(); begun < end; i++) {
            String key = name + i;
            store.updateOnly(tx -> {
                if (reads) {
                    tx.get(ITEMS, key);
                }
                tx.put(ITEMS, key, VALUE);
                tx.put(INDEX, key, true);
            });
            long now = System.nanoTime();
            nanos.add(now - begun);
            begun = now;
        }
        return nanos;
    }
}
