package dev.freehold.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// Builds the command that starts a process in its sandbox.
///
/// Level 1 is bubblewrap with namespaces for users, mounts, processes, IPC and the host name, no
/// capabilities, and a view of the system's programs, the code store and a private `/tmp`. Level 0
/// is the bare process, for hosts that allow nothing else and whoever asks for it by name.
public final class Sandbox {
    private static final String TASK = "/var";

    private final Layout layout;
    private final boolean isolated;

    /// @param isolated level 1; false is level 0
    public Sandbox(Layout layout, boolean isolated) {
        this.layout = layout;
        this.isolated = isolated;
    }

    /// Runs a real sandbox once.
    ///
    /// @throws SandboxException with the fix when the host forbids it
    public void selfTest() {
        if (!isolated) {
            return;
        }
        try {
            Path slot = Files.createTempDirectory(layout.run(), "test");
            List<String> command = new ArrayList<>(bubblewrap(slot, slot, List.of()));
            command.add("/usr/bin/true");
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            String said =
                    new String(
                            process.getInputStream().readNBytes(2000),
                            java.nio.charset.StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new SandboxException(
                        "This host does not let sandboxes run: "
                                + said.strip()
                                + "\nAllow user namespaces: sysctl -w kernel.unprivileged_userns_clone=1"
                                + " kernel.apparmor_restrict_unprivileged_userns=0"
                                + "\nor, without any isolation: --isolation none");
            }
            Files.delete(slot);
        } catch (IOException e) {
            throw new SandboxException(
                    "Functions need bubblewrap. On Debian: apt-get install bubblewrap", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted");
        }
    }

    /// Starts a runtime's bootstrap.
    ///
    /// @param slot the directory that the process sees as `/var`
    /// @param sockets the directory with the control socket
    Process start(Interpreter runtime, Path slot, Path sockets) throws IOException {
        List<String> command = new ArrayList<>();
        String socket = isolated ? "/run/freehold/control" : sockets.resolve("control").toString();
        String bootstraps = isolated ? "/opt/freehold" : layout.bootstraps().toString();
        if (isolated) {
            command.addAll(bubblewrap(slot, sockets, runtime.home()));
        }
        command.add(runtime.executable().toString());
        switch (runtime.language()) {
            case NODEJS -> {
                command.addAll(
                        List.of(
                                "--preserve-symlinks",
                                "--preserve-symlinks-main",
                                "--no-deprecation"));
                command.add(bootstraps + "/bootstrap.mjs");
            }
            case PYTHON -> command.addAll(List.of("-u", bootstraps + "/bootstrap.py"));
        }
        command.add(socket);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
        environment.put("LANG", "C.UTF-8");
        environment.put("HOME", "/tmp");
        environment.put(
                "PYTHONPATH",
                isolated ? "/sdk/python" : layout.runtimes().resolve("sdk/python").toString());
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        return builder.start();
    }

    private List<String> bubblewrap(Path slot, Path sockets, List<Path> homes) {
        List<String> command = new ArrayList<>();
        command.add("bwrap");
        for (String flag :
                List.of(
                        "--unshare-user",
                        "--unshare-pid",
                        "--unshare-ipc",
                        "--unshare-uts",
                        "--unshare-cgroup-try",
                        "--die-with-parent",
                        "--new-session")) {
            command.add(flag);
        }
        add(command, "--uid", "993", "--gid", "990", "--hostname", "sandbox", "--cap-drop", "ALL");
        add(command, "--ro-bind", "/usr", "/usr");
        for (String name : List.of("bin", "sbin", "lib", "lib64")) {
            if (Files.isSymbolicLink(Path.of("/" + name))) {
                add(command, "--symlink", "usr/" + name, "/" + name);
            } else if (Files.exists(Path.of("/" + name))) {
                add(command, "--ro-bind", "/" + name, "/" + name);
            }
        }
        for (String name :
                List.of(
                        "ssl",
                        "ca-certificates",
                        "resolv.conf",
                        "hosts",
                        "nsswitch.conf",
                        "localtime",
                        "alternatives",
                        "ld.so.cache",
                        "mime.types")) {
            add(command, "--ro-bind-try", "/etc/" + name, "/etc/" + name);
        }
        for (Path home : homes) {
            add(command, "--ro-bind", home.toString(), home.toString());
        }
        add(command, "--proc", "/proc", "--dev", "/dev");
        add(command, "--size", String.valueOf(512L * 1024 * 1024), "--tmpfs", "/tmp");
        add(command, "--ro-bind", slot.toString(), TASK);
        add(command, "--ro-bind", layout.code().toString(), layout.code().toString());
        add(command, "--ro-bind", layout.bootstraps().toString(), "/opt/freehold");
        add(command, "--ro-bind-try", layout.runtimes().resolve("sdk").toString(), "/sdk");
        add(command, "--symlink", "/sdk/nodejs/node_modules", "/node_modules");
        add(command, "--bind", sockets.toString(), "/run/freehold");
        add(command, "--chdir", "/tmp");
        return command;
    }

    private static void add(List<String> command, String... words) {
        command.addAll(List.of(words));
    }
}
