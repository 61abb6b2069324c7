package dev.freehold.server.cli;

import dev.freehold.sandbox.SandboxException;
import dev.freehold.server.Config;
import dev.freehold.server.Freehold;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;

/// A server on a free port whose folder goes when it stops.
final class Temporary {
    private Temporary() {}

    /// @param pool how many environments of each runtime wait
    static Freehold server(Path data, int pool) throws IOException {
        Config config =
                new Config(
                        0,
                        "127.0.0.1",
                        data,
                        Config.defaultRuntimes(),
                        true,
                        Set.of(),
                        true,
                        pool,
                        List.of());
        try {
            return new Freehold(config);
        } catch (IOException | SandboxException e) {
            delete(data);
            throw e;
        }
    }

    /// Deletes the folder when the process ends and the server has closed its files.
    static void deleteAtExit(Path data, CountDownLatch stopped) {
        Runnable delete =
                () -> {
                    try {
                        stopped.await();
                        delete(data);
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    } catch (IOException e) {
                        System.getLogger(Temporary.class.getName())
                                .log(System.Logger.Level.WARNING, "This folder stays: " + data, e);
                    }
                };
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().name("tidy").unstarted(delete));
    }

    static void delete(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
