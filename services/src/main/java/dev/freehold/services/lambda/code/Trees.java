package dev.freehold.services.lambda.code;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Unpacked code on this machine's disk: a bounded cache of directories, addressed by what is in
/// them under names that can't be guessed.
///
/// A tree is made beside and renamed when it is whole, so a crash leaves nothing that looks like a
/// tree. Renaming orders nothing on a disk that loses power, therefore trees of before a boot are
/// not trusted: they are made again. The tree that nobody has used for the longest goes first,
/// after the idle environments that have it; one that runs an invocation is not touched.
public final class Trees {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{64})-(\\d{1,18})");
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");

    /// The most environment keys that a tree remembers; of older ones nothing idle is left.
    private static final int MAX_USERS = 64;

    /// The most hashes of contents' names that are remembered.
    private static final int MAX_HASHES = 4_096;

    private final Path root;
    private final Secret secret;
    private final Supplier<String> names;
    private final long limit;
    private final Consumer<String> retire;
    private final Map<String, String> hashes = new ConcurrentHashMap<>();
    private final Map<String, Tree> trees = new LinkedHashMap<>(16, 0.75f, true);

    /// @param root the code store
    /// @param names makes names that can't be guessed
    /// @param limit the most bytes that the trees may have together
    /// @param retire ends the idle environments of a key
    public Trees(
            Path root, Secret secret, Supplier<String> names, long limit, Consumer<String> retire)
            throws IOException {
        this.root = root;
        this.secret = secret;
        this.names = names;
        this.limit = limit;
        this.retire = retire;
        recover();
    }

    private static final class Tree {
        private final Path path;
        private final long size;
        private final ReentrantLock making = new ReentrantLock();
        private final Set<String> users = new LinkedHashSet<>();
        private volatile boolean whole;
        private boolean unwanted;
        private int pins;

        Tree(Path path, long size, boolean whole) {
            this.path = path;
            this.size = size;
            this.whole = whole;
        }
    }

    /// Puts content into an empty directory.
    @FunctionalInterface
    public interface Content {
        void into(Path directory) throws IOException, CodePackage.RefusedException;
    }

    /// A directory that stays while it is open.
    public interface Lease extends AutoCloseable {
        Path path();

        @Override
        default void close() {}
    }

    /// A tree that stays.
    private final class Pinned implements Lease {
        private final Tree tree;

        Pinned(Tree tree) {
            this.tree = tree;
        }

        @Override
        public Path path() {
            return tree.path;
        }

        @Override
        public void close() {
            unpin(tree);
        }
    }

    private void recover() throws IOException {
        Path mark = root.resolveSibling("code.boot");
        String boot = Files.isReadable(BOOT) ? Files.readString(BOOT).strip() : names.get();
        boolean same = Files.exists(mark) && Files.readString(mark).equals(boot);
        List<Path> found;
        try (Stream<Path> children = Files.list(root)) {
            found = children.toList();
        }
        for (Path path : found) {
            Matcher matcher = NAME.matcher(path.getFileName().toString());
            if (same && matcher.matches()) {
                long size = Long.parseLong(matcher.group(2));
                trees.put(path.getFileName().toString(), new Tree(path, size, true));
            } else {
                CodePackage.deleteTree(path);
            }
        }
        Files.writeString(mark, boot);
    }

    /// The tree of some content; made when it is missing.
    ///
    /// @param content names what is in it
    /// @param size how many bytes that has
    /// @param user the environments that will have it
    /// @throws UncheckedIOException when it can't be made
    public Lease lease(String content, long size, String user, Content maker) {
        String name = name(content, size);
        Tree tree = pin(name, size, user);
        try {
            if (!tree.whole) {
                make(tree, maker);
            }
            return new Pinned(tree);
        } catch (IOException e) {
            unpin(tree);
            throw new UncheckedIOException(e);
        } catch (CodePackage.RefusedException e) {
            unpin(tree);
            throw new IllegalStateException("a package that was accepted is refused now", e);
        } catch (RuntimeException e) {
            unpin(tree);
            throw e;
        }
    }

    private String name(String content, long size) {
        String known = hashes.get(content);
        if (known == null) {
            known = secret.of(content);
            if (hashes.size() >= MAX_HASHES) {
                hashes.clear();
            }
            hashes.put(content, known);
        }
        return known + "-" + size;
    }

    private synchronized Tree pin(String name, long size, String user) {
        Tree tree = trees.computeIfAbsent(name, _ -> new Tree(root.resolve(name), size, false));
        tree.pins++;
        if (tree.users.add(user) && tree.users.size() > MAX_USERS) {
            tree.users.remove(tree.users.iterator().next());
        }
        return tree;
    }

    private synchronized void unpin(Tree tree) {
        tree.pins--;
    }

    private void make(Tree tree, Content maker) throws IOException, CodePackage.RefusedException {
        tree.making.lock();
        try {
            if (tree.whole) {
                return;
            }
            Path beside = scratch();
            try {
                makeRoom(tree.size);
                maker.into(beside);
                Files.move(beside, tree.path, StandardCopyOption.ATOMIC_MOVE);
                tree.whole = true;
            } finally {
                CodePackage.deleteTree(beside);
            }
        } finally {
            tree.making.unlock();
        }
    }

    /// An empty directory on the same disk, for the caller to fill and to delete.
    Path scratch() throws IOException {
        return Files.createDirectory(root.resolve("new-" + names.get()));
    }

    /// Keeps a directory from [#scratch()] that holds the content already.
    void adopt(String content, long size, Path directory) throws IOException {
        String name = name(content, size);
        Tree tree = pin(name, size, "");
        try {
            make(
                    tree,
                    target -> {
                        Files.delete(target);
                        Files.move(directory, target, StandardCopyOption.ATOMIC_MOVE);
                    });
        } catch (CodePackage.RefusedException e) {
            throw new IllegalStateException(e);
        } finally {
            unpin(tree);
        }
    }

    /// Removes the trees of what is gone: what was not wanted at the call before either, so that
    /// what is being deployed stays. What runs an invocation is not touched.
    ///
    /// @param wanted all content that there is, with its size
    void keepOnly(Map<String, Long> wanted) {
        Set<String> names = new HashSet<>();
        wanted.forEach((content, size) -> names.add(name(content, size)));
        List<Tree> gone = new ArrayList<>();
        synchronized (this) {
            for (Tree tree : trees.values()) {
                boolean unwanted = !names.contains(tree.path.getFileName().toString());
                if (unwanted && tree.unwanted) {
                    gone.add(tree);
                }
                tree.unwanted = unwanted;
            }
        }
        gone.forEach(this::evict);
    }

    private void makeRoom(long size) {
        Tree victim = victim(size);
        while (victim != null) {
            evict(victim);
            victim = victim(size);
        }
    }

    private synchronized @Nullable Tree victim(long size) {
        long total = size;
        Tree oldest = null;
        for (Tree tree : trees.values()) {
            total += tree.whole ? tree.size : 0;
            if (oldest == null && tree.whole && tree.pins == 0) {
                oldest = tree;
            }
        }
        return total > limit ? oldest : null;
    }

    /// Renamed under the lock, so that the same content can be made again at once.
    private void evict(Tree tree) {
        Path gone = root.resolve("old-" + names.get());
        List<String> users;
        synchronized (this) {
            if (tree.pins > 0 || !trees.remove(tree.path.getFileName().toString(), tree)) {
                return;
            }
            users = new ArrayList<>(tree.users);
            try {
                if (Files.exists(tree.path)) {
                    Files.move(tree.path, gone, StandardCopyOption.ATOMIC_MOVE);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        users.forEach(retire);
        try {
            CodePackage.deleteTree(gone);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
