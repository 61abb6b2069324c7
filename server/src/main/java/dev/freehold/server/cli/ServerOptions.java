package dev.freehold.server.cli;

import dev.freehold.sandbox.isolation.Shares;
import dev.freehold.server.Config;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/// The options of a server.
final class ServerOptions {
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "::1");

    @Spec(Target.MIXEE)
    CommandSpec command = CommandSpec.create();

    @Option(names = "--port", description = "Where it listens (default: 4566; 0: any free one).")
    int port = 4566;

    @Option(names = "--bind", description = "The address (default: 127.0.0.1).")
    String bind = "127.0.0.1";

    @Option(names = "--data", description = "The folder of its data (default: .freehold).")
    Path data = Path.of(".freehold");

    @Option(
            names = "--mode",
            description =
                    "dev: an unknown access key is its account's root; production: it is refused"
                            + " (default: dev).")
    String mode = "dev";

    @Option(names = "--host-name", description = "Another name by which it may be called.")
    Set<String> hostNames = Set.of();

    @Option(
            names = "--isolation",
            description = "sandbox or none: what functions run in (default: sandbox).")
    String isolation = "sandbox";

    @Option(
            names = "--pool",
            description = "Environments of each runtime that wait at least (default: 1).")
    int pool = 1;

    @Option(
            names = "--hot-reload",
            paramLabel = "FOLDER",
            description =
                    "A folder that functions may be run from (S3Bucket=hot-reload, S3Key=FOLDER)."
                            + " In dev mode callers on this host may name others.")
    List<Path> hotReload = List.of();

    @Option(
            names = "--images",
            description =
                    "The folder of the archives that oci-archive: image URIs name"
                            + " (default: images in the folder of its data).")
    @Nullable Path images;

    @Option(
            names = "--mount",
            paramLabel = "NAME=DIR",
            description = "A folder that functions may mount, as EFS access point fsap-...")
    Map<String, Path> mounts = Map.of();

    /// What was given, checked.
    Config config() {
        if (!Set.of("dev", "production").contains(mode)) {
            throw new ParameterException(command.commandLine(), "--mode is dev or production.");
        }
        if (!Set.of("sandbox", "none").contains(isolation)) {
            throw new ParameterException(command.commandLine(), "--isolation is sandbox or none.");
        }
        if (pool < 0 || pool > 64) {
            throw new ParameterException(command.commandLine(), "--pool is from 0 to 64.");
        }
        boolean development = mode.equals("dev");
        if (development && !LOOPBACK.contains(bind)) {
            command.commandLine()
                    .getErr()
                    .println(
                            "Warning: in dev mode whoever reaches "
                                    + bind
                                    + " is root. Use --mode production.");
        }
        return new Config(
                port,
                bind,
                data,
                Config.defaultRuntimes(),
                development,
                hostNames,
                isolation.equals("sandbox"),
                pool,
                hotReload,
                images == null ? data.resolve("images") : images,
                shares());
    }

    private Map<String, Path> shares() {
        try {
            return Shares.checked(mounts);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage(), e);
        }
    }
}
