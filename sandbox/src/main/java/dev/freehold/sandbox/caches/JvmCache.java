package dev.freehold.sandbox.caches;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// What a JDK has loaded and linked of the bootstrap ahead of its starts, by its own cache of that.
/// It needs no sandbox: only the JDK and the bootstrap run.
public final class JvmCache {
    /// What JVMs of functions are started with; the cache serves only those that have the same.
    public static final List<String> OPTIONS =
            List.of(
                    "-XX:+UseSerialGC",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:-UsePerfData",
                    // The bootstrap's connection, and its variables.
                    "--add-opens=java.base/java.io=ALL-UNNAMED",
                    "--add-opens=java.base/java.util=ALL-UNNAMED");

    /// The first Java that makes it in one step.
    private static final int LEAST_JAVA = 25;

    private static final long PATIENCE_SECONDS = 120;

    private JvmCache() {}

    /// Whether a version of Java can make it.
    public static boolean made(String major) {
        return Integer.parseInt(major) >= LEAST_JAVA;
    }

    /// Makes it, unless it is there.
    ///
    /// @param libraries the bootstrap's jars
    /// @param cache the file
    public static void make(Path java, Path libraries, Path cache) {
        if (Files.exists(cache)) {
            return;
        }
        Path unfinished = cache.resolveSibling(cache.getFileName() + ".new");
        List<String> command = new ArrayList<>();
        command.add(java.toString());
        command.addAll(OPTIONS);
        command.add("-XX:AOTCacheOutput=" + unfinished);
        command.addAll(List.of("-cp", libraries + "/*", "dev.freehold.bootstrap.Main", "train"));
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.redirectOutput(ProcessBuilder.Redirect.DISCARD);
        try {
            Process process = builder.start();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            } else if (process.exitValue() == 0 && Files.exists(unfinished)) {
                Files.move(unfinished, cache, StandardCopyOption.ATOMIC_MOVE);
            }
            Files.deleteIfExists(unfinished);
        } catch (IOException e) {
            System.getLogger(JvmCache.class.getName())
                    .log(System.Logger.Level.WARNING, "JVMs start without a cache: " + e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
