package dev.freehold.sandbox;

import dev.freehold.sandbox.Frames.Frame;
import dev.freehold.sandbox.api.Extensions;
import dev.freehold.sandbox.api.RuntimeApi;
import dev.freehold.sandbox.api.Work;
import dev.freehold.sandbox.debug.DebugPort;
import dev.freehold.sandbox.host.CpuClock;
import dev.freehold.sandbox.host.Network;
import dev.freehold.sandbox.host.ProcessTree;
import dev.freehold.sandbox.host.Sockets;
import dev.freehold.sandbox.host.Trees;
import dev.freehold.sandbox.telemetry.Dialer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One sandbox with a runtime's bootstrap. It waits for a function, then runs one invocation at a
/// time until it is closed or dies. Between invocations it may be frozen.
final class Environment implements AutoCloseable {
    /// The most frames that wait to be looked at: a function that streams faster than its caller
    /// reads waits.
    private static final int MAX_FRAMES = 8;

    private static final Duration DEBUG_TIMEOUT = Duration.ofHours(1);

    private static final Failure KILLED =
            Failure.error(
                    "Runtime.OutOfMemory", "Error: Runtime exited with error: signal: killed");

    private static final Frame GONE = new Frame('-', new byte[0]);

    private final String id;
    private final InstantSource clock;
    private final Path directory;
    private final Sandbox sandbox;
    private final Process process;
    private final Control control;
    private final Frames frames;
    private final Interpreter runtime;
    private final Duration sandboxStart;
    private Duration runtimeStart = Duration.ZERO;
    private final BlockingQueue<Frame> received = new LinkedBlockingQueue<>(MAX_FRAMES);
    private final ProcessTree tree;
    private final MemoryWatch memory;
    private final @Nullable Network network;
    private final Extensions extensions;
    private final ExternalExtensions external;
    private final LoopbackDialer dialer;
    private final @Nullable DebugPort debugger;
    private boolean settled;
    private int bootstrap;
    private long computing;
    private @Nullable Placed placed;
    private volatile @Nullable SystemLog log;
    private volatile boolean ended;
    private String reason = "spindown";
    private long deadline;
    private Progress progress = Progress.NONE;
    private boolean busy;
    private boolean frozen;
    private boolean freezes;

    /// A function that was put into it.
    ///
    /// @param variables all that it has
    private record Placed(
            FunctionSpec spec, Map<String, String> variables, RuntimeApi api, SystemLog log) {}

    /// Starts a sandbox, with nothing in it.
    Environment(
            String id,
            Interpreter runtime,
            Sandbox sandbox,
            InstantSource clock,
            Sandbox.Shape shape)
            throws IOException {
        this.id = id;
        this.runtime = runtime;
        this.clock = clock;
        this.sandbox = sandbox;
        this.directory = sandbox.directory(id);
        long begun = System.nanoTime();
        Process starting = null;
        try {
            Path sockets = Files.createDirectories(directory.resolve("sockets"));
            try (ServerSocketChannel server = Sockets.listen(sockets.resolve("control"))) {
                Sandbox.Running running = sandbox.start(directory, shape);
                starting = running.process();
                Shell shell =
                        Shell.accept(server, starting, this::printed, this::printedByExtension);
                this.process = starting;
                this.tree = new ProcessTree(starting);
                this.memory = new MemoryWatch(tree);
                this.network = shape.connected() ? sandbox.connect(running, tree.last()) : null;
                this.control = shell.control();
                this.frames = shell.runtime();
            }
            link("runtime", sandbox.runtimeDirectory());
            // Nobody else can connect to it, and nobody else has.
            Files.delete(sockets.resolve("control"));
            this.extensions = new Extensions(id);
            this.external = new ExternalExtensions(control, extensions, this::dies);
            this.dialer = sandbox.dialer(directory, control);
            this.debugger = sandbox.debugger(runtime.debugPort(), dialer);
            Thread.ofVirtual().name("control-" + id).start(control::listen);
            // Nothing more is said there, and each is a descriptor.
            starting.getInputStream().close();
            starting.getOutputStream().close();
            starting.getErrorStream().close();
            this.sandboxStart = Duration.ofNanos(System.nanoTime() - begun);
        } catch (IOException e) {
            String said = starting == null ? "" : Shell.end(starting);
            Trees.delete(directory);
            throw new IOException("An environment did not start. " + said.strip(), e);
        }
    }

