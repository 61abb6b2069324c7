package dev.freehold.sandbox;

import dev.freehold.sandbox.Frames.Frame;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// One process in its sandbox. It waits for a function, then runs one invocation at a time until it
/// is closed or dies.
final class Environment implements AutoCloseable {
    private static final Duration START_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration INIT_TIMEOUT = Duration.ofSeconds(10);

    /// The most frames that wait to be looked at.
    private static final int MAX_FRAMES = 1024;

    private static final Frame GONE = new Frame('-', new byte[0]);

    private final String id;
    private final Interpreter runtime;
    private final Path directory;
    private final Sandbox sandbox;
    private final Process process;
    private final Control control;
    private final Frames frames;
    private final int bootstrap;
    private final BlockingQueue<Frame> received = new LinkedBlockingQueue<>(MAX_FRAMES);
    private final ProcessTree tree;
    private volatile LogSink sink = text -> {};
    private volatile long lastUsed = System.nanoTime();

    /// What is there before the bootstrap runs.
    private record Shell(Process process, Control control, Frames runtime) {}

    /// Starts a sandbox and in it the bootstrap, and waits until that is ready for a function.
    Environment(String id, Interpreter runtime, Sandbox sandbox, Layout layout) throws IOException {
        this.id = id;
        this.runtime = runtime;
        this.sandbox = sandbox;
        this.directory = layout.environments().resolve(id);
        Process starting = null;
        try {
            Files.createDirectories(directory.resolve("slot"));
            Path sockets = Files.createDirectories(directory.resolve("sockets"));
            try (ServerSocketChannel server = Sockets.listen(sockets.resolve("control"))) {
                starting = sandbox.start(directory, runtime.home(), Sandbox.TMP_MEGABYTES);
                Shell shell = accept(server, starting);
                this.process = shell.process;
                this.control = shell.control;
                this.frames = shell.runtime;
            }
            // Nobody else can connect to it, and nobody else has.
            Files.delete(sockets.resolve("control"));
            this.tree = new ProcessTree(process.toHandle());
            Thread.ofVirtual().name("control-" + id).start(control::listen);
            this.bootstrap = control.spawn(sandbox.bootstrap(runtime), "/tmp", true);
            Thread.ofVirtual().name("environment-" + id).start(this::receive);
            Frame ready = next(START_TIMEOUT);
            if (ready == null || ready.type() != 'R') {
                throw new IOException("the bootstrap did not come up");
            }
        } catch (IOException e) {
            String said = starting == null ? "" : end(starting);
            Trees.delete(directory);
            throw new IOException("An environment did not start. " + said.strip(), e);
        }
    }

