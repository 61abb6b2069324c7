package dev.freehold.server;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/// A server's settings.
///
/// @param port where it listens; 0 is any free port
/// @param bind the address that it listens on
/// @param data the folder with its data
/// @param runtimes the folder with runtimes and SDKs
/// @param development whether an unknown access key is an account's root
/// @param hostNames more names by which it may be called
/// @param isolated whether functions run in sandboxes
/// @param pool how many environments of each runtime wait for functions
/// @param hotReload folders that functions may be run from by whoever may deploy them
public record Config(
        int port,
        String bind,
        Path data,
        Path runtimes,
        boolean development,
        Set<String> hostNames,
        boolean isolated,
        int pool,
        List<Path> hotReload) {
    public Config {
        hostNames = Set.copyOf(hostNames);
        hotReload = List.copyOf(hotReload);
    }

    /// The same on another port.
    Config withPort(int other) {
        return new Config(
                other, bind, data, runtimes, development, hostNames, isolated, pool, hotReload);
    }

    /// How long bytes that nothing names any more are kept: an hour, which readers and writers
    /// under way are done in. Soaks, for which time is to pass faster, set another.
    static Duration grace() {
        return Duration.ofSeconds(Long.getLong("freehold.grace-seconds", 3600));
    }

    /// The folder of runtimes and SDKs, unless another is given.
    public static Path defaultRuntimes() {
        String home = System.getenv("FREEHOLD_HOME");
        return home == null
                ? Path.of(
                        System.getProperty("user.home"), ".local", "share", "freehold", "runtimes")
                : Path.of(home, "runtimes");
    }
}
