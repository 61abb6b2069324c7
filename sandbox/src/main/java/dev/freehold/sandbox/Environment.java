package dev.freehold.sandbox;

import dev.freehold.sandbox.Frames.Frame;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
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
    private final Process process;
    private final Frames frames;
    private final BlockingQueue<Frame> received = new LinkedBlockingQueue<>(MAX_FRAMES);
    private final ProcessTree tree;
    private volatile LogSink sink = text -> {};
    private volatile long lastUsed = System.nanoTime();

    private Environment(
            String id, Interpreter runtime, Path directory, Process process, Frames frames) {
        this.id = id;
        this.runtime = runtime;
        this.directory = directory;
        this.process = process;
        this.frames = frames;
        this.tree = new ProcessTree(process.toHandle());
        Thread.ofVirtual().name("environment-" + id).start(this::receive);
        Thread.ofVirtual().name("output-" + id).start(this::drain);
    }

    /// Starts a process and waits until it is ready for a function.
    static Environment start(String id, Interpreter runtime, Sandbox sandbox, Layout layout)
            throws IOException {
        Path directory = Files.createDirectories(layout.run().resolve(id));
        Path slot = Files.createDirectories(directory.resolve("slot"));
        Path sockets = Files.createDirectories(directory.resolve("sockets"));
        Process process = null;
        Environment environment = null;
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            server.bind(UnixDomainSocketAddress.of(sockets.resolve("control")));
            process = sandbox.start(runtime, slot, sockets);
            Process started = process;
            Thread watch =
                    Thread.ofVirtual()
                            .start(() -> {
                                try {
                                    if (started.waitFor(
                                                    START_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                                            || started.isAlive()) {
                                        server.close();
                                    }
                                } catch (InterruptedException | IOException e) {
                                    // it came up, or nobody waits any more
                                }
                            });
            Frames frames = new Frames(server.accept());
            watch.interrupt();
            environment = new Environment(id, runtime, directory, process, frames);
            Frame ready = environment.next(START_TIMEOUT);
            if (ready == null || ready.type() != 'R') {
                throw new IOException("the bootstrap did not come up");
            }
            return environment;
        } catch (IOException e) {
            String said = process == null || process.isAlive() ? "" : output(process);
            if (environment != null) {
                environment.close();
            } else {
                if (process != null) {
                    process.destroyForcibly();
                }
                Trees.delete(directory);
            }
            throw new IOException("An environment did not start. " + said.strip(), e);
        } finally {
            server.close();
        }
    }

    private static String output(Process process) {
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

    /// What children print, and what the interpreter itself says.
    private void drain() {
        byte[] buffer = new byte[8192];
        try (InputStream in = process.getInputStream()) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                sink.write(new String(buffer, 0, n, StandardCharsets.UTF_8));
            }
        } catch (IOException e) {
            // the process is gone
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
            Path slot = directory.resolve("slot");
            Files.createSymbolicLink(slot.resolve("task"), spec.code());
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

    /// Why the process ended.
    private String reason() {
        try {
            if (!process.waitFor(2, TimeUnit.SECONDS)) {
                return "Error: Runtime exited without providing a reason";
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        int code = process.exitValue();
        if (code == 0) {
            return "Error: Runtime exited without providing a reason";
        }
        return code > 128 && code != 129
                ? "Error: Runtime exited with error: signal: " + Errors.signal(code - 128)
                : "Error: Runtime exited with error: exit status " + code;
    }

    /// The most memory that was seen, in bytes.
    long maxMemory() {
        return tree.maxMemory();
    }

    @Override
    public void close() {
        frames.close();
        tree.kill();
        Trees.delete(directory);
    }
}
