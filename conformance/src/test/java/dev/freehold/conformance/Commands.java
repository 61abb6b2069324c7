package dev.freehold.conformance;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/// Runs programs with a client's environment.
final class Commands {
    private static final long PATIENCE_SECONDS = 180;

    private final Map<String, String> environment;

    Commands(String endpoint, String account) {
        this.environment =
                Map.of(
                        "AWS_ENDPOINT_URL", endpoint,
                        "ENDPOINT", endpoint,
                        "AWS_ACCESS_KEY_ID", account,
                        "AWS_SECRET_ACCESS_KEY", "secret",
                        "AWS_REGION", "us-east-1",
                        "AWS_DEFAULT_REGION", "us-east-1",
                        "AWS_CONFIG_FILE", "/dev/null",
                        "AWS_SHARED_CREDENTIALS_FILE", "/dev/null",
                        "AWS_PAGER", "");
    }

    /// One of the environment's variables.
    String variable(String name) {
        return Objects.requireNonNull(environment.get(name));
    }

    /// Runs a program to its end.
    ///
    /// @param more variables of its environment
    /// @return what it printed to its output
    String run(Map<String, String> more, List<String> command)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile("conformance", ".out");
        Path err = Files.createTempFile("conformance", ".err");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile())
                        .redirectInput(Path.of("/dev/null").toFile());
        builder.environment().putAll(environment);
        builder.environment().putAll(more);
        Process process = builder.start();
        try {
            boolean ended = process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS);
            String printed = Files.readString(out, StandardCharsets.UTF_8);
            if (!ended || process.exitValue() != 0) {
                throw new IOException(
                        (ended ? "Failed: " : "Did not end: ")
                                + String.join(" ", command)
                                + "\n"
                                + printed
                                + Files.readString(err, StandardCharsets.UTF_8));
            }
            return printed;
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            Files.delete(out);
            Files.delete(err);
        }
    }
}
