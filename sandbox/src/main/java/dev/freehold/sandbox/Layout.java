package dev.freehold.sandbox;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/// Where the engine keeps its files.
///
/// @param code the store of unpacked code: directories with names that can't be guessed
/// @param runtimes Freehold's own runtimes and the SDKs that functions find
/// @param run what belongs to environments that run
public record Layout(Path code, Path runtimes, Path run) {
    /// Makes the directories and unpacks the bootstraps.
    public static Layout create(Path data, Path runtimes) throws IOException {
        Layout layout =
                new Layout(
                        Files.createDirectories(data.resolve("code")).toRealPath(),
                        Files.createDirectories(runtimes).toRealPath(),
                        Files.createDirectories(data.resolve("run")).toRealPath());
        Path bootstraps = Files.createDirectories(layout.bootstraps());
        for (String name : new String[] {"bootstrap.mjs", "bootstrap.py"}) {
            try (InputStream in = Layout.class.getResourceAsStream("bootstrap/" + name)) {
                if (in == null) {
                    throw new IOException("the bootstrap " + name + " is missing");
                }
                Files.copy(in, bootstraps.resolve(name), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return layout;
    }

    Path bootstraps() {
        return run.resolve("bootstraps");
    }
}
