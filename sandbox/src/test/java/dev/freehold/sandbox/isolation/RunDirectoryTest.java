package dev.freehold.sandbox.isolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.sandbox.host.Sockets;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Sockets have short paths, however long the data's is.
final class RunDirectoryTest {
    @TempDir Path folder;

    @Test
    void aShortPathIsBelowTheData() throws IOException {
        Path data = Files.createTempDirectory("d");
        try {
            assertThat(RunDirectory.of(data)).isEqualTo(data.toRealPath().resolve("run"));
        } finally {
            Files.delete(data.resolve("run"));
            Files.delete(data);
        }
    }

    @Test
    void aLongPathsSocketsAreElsewhere() throws IOException {
        Path data = folder.resolve("x".repeat(100)).resolve("y".repeat(100));
        Path run = RunDirectory.of(data);
        try {
            String id = "i".repeat(36);
            Path sockets = Files.createDirectories(run.resolve("environments/" + id + "/sockets"));
            Path control = sockets.resolve("control");
            try (ServerSocketChannel server = Sockets.listen(control)) {
                assertThat(server.isOpen()).isTrue();
            }
            assertThat(RunDirectory.of(data)).isEqualTo(run);
            Files.setPosixFilePermissions(run, PosixFilePermissions.fromString("rwxrwxrwx"));
            assertThatThrownBy(() -> RunDirectory.of(data)).hasMessageContaining("shorter path");
        } finally {
            dev.freehold.sandbox.host.Trees.delete(run);
        }
    }
}
