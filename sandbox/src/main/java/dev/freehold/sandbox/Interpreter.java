package dev.freehold.sandbox;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// What runs a function: an interpreter on this host with its bootstrap, or the function's own.
///
/// @param language the family
/// @param version its version, `20.20.2`
/// @param executable the interpreter
/// @param home directories that it needs beside `/usr`
/// @param options what it is started with, for functions that need that
/// @param debugPort where a debugger finds it, in its sandbox and on the host; 0 is nowhere
public record Interpreter(
        Language language,
        String version,
        Path executable,
        List<Path> home,
        List<String> options,
        int debugPort) {

    /// How much of a function's memory is the heap of a JVM, as on AWS: the rest is for what is not
    /// on the heap.
    private static final double HEAP = 0.85;

    /// The first Node.js whose compile cache can be filled and read by programs.
    private static final int LEAST_COMPILING_NODE = 22;

    /// What functions bring themselves: a `bootstrap` that speaks the Runtime API. It runs on this
    /// host's system, whichever release of Amazon Linux was asked for.
    public static final Interpreter PROVIDED =
            new Interpreter(
                    Language.PROVIDED, "al2023", Path.of("bootstrap"), List.of(), List.of());

    /// The families of runtimes.
    public enum Language {
        NODEJS,
        PYTHON,
        RUBY,
        JAVA,
        DOTNET,
        PROVIDED
    }

    /// One that is not debugged.
    public Interpreter(
            Language language,
            String version,
            Path executable,
            List<Path> home,
            List<String> options) {
        this(language, version, executable, home, options, 0);
    }

    /// The first number of the version: `20`; of Python's and Ruby's the first two: `3.11`.
    public String major() {
        String[] parts = version.split("\\.", -1);
        boolean two = language == Language.PYTHON || language == Language.RUBY;
        return two ? parts[0] + "." + parts[1] : parts[0];
    }

    public Interpreter {
        home = List.copyOf(home);
        options = List.copyOf(options);
    }

    /// The interpreter as a function needs it started: a JVM must be told how much memory it has,
    /// and what `JAVA_TOOL_OPTIONS` says, which it reads as it starts.
    Interpreter tuned(int memory, Map<String, String> variables) {
        if (language != Language.JAVA) {
            return this;
        }
        List<String> tuned = new ArrayList<>();
        tuned.add("-XX:MaxHeapSize=" + (long) (memory * HEAP * 1024) + "k");
        String own = variables.getOrDefault("JAVA_TOOL_OPTIONS", "").strip();
        if (!own.isEmpty()) {
            tuned.addAll(List.of(own.split("\\s+")));
        }
        if (debugged()) {
            tuned.add(
                    "-agentlib:jdwp=transport=dt_socket,server=y,suspend=y,quiet=y"
                            + ",address=127.0.0.1:"
                            + debugPort);
        }
        return new Interpreter(language, version, executable, home, tuned, debugPort);
    }

    /// The interpreter in sandboxes that show a folder of the host, where the host has it.
    Interpreter seeing(Path folder) {
        List<Path> seen = new ArrayList<>(home);
        seen.add(folder);
        return new Interpreter(language, version, executable, seen, options, debugPort);
    }

    /// Whether the function's own program speaks by the Runtime API.
    boolean speaks() {
        return language == Language.DOTNET || language == Language.PROVIDED;
    }

    /// The interpreter waiting for a debugger before it loads a function, in an environment that is
    /// the only one of its function.
    public Interpreter debugged(int port) {
        return new Interpreter(language, version, executable, home, options, port);
    }

    boolean debugged() {
        return debugPort != 0;
    }

    /// The same with a module imported before it has a function.
    Interpreter importing(String module) {
        return new Interpreter(language, version, executable, home, List.of(module), debugPort);
    }

    /// What names of files end in that its bootstrap compiles ahead of functions' starts; none when
    /// it does not.
    Set<String> sources() {
        return switch (language) {
            case PYTHON -> Set.of("py");
            case RUBY -> Set.of("rb");
            case NODEJS ->
                    Integer.parseInt(major()) < LEAST_COMPILING_NODE
                            ? Set.of()
                            : Set.of("js", "mjs", "cjs");
            case JAVA, DOTNET, PROVIDED -> Set.of();
        };
    }

    /// Whether functions with the same options are likely enough for a pool.
    boolean pooled() {
        return options.size() <= 1 && !debugged();
    }
}
