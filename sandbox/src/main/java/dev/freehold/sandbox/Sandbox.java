package dev.freehold.sandbox;

import dev.freehold.sandbox.caches.JvmCache;
import dev.freehold.sandbox.cgroup.Cgroups;
import dev.freehold.sandbox.cgroup.Feature;
import dev.freehold.sandbox.cgroup.Leaf;
import dev.freehold.sandbox.debug.DebugPort;
import dev.freehold.sandbox.egress.Egress;
import dev.freehold.sandbox.egress.EgressProxy;
import dev.freehold.sandbox.host.Network;
import dev.freehold.sandbox.host.ProcessTree;
import dev.freehold.sandbox.host.SelfTest;
import dev.freehold.sandbox.host.Sockets;
import dev.freehold.sandbox.host.Trees;
import dev.freehold.sandbox.host.Users;
import dev.freehold.sandbox.image.ImageProcess;
import dev.freehold.sandbox.isolation.Machine;
import dev.freehold.sandbox.program.Program;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Starts sandboxes.
///
/// Level 1 is bubblewrap with namespaces of its own for all that the kernel has namespaces for, no
/// capabilities, no further namespaces, a filter of system calls (which `init.c` sets), a user of
/// its own when the server is root, and a view of the system's programs, the code store and a
/// private `/tmp`. Its network is its own loopback: what leads out is the unix socket of the AWS
/// endpoint. Level 0 is the bare process, for hosts that allow nothing else and whoever asks for it
/// by name.
public final class Sandbox {
    /// The size of `/tmp` unless a function asks for more, in MiB.
    static final int TMP_MEGABYTES = 512;

    /// The port of the Runtime API in every sandbox, as on AWS.
    static final int RUNTIME_API_PORT = 9001;

    private static final String HOME = Bubblewrap.HOME;

    /// What sandboxes differ in.
    ///
    /// @param homes directories that its interpreter needs
    /// @param tmpMegabytes the size of its `/tmp`
    /// @param machine what its function believes to run on
    /// @param root its image's file system, or null when it has this host's programs
    record Shape(List<Path> homes, int tmpMegabytes, Machine machine, @Nullable Path root) {}

    /// A sandbox that runs.
    ///
    /// @param process the first on the host's side
    /// @param user the host's user that it runs as; 0 is the server's own
    record Running(Process process, long user) {}

    private final Layout layout;
    private final boolean isolated;
    private final int port;
    private final Optional<Users> users = Users.find();
    private final Optional<Cgroups> cgroups = Cgroups.find();
    private final Optional<String> networkLacking = Network.lacking();

