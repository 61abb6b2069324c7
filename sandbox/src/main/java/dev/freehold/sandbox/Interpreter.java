package dev.freehold.sandbox;

import java.nio.file.Path;
import java.util.List;

/// What runs a function: an interpreter on this host with its bootstrap, or the function's own.
///
/// @param language the family
/// @param version its version, `20.20.2`
/// @param executable the interpreter
/// @param home a directory that it needs beside `/usr`, or the executable's own
public record Interpreter(Language language, String version, Path executable, List<Path> home) {
    /// What functions bring themselves: a `bootstrap` that speaks the Runtime API. It runs on this
    /// host's system, whichever release of Amazon Linux was asked for.
    static final Interpreter PROVIDED =
            new Interpreter(Language.PROVIDED, "al2023", Path.of("bootstrap"), List.of());

    /// The families of runtimes.
    public enum Language {
        NODEJS,
        PYTHON,
        RUBY,
        PROVIDED
    }

    /// The first number of the version: `20`; of Python's and Ruby's the first two: `3.11`.
    public String major() {
        String[] parts = version.split("\\.", -1);
        boolean two = language == Language.PYTHON || language == Language.RUBY;
        return two ? parts[0] + "." + parts[1] : parts[0];
    }

    public Interpreter {
        home = List.copyOf(home);
    }
}
