package dev.freehold.sandbox.cgroup;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The cgroups of a server's environments, below the one that the server is in. It uses that only
/// when it was left to it: by a container, by `Delegate=yes` of a systemd unit, or because it is
/// the root and nobody divides it.
public final class Cgroups {
    private static final System.Logger LOG = System.getLogger(Cgroups.class.getName());
    private static final Path PROC = Path.of("/proc/self");

    /// Where a file system is mounted, and what: the fields of mountinfo up to its dash have no
    /// fixed number.
    private static final Pattern MOUNT =
            Pattern.compile("(?m)^\\d+ \\d+ \\S+ (\\S+) (\\S+) .* - cgroup2 ");

    private static final Pattern OWN = Pattern.compile("(?m)^0::(/.*)$");
    private static final Pattern LEFT = Pattern.compile("freehold-(\\d+)-\\d+");

    /// Where the server is, once its environments have controllers: a cgroup that divides a
    /// controller may not have processes.
    private static final String SERVER = "freehold-server";

    private static final AtomicInteger COUNTER = new AtomicInteger();

    private final Path directory;
    private final Set<Feature> features;

    /// Cgroups that still had processes when they were to be removed.
    private final Deque<Path> ended = new ArrayDeque<>();

    private Cgroups(Path directory, Set<Feature> features) {
        this.directory = directory;
        this.features = features;
    }

    /// The cgroups that this process may make; empty when it may make none.
    public static Optional<Cgroups> find() {
        try {
            Path own =
                    own(
                            Files.readString(PROC.resolve("mountinfo")),
                            Files.readString(PROC.resolve("cgroup")));
            return own == null || !delegated(own) ? Optional.empty() : Optional.of(in(own));
        } catch (IOException | UnsupportedOperationException e) {
            LOG.log(System.Logger.Level.DEBUG, "no cgroups", e);
            return Optional.empty();
        }
    }

    /// The directory of the cgroup that this process is in; null when it sees none.
    ///
    /// @param mounts `/proc/self/mountinfo`
    /// @param cgroups `/proc/self/cgroup`
    static @Nullable Path own(String mounts, String cgroups) {
        Matcher mount = MOUNT.matcher(mounts);
        Matcher own = OWN.matcher(cgroups);
        if (!mount.find() || !own.find()) {
            return null;
        }
        String root = mount.group(1);
        String path = own.group(1);
        if (!root.equals("/") && !(path + "/").startsWith(root + "/")) {
            return null;
        }
        String below = root.equals("/") ? path : path.substring(root.length());
        return Path.of(mount.group(2) + below).normalize();
    }

    /// Whether nobody else makes cgroups in one.
    private static boolean delegated(Path own) throws IOException {
        if (!Files.isWritable(own) || !Files.isWritable(own.resolve("cgroup.procs"))) {
            return false;
        }
        Path parent = own.getParent();
        boolean top = parent == null || !Files.exists(parent.resolve("cgroup.procs"));
        if (top) {
            // A container's own, or a host whose cgroups nobody divides, as systemd would.
            return !Files.isDirectory(own.resolve("system.slice"), LinkOption.NOFOLLOW_LINKS);
        }
        boolean root = (int) Files.getAttribute(PROC, "unix:uid") == 0;
        UserDefinedFileAttributeView marks =
                Files.getFileAttributeView(own, UserDefinedFileAttributeView.class);
        // Whoever is not root can only write in what was given to him.
        return !root || (marks != null && marks.list().contains("delegate"));
    }

    /// Begins to use a cgroup.
    ///
    /// @param own which this process is in
    static Cgroups in(Path own) throws IOException {
        removeLeft(own);
        String name = "freehold-" + ProcessHandle.current().pid() + "-";
        Path directory = Files.createDirectory(own.resolve(name + COUNTER.incrementAndGet()));
        Set<Feature> features = EnumSet.noneOf(Feature.class);
        Path probe = Files.createDirectory(directory.resolve("probe"));
        for (Feature feature : Feature.values()) {
            if (feature.controller()) {
                enable(own, directory, feature);
            }
            if (Files.exists(probe.resolve(feature.file))) {
                features.add(feature);
            }
        }
        remove(probe);
        return new Cgroups(directory, features);
    }

    private static void enable(Path own, Path directory, Feature feature) throws IOException {
        String controllers = Files.readString(own.resolve("cgroup.controllers"));
        if (!Set.of(controllers.strip().split(" ", -1)).contains(feature.text())) {
            return;
        }
        try {
            Path server = own.resolve(SERVER);
            if (!Files.exists(server)) {
                Files.createDirectory(server);
                write(server, "cgroup.procs", String.valueOf(ProcessHandle.current().pid()));
            }
            write(own, "cgroup.subtree_control", "+" + feature.text());
            write(directory, "cgroup.subtree_control", "+" + feature.text());
        } catch (IOException e) {
            // Such as: other processes are in it, too.
            LOG.log(System.Logger.Level.DEBUG, "no controller " + feature.text(), e);
        }
    }

    /// Removes what servers that were killed have left.
    private static void removeLeft(Path own) throws IOException {
        try (DirectoryStream<Path> all = Files.newDirectoryStream(own, "freehold-*")) {
            for (Path left : all) {
                Matcher name = LEFT.matcher(String.valueOf(left.getFileName()));
                if (name.matches() && ProcessHandle.of(Long.parseLong(name.group(1))).isEmpty()) {
                    removeWithChildren(left);
                }
            }
        }
    }

    private static void removeWithChildren(Path left) throws IOException {
        try (DirectoryStream<Path> children =
                Files.newDirectoryStream(left, file -> Files.isDirectory(file))) {
            for (Path child : children) {
                if (Files.exists(child.resolve(Feature.KILL.file))) {
                    write(child, Feature.KILL.file, "1");
                }
                remove(child);
            }
        }
        remove(left);
    }

    /// @return whether it is gone
    private static boolean remove(Path cgroup) {
        try {
            Files.deleteIfExists(cgroup);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    static void write(Path cgroup, String file, String text) throws IOException {
        // Without CREATE: the kernel makes these files, or has none of that name.
        Files.writeString(cgroup.resolve(file), text, java.nio.file.StandardOpenOption.WRITE);
    }

    /// What is in force.
    public Set<Feature> features() {
        return Set.copyOf(features);
    }

    /// Makes the cgroup of an environment.
    ///
    /// @param id the environment's
    public Leaf make(String id) throws IOException {
        sweep();
        Path cgroup = Files.createDirectory(directory.resolve(id));
        return new Leaf(cgroup, features, this::removeLater);
    }

    private synchronized void removeLater(Path cgroup) {
        ended.add(cgroup);
        sweep();
    }

    /// Each that ends looks for those whose processes were not all gone when it was their turn.
    private synchronized void sweep() {
        ended.removeIf(Cgroups::remove);
    }
}