    /// The versions of Java that were prepared.
    private final Set<String> preparing = ConcurrentHashMap.newKeySet();

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
        Path directory = layout.environments().resolve("self-test");
        try {
            Shape shape =
                    new Shape(List.of(), TMP_MEGABYTES, Machine.STANDARD.with(Egress.NONE), null);
            Process process = start(directory, shape, List.of("/usr/bin/true")).process;
            String said =
                    new String(process.getInputStream().readNBytes(2000), StandardCharsets.UTF_8);
            if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new SandboxException(SelfTest.explain(said.strip(), layout.profile()));
            }
        } catch (IOException e) {
            throw new SandboxException(
                    SelfTest.explain(String.valueOf(e.getMessage()), layout.profile()), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SandboxException("interrupted");
        } finally {
            Trees.delete(directory);
        }
    }

    /// An environment's own directory.
    Path directory(String id) {
        return layout.environments().resolve(id);
    }

    /// The processes of a sandbox.
    ProcessTree tree(String id, Process first) throws IOException {
        Leaf leaf = cgroups.isEmpty() ? null : cgroups.get().make(id);
        try {
            return new ProcessTree(first, isolated, leaf);
        } catch (IOException e) {
            if (leaf != null) {
                leaf.remove();
            }
            throw e;
        }
    }

    /// What functions lack on this host, with what to do about it: lines for who starts the server.
    public List<String> notices() {
        return isolated ? networkLacking.stream().toList() : List.of();
    }

    /// What the kernel enforces for each environment by a cgroup of its own.
    public Set<Feature> features() {
        return cgroups.map(Cgroups::features).orElse(Set.of());
    }

    /// Starts a sandbox with its first process, which connects to `sockets/control` twice.
    ///
    /// @param directory the environment's own; gets `slot` (seen as `/var`) beside `sockets`
    Running start(Path directory, Shape shape) throws IOException {
        if (isolated) {
            return start(
                    directory,
                    shape,
                    List.of(
                            HOME + "/runtime/init",
                            HOME + "/sockets/control",
                            String.valueOf(port),
                            HOME + "/endpoint/aws",
                            String.valueOf(RUNTIME_API_PORT),
                            HOME + "/sockets/api",
                            String.valueOf(Egress.PORT),
                            HOME + "/sockets/egress"));
        }
        if (!shape.machine.pooled()) {
            throw new IOException(
                    "Container images and file systems need sandboxes, not --isolation none.");
        }
        Files.createDirectories(directory.resolve("slot"));
        String control = directory.resolve("sockets/control").toString();
        return new Running(execute(List.of(layout.init().toString(), control)), 0);
    }

    private Running start(Path directory, Shape shape, List<String> inside) throws IOException {
        Files.createDirectories(directory.resolve("slot"));
        Files.createDirectories(directory.resolve("sockets"));
        Long user = users.isEmpty() ? null : users.get().take();
        if (users.isPresent() && user == null) {
            throw new IOException("There are no users left for another sandbox.");
        }
        try {
            Bubblewrap bubblewrap = new Bubblewrap(layout, directory, user, shape);
            shape.homes.forEach(home -> bubblewrap.show(home, home.toString()));
            Process process = execute(bubblewrap.command(inside));
            process.onExit().thenRun(() -> free(user));
            return new Running(process, user == null ? 0 : user);
        } catch (IOException e) {
            free(user);
            throw e;
        }
    }

    /// Begins to connect a sandbox to the internet; null when this host can't.
    ///
    /// @param pid a process in it, as the host sees it
    @Nullable Network connect(Running sandbox, long pid) throws IOException {
        if (!isolated || networkLacking.isPresent()) {
            return null;
        }
        return Network.start(
                this::execute, layout.networker(), sandbox.user, pid, Layout.NAME_SERVER);
    }

    private void free(@Nullable Long user) {
        if (user != null) {
            users.ifPresent(all -> all.free(user));
        }
    }

    private Process execute(List<String> command) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("PATH", "/usr/local/bin:/usr/bin:/bin");
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
        String bootstraps = runtimeDirectory();
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
                    case PYTHON -> python(runtime, bootstraps + "/bootstrap.py");
                    case RUBY -> List.of(executable, bootstraps + "/bootstrap.rb");
                    case JAVA -> jvm(runtime, bootstraps + "/java/*");
                    case DOTNET, PROVIDED ->
                            throw new IllegalArgumentException("it comes with its function");
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

    private static List<String> python(Interpreter runtime, String bootstrap) {
        List<String> arguments = new ArrayList<>();
        arguments.addAll(List.of(runtime.executable().toString(), "-u", bootstrap));
        arguments.addAll(runtime.options());
        return arguments;
    }

    /// Whether functions find AWS's SDK for Python here.
    boolean hasPythonSdk() {
        return Files.isDirectory(layout.runtimes().resolve("sdk/python/boto3"));
    }

    private List<String> jvm(Interpreter runtime, String libraries) {
        List<String> arguments = new ArrayList<>();
        arguments.add(runtime.executable().toString());
        arguments.addAll(JvmCache.OPTIONS);
        // What a function asks for itself may not go with it.
        if (runtime.pooled() && Files.exists(layout.jvms().resolve(runtime.version()))) {
            arguments.add("-XX:AOTCache=" + runtimeDirectory() + "/jvms/" + runtime.version());
            arguments.addAll(List.of("-Xlog:aot=off", "-Xlog:cds=off"));
        }
        arguments.addAll(runtime.options());
        arguments.addAll(List.of("-cp", libraries, "dev.freehold.bootstrap.Main"));
        return arguments;
    }

    /// Has the JDK load and link the bootstrap ahead, once, in the background. JVMs that start
    /// before it has done so do without.
    void prepare(Interpreter runtime) {
        if (JvmCache.made(runtime.major()) && preparing.add(runtime.version())) {
            Path cache = layout.jvms().resolve(runtime.version());
            Path libraries = layout.bootstraps().resolve("java");
            Thread.ofPlatform()
                    .daemon()
                    .name("jvm-cache")
                    .start(() -> JvmCache.make(runtime.executable(), libraries, cache));
        }
    }

    /// What a function that brings its runtime starts.
    ///
    /// @param variables all that it has, without its image's
    ImageProcess.Ready own(FunctionSpec spec, Map<String, String> variables)
            throws ImageProcess.InvalidException, IOException {
        ImageProcess image = spec.machine().image();
        if (image != null) {
            return image.in(spec.code(), spec.environment().keySet(), variables);
        }
        Program program = program(spec);
        if (program.wrong() != null) {
            throw new ImageProcess.InvalidException("Runtime.InvalidEntrypoint", program.wrong());
        }
        Map<String, String> all = new LinkedHashMap<>(variables);
        // A shell takes its directory's name from here; else it is that of the code store.
        all.put("PWD", taskRoot(spec));
        return new ImageProcess.Ready(program.command(), all, taskRoot(spec));
    }

    private Program program(FunctionSpec spec) {
        Interpreter runtime = spec.runtime();
        if (runtime.language() == Interpreter.Language.DOTNET) {
            return Program.dotnet(
                    runtime.executable(), spec.handler(), spec.code(), taskRoot(spec));
        }
        Path layers = spec.layers();
        String opt = isolated || layers == null ? "/opt" : layers.toString();
        return Program.bootstrap(spec.code(), layers, taskRoot(spec), opt);
    }

    /// Listens for an environment's runtime: where its port of the Runtime API leads to, and
    /// without a sandbox on a free port.
    ServerSocketChannel listen(Path directory) throws IOException {
        return isolated
                ? Sockets.listen(directory.resolve("sockets").resolve("api"))
                : ServerSocketChannel.open()
                        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    /// Opens the way of a debugger; null when there is none, or it needs none.
    @Nullable DebugPort debugger(int port, LoopbackDialer dialer) throws IOException {
        return port == 0 || !isolated ? null : DebugPort.open(port, dialer);
    }

    /// Opens connections to an environment's own loopback.
    LoopbackDialer dialer(Path directory, Control control) {
        Path socket = directory.resolve("sockets/dial");
        return new LoopbackDialer(
                control, socket, isolated ? HOME + "/sockets/dial" : socket.toString());
    }

    /// The names of a function's external extensions: the files in `/opt/extensions`.
    List<String> extensions(FunctionSpec spec) throws IOException {
        boolean image = spec.machine().image() != null;
        Path opt = image ? spec.code().resolve("opt") : spec.layers();
        if (opt == null || !Files.isDirectory(opt, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        Path directory = opt.resolve("extensions");
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS))
                    .map(file -> String.valueOf(file.getFileName()))
                    .sorted()
                    .toList();
        }
    }

    /// Where these are, as the sandbox sees them.
    String extensionsDirectory(FunctionSpec spec) {
        Path layers = spec.layers();
        return (isolated || layers == null ? "/opt" : layers.toString()) + "/extensions";
    }

    /// Lets a function out to the hosts that it may reach; null when it needs no help, or has no
    /// sandbox.
    @Nullable EgressProxy proxy(Path directory, Egress egress) throws IOException {
        return isolated && egress.proxied()
                ? new EgressProxy(Sockets.listen(directory.resolve("sockets/egress")), egress)
                : null;
    }

    /// Where a sandbox sees a directory of the code store.
    String code(Path directory) {
        return isolated && stored(directory)
                ? HOME + "/code/" + layout.code().relativize(directory)
                : directory.toString();
    }

    /// Whether a directory is in the code store: all sandboxes show that. Another is a folder that
    /// somebody works on.
    boolean stored(Path directory) {
        return directory.startsWith(layout.code());
    }

    /// Where a sandbox sees what was compiled of a version's code.
    String cache(Path directory) {
        return isolated ? HOME + "/caches/" + directory.getFileName() : directory.toString();
    }

    /// Has what was compiled of functions' code.
    Path caches() {
        return layout.caches();
    }

    /// The name of the directory for what is compiled of a version's code by one interpreter, which
    /// can't be guessed; null when its code may change, or there is nothing to compile.
    @Nullable String cacheName(FunctionSpec spec) {
        if (!stored(spec.code()) || spec.runtime().sources().isEmpty()) {
            return null;
        }
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            String parts =
                    String.join(
                            "\n",
                            layout.code().relativize(spec.code()).toString(),
                            String.valueOf(spec.layers()),
                            spec.key(),
                            spec.runtime().executable().toString(),
                            spec.runtime().version());
            byte[] hash = digest.digest(parts.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Where a function finds its own code.
    String taskRoot(FunctionSpec spec) {
        return isolated ? "/var/task" : spec.code().toString();
    }

    /// Where a sandbox sees a file that a function names.
    String seen(FunctionSpec spec, String path) {
        Path layers = spec.layers();
        if (isolated) {
            return path;
        }
        return path.startsWith("/opt/") && layers != null
                ? layers + path.substring("/opt".length())
                : path.replaceFirst("^/var/task/", spec.code() + "/");
    }

    /// What `/opt` is for a function without layers.
    String emptyDirectory() {
        return isolated ? HOME + "/empty" : layout.empty().toString();
    }

    /// Where the bootstraps are.
    String runtimeDirectory() {
        return isolated ? HOME + "/runtime" : layout.bootstraps().toString();
    }
}