    private Shell accept(ServerSocketChannel server, Process started) throws IOException {
        Thread watch =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                started.waitFor(START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
                                server.close();
                            } catch (InterruptedException | IOException e) {
                                // it came up, or nobody waits any more
                            }
                        });
        try {
            Frames first = new Frames(server.accept());
            Frames second = new Frames(server.accept());
            Control made = new Control(first, text -> sink.write(text));
            return new Shell(started, made, second);
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

    Interpreter runtime() {
        return runtime;
    }

    long lastUsed() {
        return lastUsed;
    }

    boolean alive() {
        return process.isAlive();
    }

    private void receive() {
        try {
            while (true) {
                Frame frame = frames.read();
                if (frame.type() == 'L') {
                    sink.write(frame.text());
                } else {
                    received.put(frame);
                }
            }
        } catch (IOException e) {
            received.add(GONE);
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

    /// Puts a function into it.
    ///
    /// @return the error as JSON when the function's own initialisation failed, or null
    byte @Nullable [] init(FunctionSpec spec, Map<String, String> environment, LogSink log) {
        sink = log;
        try {
            link("task", sandbox.code(spec.code()));
            Path layers = spec.layers();
            link("opt", layers == null ? sandbox.emptyDirectory() : sandbox.code(layers));
            link("runtime", sandbox.runtimeDirectory());
            Map<String, Object> message = new LinkedHashMap<>();
            message.put("handler", spec.handler());
            message.put("environment", environment);
            message.put("logFormat", spec.logFormat());
            message.put("logLevel", spec.logLevel());
            frames.write('I', Json.write(message));
        } catch (IOException e) {
            return exitError("", "Error: Runtime exited before initialisation");
        }
        Frame frame = next(INIT_TIMEOUT);
        if (frame == null) {
            return Errors.json(
                    "Sandbox.Timedout", "Error: Initialization timed out after 10.00 seconds");
        }
        return switch (frame.type()) {
            case 'i', 'X' -> frame.content().length == 0 ? null : frame.content();
            default -> exitError("", reason());
        };
    }

    private void link(String name, String target) throws IOException {
        Files.createSymbolicLink(directory.resolve("slot").resolve(name), Path.of(target));
    }

    /// What one invocation answered.
    record Answer(byte[] payload, boolean failed, boolean dead) {}

    /// Runs one invocation.
    Answer invoke(Invocation invocation, Duration timeout, int memory) throws IOException {
        long deadline = System.currentTimeMillis() + timeout.toMillis();
        long end = System.nanoTime() + timeout.toNanos();
        Map<String, Object> head = new LinkedHashMap<>();
        head.put("requestId", invocation.requestId());
        head.put("functionArn", invocation.functionArn());
        head.put("deadline", deadline);
        head.put("clientContext", invocation.clientContext());
        head.put("traceId", invocation.traceId());
        byte[] json = Json.write(head);
        byte[] length = ByteBuffer.allocate(4).putInt(json.length).array();
        try {
            frames.write('V', length, json, invocation.payload());
        } catch (IOException e) {
            return new Answer(exitError(invocation.requestId(), reason()), true, true);
        }
        StreamedAnswer streamed = new StreamedAnswer();
        while (true) {
            long left = end - System.nanoTime();
            Frame frame = next(Duration.ofNanos(Math.min(left, 50_000_000)));
            if (frame == null && tree.memory() > (long) memory * 1024 * 1024) {
                tree.kill();
                return new Answer(
                        Errors.json(
                                "Runtime.OutOfMemory",
                                "RequestId: "
                                        + invocation.requestId()
                                        + " Error: Runtime exited with error: signal: killed"),
                        true,
                        true);
            }
            if (frame == null && left <= 0) {
                return timedOut(invocation, timeout);
            }
            if (frame != null) {
                lastUsed = System.nanoTime();
                Answer answer = answer(frame, invocation, streamed);
                if (answer != null) {
                    return answer;
                }
            }
        }
    }

    private @Nullable Answer answer(Frame frame, Invocation invocation, StreamedAnswer streamed) {
        return switch (frame.type()) {
            case 'O' -> new Answer(frame.content(), false, false);
            case 'E' -> new Answer(frame.content(), true, false);
            case 'X' -> new Answer(frame.content(), true, true);
            case 'S' -> null;
            case 'C' -> {
                streamed.add(frame.content());
                yield null;
            }
            case 'D' ->
                    frame.content().length == 0
                            ? new Answer(streamed.bytes(), false, false)
                            : new Answer(frame.content(), true, false);
            default -> new Answer(exitError(invocation.requestId(), reason()), true, true);
        };
    }

    private Answer timedOut(Invocation invocation, Duration timeout) {
        tree.kill();
        String text = "Task timed out after %.2f seconds".formatted(timeout.toMillis() / 1000.0);
        sink.write(
                java.time.Instant.now().truncatedTo(java.time.temporal.ChronoUnit.MILLIS)
                        + " "
                        + invocation.requestId()
                        + " "
                        + text
                        + "\n\n");
        byte[] error =
                Errors.json(
                        "Sandbox.Timedout",
                        "RequestId: " + invocation.requestId() + " Error: " + text);
        return new Answer(error, true, true);
    }

    private static byte[] exitError(String requestId, String reason) {
        String prefix = requestId.isEmpty() ? "" : "RequestId: " + requestId + " ";
        return Errors.json("Runtime.ExitError", prefix + reason);
    }

    /// Why the bootstrap ended.
    private String reason() {
        Integer status = control.exit(bootstrap, Duration.ofSeconds(2));
        if (status == null || status == 0) {
            return "Error: Runtime exited without providing a reason";
        }
        int signal = status & 0x7f;
        return signal != 0
                ? "Error: Runtime exited with error: signal: " + Errors.signal(signal)
                : "Error: Runtime exited with error: exit status " + (status >> 8 & 0xff);
    }

    /// The most memory that was seen, in bytes.
    long maxMemory() {
        return tree.maxMemory();
    }

    @Override
    public void close() {
        tree.kill();
        frames.close();
        control.close();
        Trees.delete(directory);
    }
}
