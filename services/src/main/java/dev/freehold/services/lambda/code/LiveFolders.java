package dev.freehold.services.lambda.code;

import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.rules.Errors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Which folders of this host functions may be run from: all in those that the server's
/// administrator names; and any other, in development, for who calls from this host and not from
/// within a function. Never the server's own data, nor what the system has for itself.
public final class LiveFolders {
    private static final Set<Path> SYSTEM =
            Set.of(
                    Path.of("/proc"),
                    Path.of("/sys"),
                    Path.of("/dev"),
                    Path.of("/run"),
                    Path.of("/etc"));

    private final List<Path> allowed;
    private final boolean development;
    private final Path data;

    /// @param allowed folders that the administrator names
    /// @param development whether callers on this host may name others
    /// @param data the server's own
    public LiveFolders(List<Path> allowed, boolean development, Path data) {
        this.allowed = allowed.stream().map(Path::toAbsolutePath).map(Path::normalize).toList();
        this.development = development;
        this.data = data.toAbsolutePath().normalize();
    }

    /// @param path as the caller names it
    /// @throws dev.freehold.protocol.ServiceError when it is none, or may not be used
    LiveFolder require(String path, Caller caller) {
        Path real = real(path);
        boolean own = real.startsWith(data) || data.startsWith(real);
        if (own || SYSTEM.stream().anyMatch(real::startsWith)) {
            throw Errors.invalid("Functions can't be run from the folder " + path + ".");
        }
        boolean local = development && loopback(caller.facts().getOrDefault("aws:SourceIp", ""));
        if (!local && allowed.stream().noneMatch(real::startsWith)) {
            throw Errors.invalid(
                    "Functions may not be run from the folder "
                            + path
                            + ". The server's option --hot-reload allows folders.");
        }
        return new LiveFolder(real);
    }

    private static Path real(String path) {
        try {
            Path given = Path.of(path);
            if (given.isAbsolute() && Files.isDirectory(given)) {
                return given.toRealPath();
            }
        } catch (InvalidPathException | IOException e) {
            // refused below, like what is no folder
        }
        throw Errors.invalid(
                "With the bucket "
                        + LiveFolder.BUCKET
                        + ", S3Key must be the absolute path of a folder on the server's host,"
                        + " not: "
                        + path);
    }

    private static boolean loopback(String address) {
        return Stream.of("127.", "[::1]", "::1", "0:0:0:0:0:0:0:1", "[0:0:0:0:0:0:0:1]")
                .anyMatch(address::startsWith);
    }
}
