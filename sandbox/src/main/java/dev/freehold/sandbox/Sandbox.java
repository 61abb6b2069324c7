package dev.freehold.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/// Builds the command that starts a process in its sandbox.
///
/// Level 1 is bubblewrap with namespaces of its own for all that the kernel has namespaces for, no
/// capabilities, no further namespaces, a filter of system calls (which `init.c` sets), and a view
/// of the system's programs, the code store and a private `/tmp`. Its network is its own loopback:
/// what leads out is the unix socket of the AWS endpoint. Level 0 is the bare process, for hosts
/// that allow nothing else and whoever asks for it by name.
public final class Sandbox {
    /// The size of `/tmp` unless a function asks for more, in MiB.
    static final int TMP_MEGABYTES = 512;

    /// Where a sandbox's name server is, when it has a network.
    static final String NAME_SERVER = "169.254.78.53";

    /// The port of the Runtime API in every sandbox, as on AWS.
    static final int RUNTIME_API_PORT = 9001;

    private static final String HOME = "/run/freehold";
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
                    "mime.types");

    private final Layout layout;
    private final boolean isolated;
    private final int port;

    /// The kernel kills a sandbox when the thread that started it ends, so one thread that never
    /// does starts them all.
    private final ExecutorService starter =
            Executors.newSingleThreadExecutor(
                    Thread.ofPlatform().daemon().name("sandbox-starter").factory());

    /// @param isolated level 1; false is level 0
    /// @param port where functions find the AWS endpoint on their loopback
    public Sandbox(Layout layout, boolean isolated, int port) {
        this.layout = layout;
        this.isolated = isolated;
        this.port = port;
    }

    /// Runs a real sandbox once.
    ///
    /// @throws SandboxException with the fix when the host forbids it
    public void selfTest() {
        if (!isolated) {
            return;
        }
        try {
            Path directory = Files.createTempDirectory(layout.environments(), "test");
            Files.createDirectories(directory.resolve("slot"));
            Files.createDirectories(directory.resolve("sockets"));
            List<String> command = new ArrayList<>(bubblewrap(directory, List.of(), TMP_MEGABYTES));
            command.add("/usr/bin/true");
            Process process = start(command);
            String said =
                    new String(process.getInputStream().readNBytes(2000), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new SandboxException(
                        "This host does not let sandboxes run: "
                                + said.strip()
                                + "\nAllow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1"
                                + " kernel.apparmor_restrict_unprivileged_userns=0"
                                + "\nor, without any isolation: --isolation none");
            }
            Trees.delete(directory);
        } catch (IOException e) {
            throw new SandboxException(
                    "Functions need bubblewrap. On Debian: apt-get install bubblewrap", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted");
        }
    }

    /// Starts a sandbox with its first process, which connects to `sockets/control` twice.
    ///
    /// @param directory the environment's own, with `slot` (seen as `/var`) and `sockets`
    Process start(Path directory, List<Path> homes, int tmpMegabytes) throws IOException {
        List<String> command = new ArrayList<>();
        if (isolated) {
            command.addAll(bubblewrap(directory, homes, tmpMegabytes));
            command.add(HOME + "/runtime/init");
            command.add(HOME + "/sockets/control");
            add(command, String.valueOf(port), HOME + "/endpoint/aws");
            add(command, String.valueOf(RUNTIME_API_PORT), HOME + "/sockets/api");
        } else {
            command.add(layout.init().toString());
            command.add(directory.resolve("sockets/control").toString());
        }
        return start(command);
    }

    private Process start(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        String path = environment.getOrDefault("PATH", "/usr/bin:/bin");
        environment.clear();
        environment.put("PATH", path);
        try {
            return starter.submit(builder::start).get();
        } catch (ExecutionException e) {
            throw new IOException(String.valueOf(e.getMessage()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
    }

    /// The runtime's bootstrap.
    Command bootstrap(Interpreter runtime) {
        String bootstraps = isolated ? HOME + "/runtime" : layout.bootstraps().toString();
        String sdk = isolated ? "/sdk" : layout.runtimes().resolve("sdk").toString();
        String executable = runtime.executable().toString();
        List<String> arguments =
                switch (runtime.language()) {
                    case NODEJS ->
                            List.of(
                                    executable,
                                    "--preserve-symlinks",
                                    "--preserve-symlinks-main",
                                    "--no-deprecation",
                                    bootstraps + "/bootstrap.mjs");
                    case PYTHON -> List.of(executable, "-u", bootstraps + "/bootstrap.py");
                };
        return new Command(
                arguments,
                Map.of(
                        "PATH",
                        "/usr/local/bin:/usr/bin:/bin",
                        "LANG",
                        "C.UTF-8",
                        "HOME",
                        "/tmp",
                        "PYTHONPATH",
                        sdk + "/python",
                        "PYTHONDONTWRITEBYTECODE",
                        "1"));
    }

    private List<String> bubblewrap(Path directory, List<Path> homes, int tmpMegabytes) {
        List<String> command = new ArrayList<>();
        command.add("bwrap");
        command.addAll(ISOLATION);
        add(command, "--uid", "993", "--gid", "990", "--hostname", "sandbox", "--cap-drop", "ALL");
        system(command);
        for (Path home : homes) {
            add(command, "--ro-bind", home.toString(), home.toString());
        }
        add(command, "--proc", "/proc", "--dev", "/dev");
        add(command, "--size", String.valueOf(64 * MEGABYTE), "--tmpfs", "/dev/shm");
        add(command, "--size", String.valueOf(tmpMegabytes * MEGABYTE), "--tmpfs", "/tmp");
        add(command, "--ro-bind", directory.resolve("slot").toString(), "/var");
        add(command, "--symlink", "var/opt", "/opt");
        add(command, "--ro-bind", layout.code().toString(), layout.code().toString());
        add(command, "--ro-bind", layout.bootstraps().toString(), HOME + "/runtime");
        add(command, "--ro-bind", directory.resolve("sockets").toString(), HOME + "/sockets");
        add(command, "--ro-bind", layout.run().resolve("endpoint").toString(), HOME + "/endpoint");
        add(command, "--ro-bind", layout.empty().toString(), HOME + "/empty");
        add(command, "--ro-bind-try", layout.runtimes().resolve("sdk").toString(), "/sdk");
        add(command, "--symlink", "/sdk/nodejs/node_modules", "/node_modules");
        add(command, "--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/tmp");
        return command;
    }

    private void system(List<String> command) {
        add(command, "--ro-bind", "/usr", "/usr");
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            if (Files.isSymbolicLink(Path.of("/" + name))) {
                add(command, "--symlink", "usr/" + name, "/" + name);
            } else if (Files.exists(Path.of("/" + name))) {
                add(command, "--ro-bind", "/" + name, "/" + name);
            }
        }
        for (String name : Layout.ETC.keySet()) {
            add(command, "--ro-bind", layout.etc().resolve(name).toString(), "/etc/" + name);
        }
        for (String name : HOST_ETC) {
            add(command, "--ro-bind-try", "/etc/" + name, "/etc/" + name);
        }
    }

    /// Where functions find what the environment's slot links to.
    String emptyDirectory() {
        return isolated ? HOME + "/empty" : layout.empty().toString();
    }

    /// Where functions find the runtime's own directory.
    String runtimeDirectory() {
        return isolated ? HOME + "/runtime" : layout.bootstraps().toString();
    }

    private static void add(List<String> command, String... words) {
        command.addAll(List.of(words));
    }
}
