package dev.freehold.sandbox;

import dev.freehold.sandbox.Frames.Frame;
import dev.freehold.sandbox.api.RuntimeApi;
import dev.freehold.sandbox.api.Work;
import dev.freehold.sandbox.debug.DebugPort;
import dev.freehold.sandbox.debug.Debugpy;
import dev.freehold.sandbox.egress.EgressProxy;
import dev.freehold.sandbox.host.CpuClock;
import dev.freehold.sandbox.host.Network;
import dev.freehold.sandbox.host.ProcessTree;
import dev.freehold.sandbox.host.Sockets;
import dev.freehold.sandbox.host.Trees;
import dev.freehold.sandbox.image.ImageProcess;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// One sandbox with a runtime's bootstrap. It waits for a function, then runs one invocation at a
/// time until it is closed or dies. Between invocations it may be frozen.
final class Environment implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration DEBUG_TIMEOUT = Duration.ofHours(1);

    /// The most frames that wait to be looked at: a function that streams faster than its caller
    /// reads waits.
    private static final int MAX_FRAMES = 8;

    /// How long an invocation runs before its memory is looked at, and between looks.
    private static final Duration LOOK = Duration.ofMillis(50);

    /// A thousand processes take long to look at: looks take this part of the time at most.
    private static final int LOOK_SHARE = 10;

    /// How old what is known of the memory may be when an invocation ends.
    private static final Duration FRESH = Duration.ofSeconds(1);

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
    private final Started started;
    private final BlockingQueue<Frame> received = new LinkedBlockingQueue<>(MAX_FRAMES);
    private final ProcessTree tree;
    private final @Nullable Network network;
    private boolean settled;
    private final @Nullable DebugPort debugger;
    private int bootstrap;
    private long computing;
    private @Nullable RuntimeApi api;
    private @Nullable EgressProxy proxy;
    private @Nullable Failure invalid;
    private volatile LogSink sink = text -> {};
    private volatile boolean ended;
    private long looked;
    private long glanced;
    private long lookTook;
    private boolean busy;
    private boolean frozen;
    private boolean freezes;

    /// What is there before the bootstrap runs.
    private record Shell(Control control, Frames runtime) {}

    /// How long it took to come up.
    record Started(Duration sandbox, Duration runtime) {}

    /// Starts a sandbox and in it the bootstrap, and waits until that is ready for a function.
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
                Shell shell = accept(server, running);
                this.process = starting;
                this.tree = new ProcessTree(starting);
                this.network =
                        shape.machine().egress().open()
                                ? sandbox.connect(running, tree.last())
                                : null;
                this.control = shell.control;
                this.frames = shell.runtime;
            }
            link("runtime", sandbox.runtimeDirectory());
            // Nobody else can connect to it, and nobody else has.
            Files.delete(sockets.resolve("control"));
            Thread.ofVirtual().name("control-" + id).start(control::listen);
            long empty = System.nanoTime();
            this.debugger = sandbox.debugger(directory, runtime.debugPort(), control);
            if (runtime != Interpreter.PROVIDED) {
                startBootstrap();
            }
            // Nothing more is said there, and each is a descriptor.
            starting.getInputStream().close();
            starting.getOutputStream().close();
            starting.getErrorStream().close();
            long now = System.nanoTime();
            this.started =
                    new Started(Duration.ofNanos(empty - begun), Duration.ofNanos(now - empty));
        } catch (IOException e) {
            String said = starting == null ? "" : end(starting);
            Trees.delete(directory);
            throw new IOException("An environment did not start. " + said.strip(), e);
        }
    }

    private void startBootstrap() throws IOException {
        bootstrap = control.spawn(sandbox.bootstrap(runtime), "/tmp", true);
        Thread.ofVirtual().name("environment-" + id).start(this::receive);
        // A JVM waits for its debugger before it does anything.
        Frame ready = next(runtime.debugged() ? DEBUG_TIMEOUT : START_TIMEOUT);
        if (ready == null || ready.type() != 'R') {
            throw new IOException("the bootstrap did not come up");
        }
        computing = tree.last();
    }

    private Shell accept(ServerSocketChannel server, Sandbox.Running running) throws IOException {
        Process starting = running.process();
        Thread watch =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                starting.waitFor(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                                server.close();
                            } catch (InterruptedException | IOException e) {
                                // it came up, or nobody waits any more
                            }
                        });
        try {
            Frames first = new Frames(server.accept());
            Frames second = new Frames(server.accept());
            Control made = new Control(first, text -> sink.write(text));
            return new Shell(made, second);
        } finally {
            watch.interrupt();
        }
    }

    /// Ends a sandbox that did not come up, and says what it said.
    private static String end(Process process) {
        process.destroyForcibly();
        try {
            return new String(process.getInputStream().readNBytes(2000), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "";
        }
    }

    String id() {
        return id;
    }

    Started started() {
        return started;
    }

    boolean alive() {
        return !ended;
    }

    private void receive() {
        try {
            while (true) {
                Frame frame = frames.read();
                if (frame.type() == 'L') {
                    sink.write(frame.text());
                } else if (frame.type() == 'M') {
                    sink.message(frame.text());
                } else {
                    received.put(frame);
                }
            }
        } catch (IOException e) {
            ended = true;
            gone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void gone() {
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

    /// Waits until all that it has before it has a function is there.
    void settle() {
        if (network != null && !settled) {
            network.await();
            settled = true;
        }
    }

    /// Puts a function into it: its code becomes `/var/task`, its layers `/opt`.
    ///
    /// @param variables all that it has
    void place(FunctionSpec spec, Map<String, String> variables, LogSink log) throws IOException {
        sink = log;
        if (network != null && !spec.machine().egress().open()) {
            network.close();
        } else {
            settle();
        }
        proxy = sandbox.proxy(directory, spec.machine().egress());
        Path layers = spec.layers();
        if (spec.machine().image() == null) {
            link("task", sandbox.code(spec.code()));
            link("opt", layers == null ? sandbox.emptyDirectory() : sandbox.code(layers));
        }
        if (layers != null && Files.isDirectory(layers.resolve("extensions"))) {
            // It would run without what its author relies on.
            invalid =
                    Failure.error(
                            "Extension.LaunchError",
                            "Error: Freehold does not run extensions yet: a layer has"
                                    + " /opt/extensions");
            return;
        }
        if (runtime == Interpreter.PROVIDED) {
            startOwn(spec, variables);
            return;
        }
        Map<String, Object> message = new LinkedHashMap<>();
        message.put("handler", spec.handler());
        message.put("environment", variables);
        message.put("memory", spec.memory());
        message.put("logFormat", spec.logFormat());
        message.put("logLevel", spec.logLevel());
        if (runtime.debugged()) {
            message.put("debugPort", runtime.debugPort());
            message.put("debugger", Debugpy.in(runtime.home()));
            log.write(
                    "DEBUGGER Waiting on 127.0.0.1:"
                            + runtime.debugPort()
                            + " until one attaches; timeouts and metering are suspended.\n");
        }
        frames.write('I', Json.write(message));
    }

    /// Starts the bootstrap that a function brings, and serves it the Runtime API.
    private void startOwn(FunctionSpec spec, Map<String, String> variables) throws IOException {
        ServerSocketChannel server = sandbox.listen(directory);
        api = new RuntimeApi(server, new FrameEvents(this::put, this::asks));
        Map<String, String> all = new LinkedHashMap<>(variables);
        if (server.getLocalAddress() instanceof InetSocketAddress at) {
            all.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + at.getPort());
        }
        try {
            ImageProcess.Ready own = sandbox.own(spec, all);
            Command command = new Command(own.arguments(), own.environment());
            bootstrap = control.spawn(command, own.directory(), false);
            computing = tree.last();
            Thread.ofVirtual().name("environment-" + id).start(this::watch);
        } catch (ImageProcess.InvalidException e) {
            invalid = Failure.error(e.type(), "Error: " + e.getMessage());
        } catch (Control.SpawnException e) {
            invalid = Failure.error("Runtime.InvalidEntrypoint", "Error: fork/exec " + e.reason());
        }
    }

    private void watch() {
        control.awaitExit(bootstrap);
        ended = true;
        gone();
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(directory.resolve("slot").resolve(name), Path.of(target));
    }

    /// Waits until the function's code is loaded.
    ///
    /// @return why it is not, or null when it is
    @Nullable Failure init(FunctionSpec spec, Duration timeout) {
        if (invalid != null) {
            return invalid;
        }
        long end = System.nanoTime() + timeout.toNanos();
        while (true) {
            long left = end - System.nanoTime();
            Frame frame = next(Duration.ofNanos(Math.min(left, LOOK.toNanos())));
            if (frame == null && left <= 0) {
                return Failure.timeout("Error: " + timedOut(timeout));
            }
            if (frame == null && tooLarge(spec)) {
                return KILLED;
            }
            if (frame != null) {
                glance();
                return switch (frame.type()) {
                    case 'i', 'X' -> failure(frame);
                    default -> exited();
                };
            }
        }
    }

    private static @Nullable Failure failure(Frame frame) {
        return frame.content().length == 0 ? null : Failure.own(frame.content());
    }

    /// What one invocation answered.
    ///
    /// @param payload the answer, or the error that the function returned
    /// @param failed whether it is an error
    /// @param ended why the environment can't be used again, or null
    /// @param cpu what it computed
    record Answer(byte[] payload, boolean failed, @Nullable Failure ended, Duration cpu) {}

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
            send(invocation, clock.millis() + spec.timeout().toMillis());
            answer = answer(spec, invocation, new Streaming(sink));
        } catch (IOException e) {
            answer = dead(exited(), invocation);
        }
        if (ended && answer.ended != null && api != null && api.withdraw()) {
            return null;
        }
        glance();
        long after = CpuClock.nanos(computing);
        Duration cpu = Duration.ofNanos(before < 0 || after < 0 ? 0 : after - before);
        return new Answer(answer.payload, answer.failed, answer.ended, cpu);
    }

    private void send(Invocation invocation, long deadline) throws IOException {
        if (api != null) {
            api.offer(
                    new Work(
                            invocation.requestId(),
                            invocation.functionArn(),
                            deadline,
                            invocation.clientContext(),
                            invocation.traceId(),
                            invocation.tenantId(),
                            invocation.payload()));
            return;
        }
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("requestId", invocation.requestId());
        head.put("functionArn", invocation.functionArn());
        head.put("deadline", deadline);
        head.put("clientContext", invocation.clientContext());
        head.put("traceId", invocation.traceId());
        head.put("tenantId", invocation.tenantId());
        head.values().removeIf(Objects::isNull);
        byte[] json = Json.write(head);
        byte[] length = ByteBuffer.allocate(4).putInt(json.length).array();
        frames.write('V', length, json, invocation.payload());
    }

    private Answer answer(FunctionSpec spec, Invocation invocation, Streaming streaming) {
        long end = System.nanoTime() + spec.timeout().toNanos();
        while (true) {
            long left = end - System.nanoTime();
            Frame frame = next(Duration.ofNanos(Math.min(left, LOOK.toNanos())));
            if (frame == null && left <= 0) {
                return dead(timedOut(spec, invocation), invocation);
            }
            if (frame == null && tooLarge(spec)) {
                return dead(KILLED, invocation);
            }
            Answer answer = frame == null ? null : answer(frame, invocation, streaming);
            if (answer != null) {
                return answer;
            }
        }
    }

    private @Nullable Answer answer(Frame frame, Invocation invocation, Streaming streaming) {
        return switch (frame.type()) {
            case 'O' -> whole(frame.content(), streaming);
            case 'E' -> failed(frame.content());
            case 'X' -> dead(Failure.own(frame.content()), invocation);
            case 'S' -> {
                streaming.begin(Errors.contentType(frame.content()));
                yield null;
            }
            case 'C' -> {
                streaming.write(frame.content());
                yield null;
            }
            case 'D' ->
                    frame.content().length == 0
                            ? new Answer(new byte[0], false, null, Duration.ZERO)
                            : failed(frame.content());
            default -> dead(exited(), invocation);
        };
    }

    private static Answer whole(byte[] content, Streaming streaming) {
        if (content.length > Errors.MAX_RESPONSE) {
            return failed(Errors.tooLarge());
        }
        streaming.begin("application/json");
        streaming.write(content);
        return new Answer(new byte[0], false, null, Duration.ZERO);
    }

    private static Answer failed(byte[] error) {
        return new Answer(error, true, null, Duration.ZERO);
    }

    private static Answer dead(Failure failure, Invocation invocation) {
        return new Answer(failure.error(invocation.requestId()), true, failure, Duration.ZERO);
    }

    /// Hands an answer to its sink until the sink has enough.
    private static final class Streaming {
        private final ResponseSink sink;
        private boolean broken;

        Streaming(ResponseSink sink) {
            this.sink = sink;
        }

        void begin(String contentType) {
            try {
                sink.begin(contentType);
            } catch (IOException e) {
                broken = true;
            }
        }

        void write(byte[] chunk) {
            try {
                if (!broken) {
                    sink.write(chunk);
                }
            } catch (IOException e) {
                broken = true;
            }
        }
    }

    /// Looks at the memory, and kills what has more than the function's size.
    private boolean tooLarge(FunctionSpec spec) {
        long now = System.nanoTime();
        if (now - looked < LOOK.toNanos() || now - looked < LOOK_SHARE * lookTook) {
            return false;
        }
        if (look() <= (long) spec.memory() * 1024 * 1024) {
            return false;
        }
        tree.kill();
        return true;
    }

    /// Looks at the memory of all of its processes, in bytes.
    long look() {
        long begun = System.nanoTime();
        long memory = tree.memory();
        looked = System.nanoTime();
        lookTook = looked - begun;
        return memory;
    }

    private static String timedOut(Duration timeout) {
        double seconds = timeout.toMillis() / 1000.0;
        return String.format(Locale.ROOT, "Task timed out after %.2f seconds", seconds);
    }

    private Failure timedOut(FunctionSpec spec, Invocation invocation) {
        tree.kill();
        String text = timedOut(spec.timeout());
        String line = clock.instant().truncatedTo(ChronoUnit.MILLIS) + " ";
        sink.write(line + invocation.requestId() + " " + text + "\n\n");
        return Failure.timeout("Error: " + text);
    }

    /// Why the bootstrap ended by itself.
    private Failure exited() {
        Integer status = control.exit(bootstrap, Duration.ofSeconds(2));
        String reason = "Error: Runtime exited without providing a reason";
        if (status != null && status != 0) {
            int signal = status & 0x7f;
            reason =
                    "Error: Runtime exited with error: "
                            + (signal != 0
                                    ? "signal: " + Errors.signal(signal)
                                    : "exit status " + (status >> 8 & 0xff));
        }
        return Failure.error("Runtime.ExitError", reason);
    }

    /// The most memory that was seen, in bytes.
    long maxMemory() {
        return tree.maxMemory();
    }

    /// Glances at the memory at the end of an invocation, which was too short for a look.
    private void glance() {
        long now = System.nanoTime();
        if (glanced == 0 || now - glanced > FRESH.toNanos()) {
            glanced = now;
            tree.glance(computing);
        }
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
        if (api != null && !busy && !api.idle()) {
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

    private synchronized void asks() {
        if (freezes) {
            freeze();
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

    @Override
    public void close() {
        ended = true;
        tree.kill();
        if (network != null) {
            network.close();
        }
        if (proxy != null) {
            proxy.close();
        }
        if (api != null) {
            api.close();
        }
        if (debugger != null) {
            debugger.close();
        }
        frames.close();
        control.close();
        received.clear();
        Trees.delete(directory);
    }
}
