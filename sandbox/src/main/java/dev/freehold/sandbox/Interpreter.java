package dev.freehold.sandbox;

import java.nio.file.Path;
import java.util.List;

/// An interpreter on this host with its bootstrap.
///
/// @param language the family
/// @param version its version, `20.20.2`
/// @param executable the interpreter
/// @param home a directory that it needs beside `/usr`, or the executable's own
public record Interpreter(Language language, String version, Path executable, List<Path> home) {
    /// The families of runtimes.
    public enum Language {
        NODEJS,
        PYTHON
    }

    /// The first number of the version: `20`; of Python's the first two: `3.11`.
    public String major() {
        String[] parts = version.split("\\.", -1);
        return language == Language.PYTHON ? parts[0] + "." + parts[1] : parts[0];
    }

    public Interpreter {
        home = List.copyOf(home);
    }
}
