package dev.freehold.benchmarks;

import dev.freehold.protocol.Headers;
import dev.freehold.protocol.signing.Signer;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A server of the launcher's, in a process of its own, with a temporary folder.
final class Server implements AutoCloseable {
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final Pattern PSS = Pattern.compile("(?m)^Pss:\\s+(\\d+) kB");
    private static final Pattern KEY =
            Pattern.compile(
                    "<AccessKeyId>(\\w+)</AccessKeyId>.*<SecretAccessKey>([^<]+)<", Pattern.DOTALL);

    private final Process process;
    private final Path data;
    private final int port;
    private final double startMillis;
    private Signer.Key key = new Signer.Key("benchmark", "unknown", null);

    /// Starts one and waits for its first answer.
    static Server start(String... more) throws IOException, InterruptedException {
        return start(Map.of(), more);
    }

    /// Starts one with more variables, and waits for its first answer.
    static Server start(Map<String, String> variables, String... more)
            throws IOException, InterruptedException {
        Server server = new Server(variables, more);
        try (Aws iam = new Aws(server, "iam")) {
            iam.query("Action=CreateUser&Version=2010-05-08&UserName=bench");
            iam.query(
                    "Action=AttachUserPolicy&Version=2010-05-08&UserName=bench&PolicyArn="
                            + "arn:aws:iam::aws:policy/AdministratorAccess");
            String made =
                    iam.query("Action=CreateAccessKey&Version=2010-05-08&UserName=bench").text();
            Matcher matcher = KEY.matcher(made);
            if (!matcher.find()) {
                throw new IOException("no access key in " + made);
            }
            server.key = new Signer.Key(matcher.group(1), matcher.group(2), null);
            iam.query(
                    "Action=CreateRole&Version=2010-05-08&RoleName=bench&AssumeRolePolicyDocument="
                            + "%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22"
                            + "Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22"
                            + "lambda.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole"
                            + "%22%7D%5D%7D");
        } catch (IOException e) {
            server.close();
            throw e;
        }
        return server;
    }

    private Server(Map<String, String> variables, String... more)
            throws IOException, InterruptedException {
        data = Files.createTempDirectory("freehold-bench");
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("freehold.home", "."), "freehold").toString());
        command.addAll(List.of("up", "--port", String.valueOf(port), "--data", data.toString()));
        command.addAll(List.of(more));
        long begun = System.nanoTime();
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(data.resolve("log").toFile());
        builder.environment().putAll(variables);
        process = builder.start();
        while (!answers()) {
            if (!process.isAlive() || System.nanoTime() - begun > PATIENCE_NANOS) {
                String log = Files.readString(data.resolve("log"));
                close();
                throw new IOException("the server did not start: " + log);
            }
            Thread.sleep(2);
        }
        startMillis = (System.nanoTime() - begun) / 1e6;
    }

    private boolean answers() {
        try (Connection connection = new Connection(port, "127.0.0.1:" + port)) {
            return connection.send("GET", "/_freehold/health", Headers.EMPTY, new byte[0]).status()
                    == 200;
        } catch (IOException e) {
            return false;
        }
    }

    int port() {
        return port;
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    Path data() {
        return data;
    }

    Signer.Key key() {
        return key;
    }

    /// From the launcher's start to the first answer, the launcher's script included.
    double startMillis() {
        return startMillis;
    }

    long pid() {
        return process.pid();
    }

    /// The proportional set sizes of its children in MB, by the names of their programs.
    Map<String, List<Double>> children() throws IOException {
        Map<String, List<Double>> sizes = new TreeMap<>();
        try (Stream<ProcessHandle> all = process.descendants()) {
            for (ProcessHandle child : all.toList()) {
                Path name = Path.of("/proc", String.valueOf(child.pid()), "comm");
                if (Files.exists(name)) {
                    sizes.computeIfAbsent(Files.readString(name).strip(), _ -> new ArrayList<>())
                            .add(pss(child.pid()));
                }
            }
        }
        return sizes;
    }

    /// The proportional set sizes of the server and of all its children, in MB.
    Memory memory() throws IOException {
        double children = 0;
        try (Stream<ProcessHandle> all = process.descendants()) {
            for (ProcessHandle child : all.toList()) {
                children += pss(child.pid());
            }
        }
        return new Memory(pss(process.pid()), children);
    }

    /// @param server the JVM's, in MB
    /// @param sandboxes its children's, in MB
    record Memory(double server, double sandboxes) {}

    private static double pss(long pid) throws IOException {
        Path file = Path.of("/proc", String.valueOf(pid), "smaps_rollup");
        if (!Files.exists(file)) {
            return 0;
        }
        Matcher matcher = PSS.matcher(Files.readString(file));
        return matcher.find() ? Long.parseLong(matcher.group(1)) / 1024.0 : 0;
    }

    @Override
    public void close() throws IOException {
        process.destroy();
        try {
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        try (Stream<Path> all = Files.walk(data)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
