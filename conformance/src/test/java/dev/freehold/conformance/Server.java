package dev.freehold.conformance;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A server in a process of its own, started as the launcher does, from the classes just built.
public final class Server implements AutoCloseable {
    private static final long PATIENCE_SECONDS = 90;

    private final Process process;
    private final Path log;
    private final int port;

    /// Starts a server and waits for its first answer.
    ///
    /// @param data the folder with its data
    public static Server start(Path data) throws IOException, InterruptedException {
        return new Server(data, List.of(), List.of());
    }

    /// Starts one with more options of the JVM, and of its own.
    static Server start(Path data, List<String> options, List<String> own)
            throws IOException, InterruptedException {
        return new Server(data, options, own);
    }

    private Server(Path data, List<String> options, List<String> own)
            throws IOException, InterruptedException {
        Files.createDirectories(data);
        log = data.resolve("server.log");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        process =
                new ProcessBuilder(command(data, options, own))
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(this::kill));
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        while (!answers()) {
            if (process.waitFor(100, TimeUnit.MILLISECONDS) || System.nanoTime() > end) {
                kill();
                throw new IOException("The server did not start:\n" + log());
            }
        }
    }

    private List<String> command(Path data, List<String> options, List<String> own) {
        String classes =
                System.getProperty(
                        "surefire.test.class.path", System.getProperty("java.class.path"));
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(options);
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:+UseCompactObjectHeaders",
                        "-Xmx512m",
                        "-Xss512k",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-ea:dev.freehold...",
                        "-Dfreehold.home=" + root(),
                        "-cp",
                        classes,
                        "dev.freehold.server.cli.Main",
                        "up",
                        "--port",
                        Integer.toString(port),
                        "--data",
                        data.toString()));
        command.addAll(own);
        return command;
    }

    /// The repository's root.
    public static Path root() {
        Path given = Path.of(System.getProperty("freehold.root", "")).toAbsolutePath();
        return Files.exists(given.resolve("mvnw")) ? given : given.resolve("..").normalize();
    }

    private boolean answers() {
        try {
            HttpURLConnection connection =
                    (HttpURLConnection)
                            URI.create(endpoint() + "/_freehold/health").toURL().openConnection();
            connection.setConnectTimeout(1000);
            connection.setReadTimeout(5000);
            return connection.getResponseCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    public int port() {
        return port;
    }

    public String endpoint() {
        return "http://127.0.0.1:" + port;
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    /// The end of what it printed.
    public String log() {
        try {
            String all = Files.readString(log);
            return all.substring(Math.max(0, all.length() - 4000));
        } catch (IOException e) {
            return "no log: " + e.getMessage();
        }
    }

    /// Kills it with SIGKILL, at once.
    public void kill() {
        process.destroyForcibly();
        try {
            process.waitFor(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// Tells it to stop; kills it when it does not.
    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor(15, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }
}