    /// Starts the runtime's bootstrap, and waits until that is ready for a function. Without it,
    /// the runtime is started when there is a function.
    void start() throws IOException {
        long begun = System.nanoTime();
        startBootstrap(sandbox.bootstrap(runtime), "/tmp");
        // A JVM waits for its debugger before it does anything.
        Frame ready = next(runtime.debugged() ? DEBUG_TIMEOUT : Shell.START_TIMEOUT);
        if (ready == null || ready.type() != 'R') {
            close();
            throw new IOException("the bootstrap did not come up");
        }
        runtimeStart = Duration.ofNanos(System.nanoTime() - begun);
    }

    private void startBootstrap(Command command, String directory) throws IOException {
        bootstrap = control.spawn(command, directory, Control.Role.BOOTSTRAP);
        computing = tree.last();
        Thread.ofVirtual().name("environment-" + id).start(this::receive);
    }

    String id() {
        return id;
    }

    /// How long its sandbox took to come up.
    Duration sandboxStart() {
        return sandboxStart;
    }

    /// How long its runtime took, before there was a function.
    Duration runtimeStart() {
        return runtimeStart;
    }

    boolean alive() {
        return !ended;
    }

    private void printed(String text) {
        SystemLog to = log;
        if (to != null) {
            to.write(text);
        }
    }

    private void said(String message) {
        SystemLog to = log;
        if (to != null) {
            to.message(message);
        }
    }

    private void printedByExtension(String text) {
        SystemLog to = log;
        if (to != null) {
            to.extension(text);
        }
    }

