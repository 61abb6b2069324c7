package dev.freehold.sandbox.isolation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// Directories of this host that functions may have mounted, by their names.
public final class Shares {
    private static final Pattern NAME = Pattern.compile("fsap-[a-f0-9]{17}");

    private Shares() {}

    /// Checks what whoever starts the server asks for.
    ///
    /// @throws IllegalArgumentException with what to do when it can't be
    public static Map<String, Path> checked(Map<String, Path> given) {
        Map<String, Path> checked = new LinkedHashMap<>();
        given.forEach((name, directory) -> {
            if (!NAME.matcher(name).matches()) {
                throw new IllegalArgumentException(
                        "--mount NAME=DIR: a name is fsap- and 17 of 0-9a-f: " + name);
            }
            checked.put(name, directory(name, directory));
        });
        return checked;
    }

    private static Path directory(String name, Path directory) {
        String start = "--mount " + name + "=" + directory + ": ";
        if (!Files.isDirectory(directory)) {
            throw new IllegalArgumentException(start + "there is no such directory.");
        }
        try {
            // Functions write as its owner, and root's files could be programs that run as root.
            if (rootOwns(Path.of("/proc/self")) && rootOwns(directory)) {
                throw new IllegalArgumentException(
                        start
                                + "it belongs to root. Functions write as its owner: give it to a"
                                + " user of its own, such as: chown 1993:1993 "
                                + directory);
            }
            return directory.toRealPath();
        } catch (IOException e) {
            throw new IllegalArgumentException(start + e.getMessage(), e);
        }
    }

    private static boolean rootOwns(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:uid") == 0;
    }
}
