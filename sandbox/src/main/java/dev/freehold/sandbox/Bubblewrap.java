package dev.freehold.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The command that starts a sandbox of level 1: what of the host it shows, and what it shares.
final class Bubblewrap {
    /// Where a sandbox has what is Freehold's.
    static final String HOME = "/run/freehold";

    private static final long MEGABYTE = 1024 * 1024;

    private static final List<String> ISOLATION =
            List.of(
                    "--unshare-user",
                    "--unshare-pid",
                    "--unshare-ipc",
                    "--unshare-uts",
                    "--unshare-net",
                    "--unshare-cgroup-try",
                    "--disable-userns",
                    "--die-with-parent",
                    "--new-session",
                    "--as-pid-1");

    /// What is shown of the host's `/etc`: nothing that names its accounts, hosts or secrets.
    private static final List<String> HOST_ETC =
            List.of(
                    "ssl/certs",
                    "ssl/openssl.cnf",
                    "pki/tls/certs",
                    "pki/ca-trust/extracted",
                    "alternatives",
                    "ld.so.cache",
                    "mime.types",
                    // Where .NET's runtimes are, and which libraries they call.
                    "dotnet",
                    "mono");

    private final @Nullable Long user;
    private final Path launcher;
    private final List<Path> sources = new ArrayList<>();
    private final List<String> arguments = new ArrayList<>();

    /// @param user the host's user that it runs as, or null when it is the server's own
    Bubblewrap(Layout layout, Path environment, @Nullable Long user, int tmpMegabytes) {
        this.user = user;
        this.launcher = layout.launcher();
        add("bwrap");
        arguments.addAll(ISOLATION);
        add("--uid", "993", "--gid", "990", "--hostname", "sandbox", "--cap-drop", "ALL");
        system(layout);
        add("--size", String.valueOf(tmpMegabytes * MEGABYTE), "--tmpfs", "/tmp");
        show(layout.code(), HOME + "/code");
        show(environment.resolve("slot"), "/var");
        add("--symlink", "var/opt", "/opt");
        show(layout.bootstraps(), HOME + "/runtime");
        show(environment.resolve("sockets"), HOME + "/sockets");
        show(layout.run().resolve("endpoint"), HOME + "/endpoint");
        show(layout.empty(), HOME + "/empty");
        Path sdk = layout.runtimes().resolve("sdk");
        if (Files.isDirectory(sdk)) {
            show(sdk, "/sdk");
            add("--symlink", "/sdk/nodejs/node_modules", "/node_modules");
        }
    }

    private void system(Layout layout) {
        add("--ro-bind", "/usr", "/usr");
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            if (Files.isSymbolicLink(Path.of("/" + name))) {
                add("--symlink", "usr/" + name, "/" + name);
            } else if (Files.exists(Path.of("/" + name))) {
                add("--ro-bind", "/" + name, "/" + name);
            }
        }
        String etc = source(layout.etc());
        for (String name : Layout.ETC.keySet()) {
            add("--ro-bind", etc + "/" + name, "/etc/" + name);
        }
        for (String name : HOST_ETC) {
            add("--ro-bind-try", "/etc/" + name, "/etc/" + name);
        }
        add("--proc", "/proc", "--dev", "/dev");
        add("--size", String.valueOf(64 * MEGABYTE), "--tmpfs", "/dev/shm");
    }

    /// Shows a directory of the host, read-only.
    final void show(Path directory, String at) {
        add("--ro-bind", source(directory), at);
    }

    /// What bubblewrap finds a directory by: its path, or where the launcher puts it.
    private String source(Path directory) {
        sources.add(directory);
        return user == null ? directory.toString() : "/tmp/" + (sources.size() - 1);
    }

    private void add(String... words) {
        arguments.addAll(List.of(words));
    }

    /// The whole command, which runs another in the sandbox.
    List<String> command(List<String> inside) {
        List<String> command = new ArrayList<>();
        if (user != null) {
            command.add(launcher.toString());
            command.add(user.toString());
            sources.forEach(source -> command.add(source.toString()));
            command.add("--");
        }
        command.addAll(arguments);
        command.addAll(List.of("--remount-ro", "/dev", "--remount-ro", "/"));
        command.addAll(List.of("--chdir", "/tmp"));
        command.addAll(inside);
        return command;
    }
}
