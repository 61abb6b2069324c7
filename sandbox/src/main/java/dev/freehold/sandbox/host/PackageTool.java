package dev.freehold.sandbox.host;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The programs by which languages fetch packages, as this host has them, so that their settings (a
/// mirror, a proxy) hold.
public final class PackageTool {
    private static final int TIMEOUT_MINUTES = 3;

    private PackageTool() {}

    /// Runs one to its end, which takes at most three minutes.
    ///
    /// @param name of the program, such as `npm`
    /// @param fetched what it fetches
    /// @param work a folder that gets its log
    /// @throws IOException when it fails; the message has what it said
    public static void fetch(String name, List<String> command, String fetched, Path work)
            throws IOException {
        Path log = work.resolve(name + ".log");
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        try {
            if (!process.waitFor(TIMEOUT_MINUTES, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IOException(name + " took more than " + TIMEOUT_MINUTES + " minutes");
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        if (process.exitValue() != 0) {
            String said = Files.readString(log, StandardCharsets.UTF_8).strip();
            throw new IOException(name + " can't fetch " + fetched + ": " + said);
        }
    }
}
