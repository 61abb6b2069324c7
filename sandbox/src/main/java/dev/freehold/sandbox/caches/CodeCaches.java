package dev.freehold.sandbox.caches;

import dev.freehold.sandbox.host.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Keeps the caches of functions' code, and makes them one after the other on a thread of its own.
/// Safe for use by several threads.
public final class CodeCaches implements AutoCloseable {
    /// The most bytes that all of them may have.
    private static final long MAX_BYTES = 2L * 1024 * 1024 * 1024;

    /// The most that wait to be made: others are made after a later start.
    private static final int MAX_WAITING = 1000;

    /// The most versions that are remembered to have none, or to have theirs made.
    private static final int MAX_KNOWN = 20_000;

    private static final System.Logger LOG = System.getLogger(CodeCaches.class.getName());

    private final Path root;
    private final long limit;
    private final LinkedHashMap<String, Cache> caches = new LinkedHashMap<>(16, 0.75f, true);

    /// The caches of each version.
    private final Map<String, Set<String>> names = new HashMap<>();

    private final ThreadPoolExecutor worker =
            new ThreadPoolExecutor(
                    1,
                    1,
                    10,
                    TimeUnit.SECONDS,
                    new ArrayBlockingQueue<>(MAX_WAITING),
                    Thread.ofPlatform().daemon().name("code-cache-", 0).factory(),
                    new ThreadPoolExecutor.DiscardPolicy());

    private long bytes;

    /// @param key the version that it belongs to
    /// @param path null while there is none
    private record Cache(String key, @Nullable Path path, long bytes) {}

    /// Has the runtime compile.
    @FunctionalInterface
    public interface Maker {
        /// @return what was compiled; may be empty
        Compiled make() throws IOException, InterruptedException;
    }

    /// @param root an empty directory
    public CodeCaches(Path root) {
        this(root, MAX_BYTES);
    }

    CodeCaches(Path root, long limit) {
        this.root = root;
        this.limit = limit;
        worker.allowCoreThreadTimeOut(true);
    }

    /// The directory of a cache, or null when there is none.
    public synchronized @Nullable Path find(String name) {
        Cache cache = caches.get(name);
        return cache == null ? null : cache.path;
    }

    /// Has a cache made, unless it is there, was tried, or too many wait.
    ///
    /// @param key the version that it belongs to
    /// @param name can't be guessed
    public void want(String key, String name, Maker maker) {
        Path gone = null;
        synchronized (this) {
            if (caches.containsKey(name)) {
                return;
            }
            if (caches.size() >= MAX_KNOWN) {
                gone = drop(caches.firstEntry().getKey());
            }
            caches.put(name, new Cache(key, null, 0));
            names.computeIfAbsent(key, _ -> new HashSet<>()).add(name);
        }
        if (gone != null) {
            Trees.delete(gone);
        }
        worker.execute(() -> make(key, name, maker));
    }

    private void make(String key, String name, Maker maker) {
        Path beside = root.resolve("new-" + name);
        try {
            Compiled compiled = maker.make();
            if (compiled.isEmpty()) {
                return;
            }
            Files.createDirectories(beside);
            compiled.into(beside);
            List<Path> gone = keep(key, name, beside, compiled.bytes());
            gone.forEach(Trees::delete);
        } catch (IOException | RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "A function has no code cache: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            Trees.delete(beside);
        }
    }

    /// Makes room, and puts a cache in its place unless its version is gone.
    ///
    /// @return directories that nobody has any more
    private synchronized List<Path> keep(String key, String name, Path beside, long size)
            throws IOException {
        List<Path> gone = new ArrayList<>();
        if (!caches.containsKey(name) || size > limit) {
            return gone;
        }
        for (Map.Entry<String, Cache> oldest : List.copyOf(caches.entrySet())) {
            Path path = oldest.getValue().path;
            if (bytes + size > limit && path != null) {
                gone.add(path);
                drop(oldest.getKey());
            }
        }
        Path path = root.resolve(name);
        Files.move(beside, path, StandardCopyOption.ATOMIC_MOVE);
        caches.put(name, new Cache(key, path, size));
        bytes += size;
        return gone;
    }

    /// Forgets one.
    ///
    /// @return the directory that nobody has any more, or null
    private @Nullable Path drop(String name) {
        Cache cache = caches.remove(name);
        if (cache == null) {
            return null;
        }
        names.computeIfPresent(cache.key, (_, all) -> without(all, name));
        bytes -= cache.bytes;
        return cache.path;
    }

    private static @Nullable Set<String> without(Set<String> all, String name) {
        all.remove(name);
        return all.isEmpty() ? null : all;
    }

    /// Removes the caches of a version that is gone, also those that are being made.
    public void forget(String key) {
        List<Path> gone = new ArrayList<>();
        synchronized (this) {
            for (String name : List.copyOf(names.getOrDefault(key, Set.of()))) {
                Path path = drop(name);
                if (path != null) {
                    gone.add(path);
                }
            }
        }
        gone.forEach(Trees::delete);
    }

    @Override
    public void close() {
        worker.shutdownNow();
    }
}
