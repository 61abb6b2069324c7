package dev.freehold.conformance.structure;

import dev.freehold.conformance.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.TreeSet;

/// Violations that are there today, each on a line of a file. The list only shrinks: a new
/// violation fails the build, and so does one that is gone from the code but not from the list.
///
/// `-Dallow=write` writes the lists anew, for whoever takes something off.
final class AllowList {
    private final Path file;

    /// @param name the file's name, under `conformance/allowed/`
    AllowList(String name) {
        this.file = Server.root().resolve("conformance/allowed").resolve(name);
    }

    void check(Collection<String> violations) throws IOException {
        if ("write".equals(System.getProperty("allow"))) {
            Files.createDirectories(file.getParent());
            Files.write(file, new TreeSet<>(violations));
            return;
        }
        Collection<String> allowed = new TreeSet<>(Files.readAllLines(file));
        Collection<String> fresh = new TreeSet<>(violations);
        fresh.removeAll(allowed);
        Collection<String> gone = new TreeSet<>(allowed);
        gone.removeAll(violations);
        if (!fresh.isEmpty() || !gone.isEmpty()) {
            throw new AssertionError(
                    "New violations:\n  "
                            + String.join("\n  ", fresh)
                            + "\nGone, so take them off "
                            + file.getFileName()
                            + ":\n  "
                            + String.join("\n  ", gone));
        }
    }
}
