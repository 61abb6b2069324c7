package dev.freehold.sandbox;

import dev.freehold.sandbox.Frames.Frame;
import dev.freehold.sandbox.api.Extensions;
import dev.freehold.sandbox.api.RuntimeApi;
import dev.freehold.sandbox.api.Work;
import dev.freehold.sandbox.caches.Compiled;
import dev.freehold.sandbox.debug.DebugPort;
import dev.freehold.sandbox.egress.EgressProxy;
import dev.freehold.sandbox.host.Network;
import dev.freehold.sandbox.host.ProcessTree;
import dev.freehold.sandbox.host.Sockets;
import dev.freehold.sandbox.host.Trees;
import dev.freehold.sandbox.image.ImageProcess;
import dev.freehold.sandbox.streaming.ResponseSink;
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
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// One sandbox with a runtime's bootstrap. It waits for a function, then runs one invocation at a
/// time until it is closed or dies. Between invocations it may be frozen.
final class Environment implements AutoCloseable {
    /// AWS: hooks have as long as an initialisation.
    private static final Duration RESTORE_TIMEOUT = Duration.ofSeconds(10);

    private static final Duration DEBUG_TIMEOUT = Duration.ofHours(1);

    private final String id;
    private final InstantSource clock;
    private final Path directory;
    private final Sandbox sandbox;
    private final Control control;
    private final Frames frames;
    private final Interpreter runtime;
    private final Duration sandboxStart;
    private Duration runtimeStart = Duration.ZERO;
    private final RuntimeProcess process;
    private final ProcessTree tree;
    private final MemoryWatch memory;
    private final @Nullable Network network;
    private final Extensions extensions;
    private final ExternalExtensions external;
    private final LoopbackDialer dialer;
    private final @Nullable DebugPort debugger;
    private final Output output = new Output();
    private final Freezing freezing;
    private @Nullable Path cache;
    private @Nullable EgressProxy proxy;
    private @Nullable Placed placed;
    private volatile boolean ended;
    private String reason = "spindown";
    private long deadline;
    private Progress progress = Progress.NONE;

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
                Shell shell = Shell.accept(server, starting, output::print, output::extension);
                this.tree = sandbox.tree(id, starting);
                this.memory = new MemoryWatch(tree);
                this.network =
                        shape.machine().egress().open()
                                ? sandbox.connect(running, tree.last())
                                : null;
                this.control = shell.control();
                this.frames = shell.runtime();
                this.process = new RuntimeProcess(shell, tree, output, this::dies);
            }
            link("runtime", sandbox.runtimeDirectory());
            // Nobody else can connect to it, and nobody else has.
            Files.delete(sockets.resolve("control"));
            this.freezing = new Freezing(control, tree, this::done, this::end);
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
    ///
    /// @param awaited whether a request waits for it
    void start(boolean awaited) throws IOException {
        Command waits = sandbox.bootstrap(runtime);
        Command command = awaited ? Launch.awaited(waits) : waits;
        long begun = System.nanoTime();
        process.start(command, "/tmp");
        // A JVM waits for its debugger before it does anything.
        Frame ready = process.next(runtime.debugged() ? DEBUG_TIMEOUT : Shell.START_TIMEOUT);
        if (ready == null || ready.type() != 'R') {
            close();
            throw new IOException("the bootstrap did not come up");
        }
        runtimeStart = Duration.ofNanos(System.nanoTime() - begun);
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

    /// The runtime has ended, or an extension that should not have.
    private void dies() {
        ended = true;
        extensions.signal();
        process.end();
    }

    /// Opens connections to ports of its loopback.
    Dialer dialer() {
        return dialer;
    }

    /// Waits until all that it has before it has a function is there.
    void settle() {
        if (network != null) {
            network.await();
        }
    }

    /// What was compiled of its function's code, which it does not have yet.
    void cache(@Nullable Path directory) {
        cache = directory;
    }

    /// Has a function's code compiled, which is not called.
    ///
    /// @throws IOException when it can't be, in that time
    void compile(FunctionSpec spec, Map<String, String> variables, Duration limit, Compiled to)
            throws IOException {
        show(spec);
        Messages.compile(frames, spec, variables);
        long end = System.nanoTime() + limit.toNanos();
        while (alive() && System.nanoTime() < end && !memory.tooLarge(spec)) {
            Frame frame = process.next(MemoryWatch.LOOK);
            if (frame != null && frame.type() == 'K' && !to.add(frame.content())) {
                return;
            }
        }
        throw new IOException("the code can't be compiled");
    }

    /// Images have both in their own file systems.
    private void show(FunctionSpec spec) throws IOException {
        if (spec.machine().image() != null) {
            return;
        }
        link("task", sandbox.code(spec.code()));
        Path layers = spec.layers();
        link("opt", layers == null ? sandbox.emptyDirectory() : sandbox.code(layers));
    }

    /// Puts a function into it: its code becomes `/var/task`, its layers `/opt`. None of it runs
    /// before [#init].
    ///
    /// @param variables all that it has
    void place(FunctionSpec spec, Map<String, String> variables, SystemLog log) throws IOException {
        output.to(log);
        tree.limit(spec.memory(), spec.ephemeralStorage());
        if (network != null && !spec.machine().egress().open()) {
            network.close();
        } else {
            settle();
        }
        proxy = sandbox.proxy(directory, spec.machine().egress());
        show(spec);
        ServerSocketChannel server = sandbox.listen(directory);
        RuntimeApi api =
                new RuntimeApi(
                        server,
                        new FrameEvents(process::put, this::asks),
                        new RuntimeApi.Parties(
                                runtime.speaks(),
                                spec.snapStart(),
                                extensions,
                                log::subscribes,
                                spec.identity()));
        Map<String, String> all = new LinkedHashMap<>(variables);
        if (server.getLocalAddress() instanceof InetSocketAddress at) {
            all.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + at.getPort());
        }
        placed = new Placed(spec, all, api, log);
    }

    /// Where the sandbox sees what was compiled; null when there is nothing.
    private @Nullable String seenCache() {
        return cache == null ? null : sandbox.cache(cache);
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
        if (runtime.speaks()) {
            return startOwn(spec, variables);
        }
        if (runtime.debugged()) {
            output.debugger(runtime.debugPort());
        }
        if (process.started()) {
            Messages.init(frames, spec, variables, seenCache());
            return null;
        }
        Command waits = sandbox.bootstrap(runtime);
        Command command = Launch.command(sandbox, waits, spec, variables);
        process.start(command, sandbox.taskRoot(spec));
        return null;
    }

    /// Starts what a function brings to be run by.
    private @Nullable Failure startOwn(FunctionSpec spec, Map<String, String> variables)
            throws IOException {
        try {
            ImageProcess.Ready own = sandbox.own(spec, variables);
            Command command = new Command(own.arguments(), own.environment());
            process.startOwn(command, own.directory());
            return null;
        } catch (ImageProcess.InvalidException e) {
            return Failure.error(e.type(), "Error: " + e.getMessage());
        } catch (Control.SpawnException e) {
            return Failure.entrypoint("fork/exec " + e.reason());
        }
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
                return Failure.timeout(timeout);
            }
            if (memory.tooLarge(spec)) {
                return Failure.OUT_OF_MEMORY;
            }
        }
    }

    /// Waits until the function's code is loaded.
    private @Nullable Failure loaded(FunctionSpec spec, Duration timeout) {
        long end = deadline;
        while (true) {
            long left = end - System.nanoTime();
            Frame frame =
                    process.next(Duration.ofNanos(Math.min(left, MemoryWatch.LOOK.toNanos())));
            if (frame == null && left <= 0) {
                return Failure.timeout(timeout);
            }
            if (frame == null && memory.tooLarge(spec)) {
                return Failure.OUT_OF_MEMORY;
            }
            if (frame != null
                    && (frame.type() != 'R' || !Messages.tell(frames, spec, seenCache()))) {
                memory.glance(process.hostPid(), extensions.isEmpty());
                return switch (frame.type()) {
                    case 'i', 'X' ->
                            frame.content().length == 0 ? null : Failure.own(frame.content());
                    default -> exited();
                };
            }
        }
    }

    /// Has the function's hooks called that run after a snapshot's restore.
    ///
    /// @return why they failed, or null when they did not
    @Nullable Failure restore(FunctionSpec spec) {
        try {
            freezing.use();
            deadline = System.nanoTime() + RESTORE_TIMEOUT.toNanos();
            if (runtime.speaks()) {
                return placed().api.restore() ? loaded(spec, RESTORE_TIMEOUT) : null;
            }
            frames.write('T');
            return loaded(spec, RESTORE_TIMEOUT);
        } catch (IOException e) {
            return exited();
        }
    }

    /// Runs one invocation.
    ///
    /// @return null when the environment had ended before the function saw it
    @Nullable Answer invoke(FunctionSpec spec, Invocation invocation, ResponseSink sink) {
        if (ended) {
            return null;
        }
        long before = process.cpu();
        Answer answer;
        try {
            freezing.use();
            deadline = System.nanoTime() + spec.timeout().toNanos();
            progress = new Progress(clock.instant(), System.nanoTime(), sink);
            send(invocation, clock.millis() + spec.timeout().toMillis());
            answer = answer(spec, invocation, progress);
        } catch (IOException e) {
            answer = Answer.dead(exited(), invocation);
        }
        if (ended && answer.ended() != null && runtime.speaks() && placed().api.withdraw()) {
            return null;
        }
        memory.glance(process.hostPid(), extensions.isEmpty());
        long after = process.cpu();
        Duration cpu = Duration.ofNanos(before < 0 || after < 0 ? 0 : after - before);
        return answer.withCpu(cpu);
    }

    private void send(Invocation invocation, long deadline) throws IOException {
        Work work = invocation.work(deadline);
        extensions.invoke(work);
        if (runtime.speaks()) {
            placed().api.offer(work);
        } else {
            Messages.invoke(frames, work);
        }
    }

    private Answer answer(FunctionSpec spec, Invocation invocation, Progress streaming) {
        long end = deadline;
        while (true) {
            long left = end - System.nanoTime();
            Duration wait = Duration.ofNanos(Math.min(left, MemoryWatch.LOOK.toNanos()));
            Frame frame = streaming.flush(wait) ? process.next(wait) : null;
            if (frame == null && left <= 0) {
                return Answer.dead(timedOut(spec, invocation), invocation);
            }
            if (frame == null && memory.tooLarge(spec)) {
                return Answer.dead(Failure.OUT_OF_MEMORY, invocation);
            }
            Answer answer =
                    frame == null ? null : Answer.of(frame, invocation, streaming, this::exited);
            if (answer != null) {
                return answer;
            }
        }
    }

    private Failure timedOut(FunctionSpec spec, Invocation invocation) {
        reason = "timeout";
        if (extensions.isEmpty()) {
            tree.kill();
        }
        String time = clock.instant().truncatedTo(ChronoUnit.MILLIS) + " ";
        String text = Failure.timedOut(spec.timeout());
        output.print(time + invocation.requestId() + " " + text + "\n\n");
        return Failure.timeout(spec.timeout());
    }

    /// Why an extension, or the bootstrap, ended by itself.
    private Failure exited() {
        reason = "failure";
        if (tree.outOfMemory()) {
            return Failure.OUT_OF_MEMORY;
        }
        Failure crash = external.crash();
        if (crash != null) {
            return crash;
        }
        Integer status = process.exit(Duration.ofSeconds(2));
        String how =
                status == null || status == 0
                        ? "Error: Runtime exited without providing a reason"
                        : "Error: Runtime exited with error: " + Errors.ended(status);
        String reported = extensions.fatal();
        return Failure.error(reported == null ? "Runtime.ExitError" : reported, how);
    }

    /// Whether the runtime is done with the last invocation.
    private boolean idle() {
        return !runtime.speaks() || placed().api.idle();
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

    /// The memory of its processes.
    MemoryWatch memory() {
        return memory;
    }

    /// It can't be used again.
    void end() {
        ended = true;
    }

    /// Nobody uses it any more: from now on it may be frozen.
    void rest() {
        if (progress != Progress.NONE) {
            tree.meter();
        }
        freezing.rest();
    }

    /// Stops all of its processes, unless it is in use: at once, or when they have done what they
    /// do after an answer, which they say by asking for the next invocation. A debugger speaks with
    /// them whether they have work or not.
    void freeze() {
        if (!runtime.debugged() && !ended) {
            freezing.freeze();
        }
    }

    private void asks() {
        extensions.signal();
        freezing.changed();
    }

    /// Lets extensions do what they do in the end, for the time that AWS gives them.
    private void shutdown(SystemLog log) {
        try {
            freezing.end();
            external.shutdown(process.pid(), reason, clock.millis(), log.telemetry()::flush);
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
        if (proxy != null) {
            proxy.close();
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
        process.clear();
        Trees.delete(directory);
    }
}
