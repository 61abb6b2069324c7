package dev.freehold.sandbox.program;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Finds .NET: a `dotnet` host with the runtimes that it starts programs with.
public final class DotnetHosts {
    private static final Pattern RUNTIME =
            Pattern.compile("(?m)^Microsoft\\.NETCore\\.App (\\d+\\.\\d+\\.\\d+)");
    private static final int MAX_LENGTH = 64 * 1024;
    private static final int PATIENCE_SECONDS = 10;

    private DotnetHosts() {}

    /// A version of .NET.
    ///
    /// @param executable the host that has it
    public record Found(String version, Path executable) {}

    /// @param own Freehold's folder of runtimes; `dotnet-*/dotnet` in it are found
    public static List<Found> find(Path own) {
        List<Path> hosts = new ArrayList<>();
        for (String folder : List.of("/usr/bin", "/usr/local/bin", "/usr/lib/dotnet")) {
            hosts.add(Path.of(folder, "dotnet"));
        }
        hosts.add(Path.of("/usr/share/dotnet/dotnet"));
        hosts.add(Path.of("/opt/dotnet/dotnet"));
        hosts.add(Path.of(System.getProperty("user.home"), ".dotnet", "dotnet"));
        try (Stream<Path> all = Files.list(own)) {
            all.filter(one -> String.valueOf(one.getFileName()).startsWith("dotnet-"))
                    .sorted()
                    .forEach(one -> hosts.add(one.resolve("dotnet")));
        } catch (IOException e) {
            // there is none
        }
        List<Found> found = new ArrayList<>();
        for (Path host : hosts) {
            for (String version : versions(host)) {
                if (found.stream().noneMatch(one -> one.version.equals(version))) {
                    found.add(new Found(version, host));
                }
            }
        }
        return found;
    }

    private static List<String> versions(Path host) {
        if (!Files.isExecutable(host)) {
            return List.of();
        }
        try {
            Process process =
                    new ProcessBuilder(host.toString(), "--list-runtimes")
                            .redirectErrorStream(true)
                            .start();
            String said;
            try (InputStream in = process.getInputStream()) {
                said = new String(in.readNBytes(MAX_LENGTH), StandardCharsets.UTF_8);
            }
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return List.of();
            }
            return RUNTIME.matcher(said).results().map(match -> match.group(1)).toList();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }
}