    private void receive() {
        try {
            while (true) {
                Frame frame = frames.read();
                if (frame.type() == 'L') {
                    printed(frame.text());
                } else if (frame.type() == 'M') {
                    said(frame.text());
                } else {
                    received.put(frame);
                }
            }
        } catch (IOException e) {
            dies();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// The runtime has ended, or an extension that should not have.
    private void dies() {
        ended = true;
        extensions.signal();
        put(GONE);
    }

    private void put(Frame frame) {
        try {
            received.put(frame);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable Frame next(Duration wait) {
        try {
            return received.poll(Math.max(0, wait.toNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /// Opens connections to ports of its loopback.
    Dialer dialer() {
        return dialer;
    }

    /// Waits until all that it has before it has a function is there.
    void settle() {
        if (network != null && !settled) {
            network.await();
            settled = true;
        }
    }

    /// Puts a function into it: its code becomes `/var/task`, its layers `/opt`. None of it runs
    /// before [#init].
    ///
    /// @param variables all that it has
    void place(FunctionSpec spec, Map<String, String> variables, SystemLog log) throws IOException {
        this.log = log;
        if (network != null && spec.egress() == FunctionSpec.Egress.NONE) {
            network.close();
        } else {
            settle();
        }
        link("task", sandbox.code(spec.code()));
        Path layers = spec.layers();
        link("opt", layers == null ? sandbox.emptyDirectory() : sandbox.code(layers));
        ServerSocketChannel server = sandbox.listen(directory);
        RuntimeApi api =
                new RuntimeApi(
                        server,
                        new FrameEvents(this::put, this::asks),
                        new RuntimeApi.Parties(
                                speaks(), extensions, log::subscribes, spec.identity()));
        Map<String, String> all = new LinkedHashMap<>(variables);
        if (server.getLocalAddress() instanceof InetSocketAddress at) {
            all.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + at.getPort());
        }
        placed = new Placed(spec, all, api, log);
    }

    /// Whether its runtime speaks by the Runtime API.
    private boolean speaks() {
        return runtime == Interpreter.PROVIDED;
    }

    private Placed placed() {
        Placed here = placed;
        if (here == null) {
            throw new IllegalStateException("there is no function in it");
        }
        return here;
    }

    /// Starts the runtime, or has it load the function.
    ///
    /// @return why it can't be started; null when it was
    private @Nullable Failure load(FunctionSpec spec, Map<String, String> variables)
            throws IOException {
        if (runtime == Interpreter.PROVIDED) {
            return startOwn(spec, variables);
        }
        if (runtime.debugged()) {
            printed(
                    "DEBUGGER Waiting on 127.0.0.1:"
                            + runtime.debugPort()
                            + " until one attaches; timeouts and metering are suspended.\n");
        }
        if (bootstrap != 0) {
            Messages.init(frames, spec, variables);
            return null;
        }
        Command waits = sandbox.bootstrap(runtime);
        Command command = Launch.command(sandbox, waits, spec, variables);
        startBootstrap(command, sandbox.taskRoot(spec));
        return null;
    }

    /// Starts the bootstrap that a function brings.
    private @Nullable Failure startOwn(FunctionSpec spec, Map<String, String> variables)
            throws IOException {
        String program = sandbox.ownBootstrap(spec);
        if (program == null) {
            return entrypoint(
                    "Couldn't find valid bootstrap(s): [/var/task/bootstrap /opt/bootstrap]");
        }
        Map<String, String> all = new LinkedHashMap<>(variables);
        // A shell takes its directory's name from here; else it is that of the code store.
        all.put("PWD", sandbox.taskRoot(spec));
        try {
            Command command = new Command(List.of(program), all);
            bootstrap = control.spawn(command, sandbox.taskRoot(spec), Control.Role.PLAIN);
            computing = tree.last();
            Thread.ofVirtual().name("environment-" + id).start(this::watch);
            return null;
        } catch (Control.SpawnException e) {
            return entrypoint("fork/exec " + program + ": " + Errors.spawn(e.error));
        }
    }

    private static Failure entrypoint(String text) {
        return Failure.error("Runtime.InvalidEntrypoint", "Error: " + text);
    }

    private void watch() {
        control.awaitExit(bootstrap);
        dies();
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(directory.resolve("slot").resolve(name), Path.of(target));
    }

    /// Starts the extensions, has the function's code loaded, and waits until both are ready.
    ///
    /// @return why they are not, or null when they are
    @Nullable Failure init(FunctionSpec spec, Duration timeout) throws IOException {
        Placed here = placed();
        deadline = System.nanoTime() + timeout.toNanos();
        Failure failure =
                external.start(
                        sandbox.extensions(spec),
                        sandbox.extensionsDirectory(spec),
                        here.variables);
        if (failure == null) {
            failure = await(spec, extensions::registered, timeout);
        }
        if (failure == null) {
            failure = load(spec, here.variables);
            failure = failure == null ? loaded(spec, timeout) : failure;
            here.log.initRuntimeDone(failure);
        }
        extensions.closeRegistration();
        if (failure == null) {
            failure = await(spec, extensions::ready, timeout);
        }
        here.log.extensions(extensions.all());
        if (failure != null) {
            reason = failure.status().equals("timeout") ? "timeout" : "failure";
        }
        return failure;
    }

    /// Waits for something that extensions do, until the deadline.
    ///
    /// @param timeout what the deadline was made of
    /// @return why it can't come any more; null when it has come
    private @Nullable Failure await(
            FunctionSpec spec, BooleanSupplier condition, Duration timeout) {
        if (extensions.isEmpty() && condition.getAsBoolean()) {
            return null;
        }
        while (true) {
            long left = deadline - System.nanoTime();
            Duration wait = Duration.ofNanos(Math.clamp(left, 0, MemoryWatch.LOOK.toNanos()));
            boolean come = extensions.await(() -> ended || condition.getAsBoolean(), wait);
            if (ended) {
                return exited();
            }
            if (come) {
                return null;
            }
            if (left <= 0) {
                return Failure.timeout("Error: " + timedOut(timeout));
            }
            if (memory.tooLarge(spec)) {
                return KILLED;
            }
        }
    }

    /// Waits until the function's code is loaded.
    private @Nullable Failure loaded(FunctionSpec spec, Duration timeout) {
        long end = deadline;
        while (true) {
            long left = end - System.nanoTime();
            Frame frame = next(Duration.ofNanos(Math.min(left, MemoryWatch.LOOK.toNanos())));
            if (frame == null && left <= 0) {
                return Failure.timeout("Error: " + timedOut(timeout));
            }
            if (frame == null && memory.tooLarge(spec)) {
                return KILLED;
            }
            if (frame != null && (frame.type() != 'R' || !tell(spec))) {
                memory.glance(computing, extensions.isEmpty());
                return switch (frame.type()) {
                    case 'i', 'X' -> failure(frame);
                    default -> exited();
                };
            }
        }
    }

    /// Has a bootstrap load the function that was started for it and has its variables.
    ///
    /// @return whether it is still there
    private boolean tell(FunctionSpec spec) {
        try {
            Messages.init(frames, spec, null);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static @Nullable Failure failure(Frame frame) {
        return frame.content().length == 0 ? null : Failure.own(frame.content());
    }

    /// Runs one invocation.
    ///
    /// @return null when the environment had ended before the function saw it
    @Nullable Answer invoke(FunctionSpec spec, Invocation invocation, ResponseSink sink) {
        if (ended) {
            return null;
        }
        long before = CpuClock.nanos(computing);
        Answer answer;
        try {
            thaw();
            deadline = System.nanoTime() + spec.timeout().toNanos();
            progress = new Progress(clock.instant(), System.nanoTime(), sink);
            send(invocation, clock.millis() + spec.timeout().toMillis());
            answer = answer(spec, invocation, progress);
        } catch (IOException e) {
            answer = Answer.dead(exited(), invocation);
        }
        if (ended && answer.ended() != null && speaks() && placed().api.withdraw()) {
            return null;
        }
        memory.glance(computing, extensions.isEmpty());
        long after = CpuClock.nanos(computing);
        Duration cpu = Duration.ofNanos(before < 0 || after < 0 ? 0 : after - before);
        return answer.withCpu(cpu);
    }

    private void send(Invocation invocation, long deadline) throws IOException {
        Work work =
                new Work(
                        invocation.requestId(),
                        invocation.functionArn(),
                        deadline,
                        invocation.clientContext(),
                        invocation.traceId(),
                        invocation.tenantId(),
                        invocation.payload());
        extensions.invoke(work);
        if (speaks()) {
            placed().api.offer(work);
        } else {
            Messages.invoke(frames, work);
        }
    }

    private Answer answer(FunctionSpec spec, Invocation invocation, Progress streaming) {
        long end = deadline;
        while (true) {
            long left = end - System.nanoTime();
            Frame frame = next(Duration.ofNanos(Math.min(left, MemoryWatch.LOOK.toNanos())));
            if (frame == null && left <= 0) {
                return Answer.dead(timedOut(spec, invocation), invocation);
            }
            if (frame == null && memory.tooLarge(spec)) {
                return Answer.dead(KILLED, invocation);
            }
            Answer answer = frame == null ? null : answer(frame, invocation, streaming);
            if (answer != null) {
                return answer;
            }
        }
    }

    private @Nullable Answer answer(Frame frame, Invocation invocation, Progress streaming) {
        return switch (frame.type()) {
            case 'O' -> Answer.whole(frame.content(), streaming);
            case 'E' -> Answer.failed(frame.content());
            case 'X' -> Answer.dead(Failure.own(frame.content()), invocation);
            case 'S' -> {
                streaming.begin(Errors.contentType(frame.content()));
                yield null;
            }
            case 'C' -> {
                streaming.write(frame.content());
                yield null;
            }
            case 'D' -> frame.content().length == 0 ? Answer.WELL : Answer.failed(frame.content());
            default -> Answer.dead(exited(), invocation);
        };
    }

    private static String timedOut(Duration timeout) {
        double seconds = timeout.toMillis() / 1000.0;
        return String.format(Locale.ROOT, "Task timed out after %.2f seconds", seconds);
    }

    private Failure timedOut(FunctionSpec spec, Invocation invocation) {
        reason = "timeout";
        if (extensions.isEmpty()) {
            tree.kill();
        }
        String text = timedOut(spec.timeout());
        String line = clock.instant().truncatedTo(ChronoUnit.MILLIS) + " ";
        printed(line + invocation.requestId() + " " + text + "\n\n");
        return Failure.timeout("Error: " + text);
    }

    /// Why an extension, or the bootstrap, ended by itself.
    private Failure exited() {
        reason = "failure";
        Failure crash = external.crash();
        if (crash != null) {
            return crash;
        }
        Integer status = control.exit(bootstrap, Duration.ofSeconds(2));
        String how =
                status == null || status == 0
                        ? "Error: Runtime exited without providing a reason"
                        : "Error: Runtime exited with error: " + Errors.ended(status);
        String reported = extensions.fatal();
        return Failure.error(reported == null ? "Runtime.ExitError" : reported, how);
    }

    /// Whether the runtime is done with the last invocation.
    private boolean idle() {
        return !speaks() || placed().api.idle();
    }

    /// Whether the extensions are, too.
    private boolean done() {
        return idle() && extensions.done();
    }

    /// Waits until the runtime and the extensions are done with the last invocation.
    ///
    /// @return whether they are, within that time
    boolean awaitDone(Duration wait) {
        return extensions.await(this::done, wait) && !ended;
    }

    /// Waits until the runtime is done with the last invocation, within the function's timeout.
    ///
    /// @return why it won't be, or null when it is
    @Nullable Failure awaitRuntime(FunctionSpec spec, Invocation invocation) {
        return await(spec, invocation, this::idle);
    }

    /// The same for the extensions.
    @Nullable Failure awaitExtensions(FunctionSpec spec, Invocation invocation) {
        return await(spec, invocation, extensions::done);
    }

    private @Nullable Failure await(
            FunctionSpec spec, Invocation invocation, BooleanSupplier condition) {
        Failure failure = await(spec, condition, spec.timeout());
        if (failure != null && failure.status().equals("timeout")) {
            timedOut(spec, invocation);
        }
        ended |= failure != null;
        return failure;
    }

    /// How far the last invocation's answer has come.
    Progress progress() {
        return progress;
    }

    /// Its memory now, in bytes.
    long look() {
        return memory.look();
    }

    /// The most memory that was seen, in bytes.
    long maxMemory() {
        return memory.most();
    }

    /// It can't be used again.
    void end() {
        ended = true;
    }

    /// Nobody uses it any more: from now on it may be frozen.
    synchronized void rest() {
        busy = false;
    }

    /// Stops all of its processes, unless it is in use: at once, or when its runtime has done what
    /// it does after an answer, which it says by asking for the next invocation.
    synchronized void freeze() {
        if (runtime.debugged()) {
            return; // a debugger speaks with it whether it has work or not
        }
        if (!busy && !ended && !done()) {
            freezes = true;
            return;
        }
        freezes = false;
        if (!busy && !frozen && !ended) {
            try {
                control.freeze();
                frozen = true;
            } catch (IOException e) {
                ended = true;
            }
        }
    }

    private void asks() {
        extensions.signal();
        synchronized (this) {
            if (freezes) {
                freeze();
            }
        }
    }

    private synchronized void thaw() throws IOException {
        busy = true;
        freezes = false;
        if (frozen) {
            control.thaw();
            frozen = false;
        }
    }

    /// Lets extensions do what they do in the end, for the time that AWS gives them.
    private void shutdown(SystemLog log) {
        try {
            synchronized (this) {
                control.thaw();
            }
            external.shutdown(bootstrap, reason, clock.millis(), log.telemetry()::flush);
        } catch (IOException e) {
            // it is gone already
        }
    }

    @Override
    public void close() {
        ended = true;
        Placed here = placed;
        if (here != null && !extensions.isEmpty()) {
            shutdown(here.log);
        }
        tree.kill();
        if (network != null) {
            network.close();
        }
        if (here != null) {
            here.api.close();
            here.log.close();
        }
        extensions.end();
        if (debugger != null) {
            debugger.close();
        }
        dialer.close();
        frames.close();
        control.close();
        received.clear();
        Trees.delete(directory);
    }
}
