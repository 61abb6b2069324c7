package dev.freehold.sandbox;

import dev.freehold.sandbox.Frames.Frame;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// The connection with a sandbox's first process, which starts, stops, continues and kills the
/// others: see `init.c`. User code can't speak on it.
final class Control implements AutoCloseable {
    private static final Duration SPAWN_TIMEOUT = Duration.ofSeconds(10);

    private final Frames frames;
    private final Consumer<String> output;
    private final Consumer<String> extensionOutput;
    private final BlockingQueue<ByteBuffer> spawned = new ArrayBlockingQueue<>(1);
    private final Map<Integer, Integer> exits = new HashMap<>();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean gone;

    /// Waits until the first process is ready.
    ///
    /// @param output takes what processes print
    /// @param extensionOutput takes what extensions print
    Control(Frames frames, Consumer<String> output, Consumer<String> extensionOutput)
            throws IOException {
        this.frames = frames;
        this.output = output;
        this.extensionOutput = extensionOutput;
        Frame ready = frames.read();
        if (ready.type() != 'R') {
            throw new IOException("the sandbox's first process is not ready");
        }
    }

    /// Takes reports, until the sandbox ends.
    void listen() {
        try {
            while (true) {
                take(frames.read());
            }
        } catch (IOException e) {
            lock.lock();
            try {
                gone = true;
                changed.signalAll();
            } finally {
                lock.unlock();
            }
        }
    }

    private void take(Frame frame) {
        ByteBuffer content = ByteBuffer.wrap(frame.content());
        switch (frame.type()) {
            case 'L' -> output.accept(frame.text());
            case 'E' -> extensionOutput.accept(frame.text());
            case 'P' -> {
                // An answer that came too late for who asked gives way to the newest.
                spawned.clear();
                spawned.add(content);
            }
            case 'X' -> {
                lock.lock();
                try {
                    exits.put(content.getInt(), content.getInt());
                    changed.signalAll();
                } finally {
                    lock.unlock();
                }
            }
            default -> {}
        }
    }

    /// The system can't start a program.
    static final class SpawnException extends IOException {
        private static final long serialVersionUID = 1L;

        private final String program;
        final int error;

        SpawnException(String program, int error) {
            super("Can't start " + program + ": " + Errors.spawn(error));
            this.program = program;
            this.error = error;
        }

        /// The program, and what the system says.
        String reason() {
            return program + ": " + Errors.spawn(error);
        }
    }

    /// What a process is.
    enum Role {
        /// The function's.
        PLAIN,
        /// A bootstrap, which inherits the runtime's connection as descriptor 3; once.
        BOOTSTRAP,
        /// An extension, whose output is its own.
        EXTENSION
    }

    /// Starts a process in the sandbox.
    ///
    /// @param command what runs, and with what; no argument may be empty
    /// @param directory the working directory
    /// @return its id, as the sandbox sees it
    /// @throws SpawnException when it can't be started
    int spawn(Command command, String directory, Role role) throws IOException {
        if (command.environment().toString().indexOf('\0') >= 0) {
            throw new IOException("A variable has a zero byte.");
        }
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.write(role.ordinal());
        message.writeBytes(number(command.arguments().size()));
        message.writeBytes(number(command.environment().size()));
        string(message, directory);
        command.arguments().forEach(argument -> string(message, argument));
        command.environment().forEach((name, value) -> string(message, name + "=" + value));
        frames.write('S', message.toByteArray());
        ByteBuffer answer;
        try {
            answer = spawned.poll(SPAWN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (answer == null) {
            throw new IOException("the sandbox's first process does not answer");
        }
        int pid = answer.getInt();
        if (pid == 0) {
            throw new SpawnException(command.arguments().getFirst(), answer.getInt());
        }
        return pid;
    }

    private static byte[] number(int value) {
        return ByteBuffer.allocate(2).putShort((short) value).array();
    }

    private static void string(ByteArrayOutputStream message, String text) {
        if (text.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a zero byte in an argument");
        }
        message.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        message.write(0);
    }

    /// Stops all processes, until [#thaw].
    void freeze() throws IOException {
        frames.write('F');
    }

    void thaw() throws IOException {
        frames.write('T');
    }

    /// Sends a signal to a process that was started, and those of its session.
    void signal(int pid, int number) throws IOException {
        frames.write('G', ByteBuffer.allocate(8).putInt(pid).putInt(number).array());
    }

    /// Connects a port of the sandbox's loopback with a unix socket: see `init.c`.
    ///
    /// @param socket as the sandbox sees it
    void connect(int port, String socket) throws IOException {
        byte[] path = socket.getBytes(StandardCharsets.UTF_8);
        ByteBuffer content = ByteBuffer.allocate(path.length + 3);
        frames.write('C', content.putShort((short) port).put(path).put((byte) 0).array());
    }

    /// Kills all processes but the first.
    void kill() throws IOException {
        frames.write('K');
    }

    /// The wait status of a process that was started and has ended; null when it has not within the
    /// time, or the whole sandbox was killed.
    @Nullable Integer exit(int pid, Duration wait) {
        long left = wait.toNanos();
        lock.lock();
        try {
            while (!exits.containsKey(pid) && !gone && left > 0) {
                left = changed.awaitNanos(left);
            }
            return exits.get(pid);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until a process that was started has ended, or the sandbox.
    void awaitExit(int pid) {
        lock.lock();
        try {
            while (!exits.containsKey(pid) && !gone) {
                changed.awaitUninterruptibly();
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        frames.close();
    }
}
