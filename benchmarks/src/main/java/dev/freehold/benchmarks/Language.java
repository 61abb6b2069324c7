package dev.freehold.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// An echo function in one language, and what starts the same language's bare runtime.
///
/// @param target the most that a cold start from the pool should take, in milliseconds
/// @param bare the bare runtime's command, which does nothing
record Language(String name, String target, Deployment.Function function, List<String> bare) {
    static final String NODE_CODE = "exports.handler = async (event) => event;\n";

    private static final String PYTHON_CODE = "def handler(event, context):\n    return event\n";
    private static final String RUBY_CODE = "def handler(event:, context:)\n  event\nend\n";
    private static final String FAST = "p50 <= 5, p99 <= 40 ms";
    private static final int BUILD_SECONDS = 300;

    static Language node() {
        return new Language(
                "Node.js",
                FAST,
                Deployment.Function.of("nodejs20.x", "index.js", NODE_CODE),
                List.of("node", "-e", "0"));
    }

    /// All that this machine has the compilers of.
    ///
    /// @param folder where they build
    static List<Language> all(Path folder) throws IOException, InterruptedException {
        List<Language> all = new ArrayList<>();
        all.add(node());
        all.add(
                new Language(
                        "Python",
                        FAST,
                        Deployment.Function.of("python3.11", "index.py", PYTHON_CODE),
                        List.of("/usr/bin/python3", "-c", "pass")));
        all.add(
                new Language(
                        "Ruby",
                        FAST,
                        Deployment.Function.of("ruby3.2", "index.rb", RUBY_CODE),
                        List.of("ruby", "-e", "0")));
        all.add(java(folder));
        Path go = folder.resolve("go");
        add(all, "Go", go, "go", "build", "-o", go.toString(), source(folder, "bootstrap.go"));
        Path rust = folder.resolve("rust");
        add(
                all,
                "Rust",
                rust,
                "rustc",
                "-O",
                "-o",
                rust.toString(),
                source(folder, "bootstrap.rs"));
        return all;
    }

    private static Language java(Path folder) throws IOException, InterruptedException {
        Path core = folder.resolve("core.jar");
        Files.write(core, resource("/dev/freehold/bootstrap/lib/aws-lambda-java-core.jar"));
        Path bin = Path.of(System.getProperty("java.home"), "bin");
        String source = source(folder, "Echo.java");
        run(bin.resolve("javac").toString(), "-cp", core.toString(), source);
        Map<String, byte[]> files = new HashMap<>();
        files.put("Echo.class", Files.readAllBytes(folder.resolve("Echo.class")));
        return new Language(
                "Java",
                "p50 <= 25, p99 <= 120 ms",
                new Deployment.Function("java25", "Echo", 512, files),
                List.of(
                        bin.resolve("java").toString(),
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        folder + ":" + core,
                        "Echo"));
    }

    private static void add(List<Language> all, String name, Path program, String... build)
            throws IOException, InterruptedException {
        try {
            run(build);
        } catch (IOException e) {
            Print.title(name + " is left out: " + e.getMessage());
            return;
        }
        Map<String, byte[]> files = Map.of("bootstrap", Files.readAllBytes(program));
        all.add(
                new Language(
                        name,
                        "p50 <= 15 ms",
                        new Deployment.Function("provided.al2023", "none", 128, files),
                        List.of(program.toString(), "end")));
    }

    private static String source(Path folder, String name) throws IOException {
        return Files.write(folder.resolve(name), resource("cold/" + name)).toString();
    }

    private static byte[] resource(String name) throws IOException {
        try (@Nullable InputStream in = Language.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("the resource " + name + " is missing");
            }
            return in.readAllBytes();
        }
    }

    private static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).inheritIO().start();
        if (!process.waitFor(BUILD_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
            process.destroyForcibly();
            throw new IOException(String.join(" ", command) + " failed");
        }
    }

    /// How long the bare runtime takes from its start to its end, in nanoseconds.
    long bareNanos() throws IOException, InterruptedException {
        long begun = System.nanoTime();
        new ProcessBuilder(bare).redirectErrorStream(true).start().waitFor();
        return System.nanoTime() - begun;
    }
}
