package dev.freehold.sandbox.debug;

import dev.freehold.sandbox.host.PackageTool;
import dev.freehold.sandbox.host.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Fetches debugpy, by which editors debug Python, with the interpreter's own `pip`, so that its
/// settings (a mirror, a proxy) hold. What was fetched serves offline for ever.
public final class Debugpy {
    private static final String NAME = "debugpy-";

    private final Path runtimes;

    /// @param runtimes the folder that gets a `debugpy-<version>` for each version of Python
    public Debugpy(Path runtimes) {
        this.runtimes = runtimes;
    }

    /// Which of an interpreter's folders is debugpy's, or null.
    public static @Nullable String in(List<Path> homes) {
        return homes.stream()
                .map(Path::toString)
                .filter(home -> home.contains("/" + NAME))
                .findFirst()
                .orElse(null);
    }

    /// Where it is; fetched when it is missing, which takes seconds.
    ///
    /// @param python the interpreter
    /// @param version its first two numbers
    /// @throws IOException when it can't be had; the message says why
    public synchronized Path folder(Path python, String version) throws IOException {
        Path home = runtimes.resolve(NAME + version);
        if (Files.isDirectory(home.resolve("debugpy"))) {
            return home;
        }
        System.getLogger(Debugpy.class.getName())
                .log(System.Logger.Level.INFO, "Fetching debugpy for Python " + version + " ...");
        Files.createDirectories(runtimes);
        Path work = Files.createTempDirectory(runtimes, "fetch");
        try {
            pip(python, work);
            Files.move(work.resolve("debugpy"), home, StandardCopyOption.ATOMIC_MOVE);
            return home;
        } finally {
            Trees.delete(work);
        }
    }

    private static void pip(Path python, Path work) throws IOException {
        List<String> command =
                List.of(
                        python.toString(),
                        "-m",
                        "pip",
                        "install",
                        "--quiet",
                        "--disable-pip-version-check",
                        "--no-deps",
                        "--target",
                        work.resolve("debugpy").toString(),
                        "debugpy");
        PackageTool.fetch("pip", command, "debugpy", work);
    }
}
