package dev.freehold.sandbox;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.freehold.sandbox.host.Trees;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// AWS's own Runtime Interface Clients, unmodified, each as a layer with a `bootstrap`. They are
/// fetched from their registries once and kept below `target`. What needs one is left out, with the
/// reason, where that or its language is not there.
final class OfficialClients {
    private static final String PYTHON = "awslambdaric==4.2.2";
    private static final String NODE = "aws-lambda-ric@3.3.0";
    private static final String NODE_24 = "aws-lambda-ric@4.0.2";
    private static final String JAVA =
            "com.amazonaws:aws-lambda-java-runtime-interface-client:2.10.1";

    private static final Path KEPT = Path.of("target", "runtime-clients").toAbsolutePath();
    private static final int MINUTES = 5;

    private OfficialClients() {}

    /// What fetches a client into an empty folder.
    @FunctionalInterface
    private interface Fetch {
        void into(Path folder) throws Exception;
    }

    /// awslambdaric, for an interpreter that sandboxes see.
    static Path python(Host host) throws Exception {
        Interpreter python = inUsr(host, Interpreter.Language.PYTHON);
        String name = "awslambdaric-" + python.major();
        return layer(
                host,
                name,
                "PYTHONPATH=/opt/python exec " + python.executable() + " -m awslambdaric $_HANDLER",
                folder ->
                        run(
                                folder,
                                Map.of(),
                                python.executable().toString(),
                                "-m",
                                "pip",
                                "install",
                                "--quiet",
                                "--target",
                                folder.resolve("python").toString(),
                                PYTHON));
    }

    /// aws-lambda-ric of before Node.js 24, which is compiled here.
    static Path node(Host host) throws Exception {
        Interpreter node = inUsr(host, Interpreter.Language.NODEJS);
        String start = "exec " + node.executable() + " /opt/nodejs/node_modules/aws-lambda-ric/";
        return layer(host, "node", start + "bin/index.mjs $_HANDLER", npm(NODE));
    }

    /// aws-lambda-ric of Node.js 24, with that.
    static Path node24(Host host, Path node) throws Exception {
        Path layer =
                layer(
                        host,
                        "node-24",
                        "exec /opt/node /opt/nodejs/node_modules/aws-lambda-ric/index.mjs",
                        npm(NODE_24));
        Files.copy(node, layer.resolve("node"));
        return layer;
    }

    private static Fetch npm(String name) {
        return folder ->
                run(
                        folder,
                        Map.of(),
                        "npm",
                        "install",
                        "--no-audit",
                        "--no-fund",
                        "--prefix",
                        folder.resolve("nodejs").toString(),
                        name);
    }

    /// aws-lambda-java-runtime-interface-client, with what it needs.
    static Path java(Host host) throws Exception {
        Interpreter java = inUsr(host, Interpreter.Language.JAVA);
        return layer(
                host,
                "java-runtime-interface-client",
                "exec "
                        + java.executable()
                        + " -cp '/opt/client/*'"
                        + " com.amazonaws.services.lambda.runtime.api.client.AWSLambda $_HANDLER",
                OfficialClients::maven);
    }

    private static void maven(Path folder) throws Exception {
        String[] parts = JAVA.split(":", -1);
        Files.writeString(
                folder.resolve("pom.xml"),
                """
                <project xmlns="http://maven.apache.org/POM/4.0.0">
                  <modelVersion>4.0.0</modelVersion>
                  <groupId>none</groupId><artifactId>none</artifactId><version>1</version>
                  <packaging>pom</packaging>
                  <dependencies><dependency>
                    <groupId>%s</groupId><artifactId>%s</artifactId><version>%s</version>
                  </dependency></dependencies>
                </project>
                """
                        .formatted(parts[0], parts[1], parts[2]));
        run(
                folder,
                Map.of(),
                Path.of("..", "mvnw").toAbsolutePath().normalize().toString(),
                "-B",
                "-q",
                "-f",
                folder.resolve("pom.xml").toString(),
                "dependency:copy-dependencies",
                "-DoutputDirectory=" + folder.resolve("client"));
    }

    /// The newest interpreter of a language that sandboxes of functions with their own see: in
    /// `/usr`, with nothing elsewhere.
    static Interpreter inUsr(Host host, Interpreter.Language language) {
        List<Interpreter> all =
                host.runtimes.all().stream()
                        .filter(one -> one.language() == language)
                        .filter(one -> one.executable().startsWith("/usr") && one.home().isEmpty())
                        .toList();
        assumeTrue(!all.isEmpty(), () -> "no " + language + " in /usr");
        return all.getLast();
    }

    private static synchronized Path layer(Host host, String name, String command, Fetch fetch)
            throws Exception {
        Path kept = KEPT.resolve(name);
        if (!Files.isDirectory(kept)) {
            Path beside = KEPT.resolve(name + ".new");
            Trees.delete(beside);
            Files.createDirectories(beside);
            fetch.into(beside);
            Files.move(beside, kept);
        }
        Path layer = host.layout.code().resolve(name);
        if (!Files.isDirectory(layer)) {
            copy(kept, layer);
            Path bootstrap = layer.resolve("bootstrap");
            Files.writeString(bootstrap, "#!/bin/sh\n" + command + "\n");
            Host.allow(bootstrap);
        }
        return layer;
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> all = Files.walk(from)) {
            for (Path each : (Iterable<Path>) all::iterator) {
                Files.copy(each, to.resolve(from.relativize(each).toString()));
            }
        }
    }

    /// Runs a command; without its success the test is left out.
    static void run(Path directory, Map<String, String> variables, String... command)
            throws Exception {
        ProcessBuilder builder =
                new ProcessBuilder(List.of(command))
                        .directory(directory.toFile())
                        .redirectErrorStream(true);
        builder.environment().putAll(variables);
        Path log = Files.createTempFile("run", ".log");
        String reason;
        try {
            Process process = builder.redirectOutput(log.toFile()).start();
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            process.destroyForcibly();
            reason =
                    ended && process.waitFor() == 0
                            ? ""
                            : "failed: " + Files.readString(log, StandardCharsets.UTF_8);
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        } finally {
            Files.delete(log);
        }
        String why = reason;
        assumeTrue(why.isEmpty(), () -> String.join(" ", command) + ": " + why);
    }
}
