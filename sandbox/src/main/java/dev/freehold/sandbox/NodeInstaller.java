package dev.freehold.sandbox;

import dev.freehold.sandbox.host.PackageTool;
import dev.freehold.sandbox.host.Trees;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;

/// Fetches versions of Node.js that the host lacks: the npm registry has the interpreter itself as
/// packages, one for each platform. Uses the host's `npm`, so that its settings (a mirror, a proxy)
/// hold. A version that was fetched serves offline for ever.
final class NodeInstaller {
    private final Path runtimes;

    /// @param runtimes the folder that gets a `node-<major>` for each version
    NodeInstaller(Path runtimes) {
        this.runtimes = runtimes;
    }

    /// Fetches the newest release of a major version.
    ///
    /// @return its executable
    /// @throws IOException when it can't be had; the message says why
    synchronized Path install(int major) throws IOException {
        Path home = runtimes.resolve("node-" + major);
        Path executable = home.resolve("bin/node");
        if (Files.isExecutable(executable)) {
            return executable;
        }
        String name = "node-linux-" + architecture();
        Files.createDirectories(runtimes);
        Path work = Files.createTempDirectory(runtimes, "fetch");
        try {
            npm(work, name + "@" + major);
            Path fetched = work.resolve("node_modules").resolve(name);
            // What only those need who compile against Node.js, or read its manual.
            Trees.delete(fetched.resolve("include"));
            Trees.delete(fetched.resolve("share"));
            Files.move(fetched, home, StandardCopyOption.ATOMIC_MOVE);
        } catch (FileAlreadyExistsException e) {
            // Another server that shares the folder was faster.
        } finally {
            Trees.delete(work);
        }
        if (!Files.isExecutable(executable)) {
            throw new IOException("the package " + name + " has no bin/node");
        }
        return executable;
    }

    private static void npm(Path work, String fetched) throws IOException {
        List<String> command =
                List.of(
                        "npm",
                        "install",
                        "--silent",
                        "--no-audit",
                        "--no-fund",
                        "--ignore-scripts",
                        "--fetch-retries=1",
                        "--fetch-timeout=30000",
                        "--prefix",
                        work.toString(),
                        fetched);
        PackageTool.fetch("npm", command, fetched, work);
    }

    private static String architecture() {
        String name = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
        return switch (name) {
            case "amd64", "x86_64" -> "x64";
            case "aarch64" -> "arm64";
            default -> name;
        };
    }
}
