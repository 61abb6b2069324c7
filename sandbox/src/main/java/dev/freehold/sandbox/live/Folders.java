package dev.freehold.sandbox.live;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.ClosedWatchServiceException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Watches folders that functions are run from: whenever something changes in one, the environments
/// that have it end, so that the next invocation loads what is there now.
///
/// Sandboxes that wait show the folder that was there when they were started. When it is replaced
/// by another of its name, as build tools do, they are given up too.
public final class Folders implements AutoCloseable {
    /// The most folders that are watched; the one that was used least recently gives way.
    static final int MAX_FOLDERS = 32;

    /// The most folders within one: each is a watch of the kernel's.
    static final int MAX_DIRECTORIES = 4096;

    /// The most environments' keys that a folder has.
    private static final int MAX_KEYS = 64;

    /// What is large and no code that is being worked on.
    private static final Set<String> SKIPPED =
            Set.of(".git", ".hg", ".svn", ".venv", "node_modules", "__pycache__");

    private final Consumer<String> retire;
    private final Consumer<Path> drop;
    private final Map<Path, Folder> folders = new LinkedHashMap<>(16, 0.75f, true);
    private final Map<WatchKey, Watch> watches = new HashMap<>();
    private @Nullable WatchService service;

    /// @param retire ends the environments of a key
    /// @param drop gives up sandboxes that show a folder
    public Folders(Consumer<String> retire, Consumer<Path> drop) {
        this.retire = retire;
        this.drop = drop;
    }

    private static final class Folder {
        private final Path path;
        private final @Nullable Object identity;
        private final Set<String> keys = new LinkedHashSet<>();
        private final Set<WatchKey> within = new LinkedHashSet<>();

        Folder(Path path) {
            this.path = path;
            this.identity = identity(path);
        }

        /// What the system knows a directory by; null when there is none.
        private static @Nullable Object identity(Path path) {
            try {
                return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
            } catch (IOException e) {
                return null;
            }
        }

        boolean replaced() {
            return !Objects.equals(identity, identity(path));
        }
    }

    /// What a key watches: a directory within a folder, or what is above folders.
    private record Watch(Path directory, List<Folder> folders) {}

    /// Watches a folder for the environments of a key, from now on.
    ///
    /// @throws IOException when it is not there, or too large
    public synchronized void watch(Path path, String key) throws IOException {
        if (!Files.isDirectory(path)) {
            throw new IOException("The folder " + path + " is not there.");
        }
        Folder folder = folders.get(path);
        if (folder == null) {
            folder = begin(path);
        }
        if (folder.keys.add(key) && folder.keys.size() > MAX_KEYS) {
            String oldest = folder.keys.iterator().next();
            folder.keys.remove(oldest);
            retire.accept(oldest);
        }
    }

    private Folder begin(Path path) throws IOException {
        if (folders.size() >= MAX_FOLDERS) {
            end(folders.values().iterator().next());
        }
        Folder folder = new Folder(path);
        boolean done = false;
        try {
            Path parent = path.getParent();
            if (parent != null) {
                add(folder, parent);
            }
            addAll(folder, path);
            folders.put(path, folder);
            done = true;
            return folder;
        } finally {
            if (!done) {
                forget(folder);
            }
        }
    }

    private WatchService service() throws IOException {
        if (service == null) {
            WatchService made = Path.of("/").getFileSystem().newWatchService();
            Thread.ofPlatform().daemon().name("hot-reload").start(() -> run(made));
            service = made;
        }
        return service;
    }

    private void add(Folder folder, Path directory) throws IOException {
        if (folder.within.size() > MAX_DIRECTORIES) {
            throw new IOException(
                    "The folder "
                            + folder.path
                            + " has more than "
                            + MAX_DIRECTORIES
                            + " folders within: too many to watch.");
        }
        WatchKey key =
                directory.register(
                        service(),
                        StandardWatchEventKinds.ENTRY_CREATE,
                        StandardWatchEventKinds.ENTRY_DELETE,
                        StandardWatchEventKinds.ENTRY_MODIFY);
        Watch watch = watches.computeIfAbsent(key, _ -> new Watch(directory, new ArrayList<>()));
        if (!watch.folders.contains(folder)) {
            watch.folders.add(folder);
        }
        folder.within.add(key);
    }

    private void addAll(Folder folder, Path top) throws IOException {
        Files.walkFileTree(
                top,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult preVisitDirectory(Path at, BasicFileAttributes facts)
                            throws IOException {
                        if (skipped(folder, at)) {
                            return FileVisitResult.SKIP_SUBTREE;
                        }
                        add(folder, at);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult visitFileFailed(Path file, IOException e) {
                        return FileVisitResult.CONTINUE; // gone meanwhile
                    }
                });
    }

    private static boolean skipped(Folder folder, Path at) {
        Path name = at.getFileName();
        return !at.equals(folder.path) && name != null && SKIPPED.contains(name.toString());
    }

    private void run(WatchService from) {
        try {
            while (true) {
                take(from.take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ClosedWatchServiceException e) {
            // nobody watches any more
        }
    }

    private synchronized void take(WatchKey key) {
        Watch watch = watches.get(key);
        List<WatchEvent<?>> events = key.pollEvents();
        if (watch == null) {
            key.cancel();
            return;
        }
        for (Folder folder : List.copyOf(watch.folders)) {
            if (watch.directory.startsWith(folder.path)) {
                changed(folder, watch.directory, events);
            } else if (folder.replaced()) {
                end(folder);
            }
        }
        if (!key.reset()) {
            watches.remove(key);
            watch.folders.forEach(folder -> {
                folder.within.remove(key);
                if (watch.directory.equals(folder.path)) {
                    end(folder);
                }
            });
        }
    }

    private void changed(Folder folder, Path directory, List<WatchEvent<?>> events) {
        boolean lost = false;
        try {
            for (WatchEvent<?> event : events) {
                lost |= event.kind() == StandardWatchEventKinds.OVERFLOW;
                if (event.kind() == StandardWatchEventKinds.ENTRY_CREATE
                        && event.context() instanceof Path name
                        && Files.isDirectory(directory.resolve(name))) {
                    addAll(folder, directory.resolve(name));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            lost = true;
        }
        if (lost) {
            end(folder); // the next environment watches it anew, or says why it can't
        } else {
            retireAll(folder);
        }
    }

    private void retireAll(Folder folder) {
        folder.keys.forEach(retire);
        folder.keys.clear();
    }

    private void end(Folder folder) {
        folders.remove(folder.path, folder);
        forget(folder);
        retireAll(folder);
        drop.accept(folder.path);
    }

    private void forget(Folder folder) {
        for (WatchKey key : folder.within) {
            Watch watch = watches.get(key);
            if (watch != null && watch.folders.remove(folder) && watch.folders.isEmpty()) {
                watches.remove(key);
                key.cancel();
            }
        }
        folder.within.clear();
    }

    @Override
    public synchronized void close() {
        try {
            if (service != null) {
                service.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
