package dev.freehold.sandbox.isolation;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.UUID;

/// Where what belongs to environments that run is kept. Unix sockets are there, whose paths have
/// 107 bytes at most: when the data's folder has a longer name, it is a directory in `/tmp` that
/// only this server's user sees.
public final class RunDirectory {
    private static final int MAX_PATH = 107;

    /// The longest name of a socket in it: `/environments/`, an id, `/sockets/control`.
    private static final int LONGEST = 14 + 36 + 16;

    private static final Set<PosixFilePermission> OWN =
            PosixFilePermissions.fromString("rwx------");

    private RunDirectory() {}

    /// The directory of a server with that data.
    ///
    /// @throws IOException when it can't be made, or somebody else made it
    public static Path of(Path data) throws IOException {
        Path usual = Files.createDirectories(data.resolve("run")).toRealPath();
        byte[] name = usual.toString().getBytes(StandardCharsets.UTF_8);
        if (name.length + LONGEST <= MAX_PATH) {
            return usual;
        }
        String id = UUID.nameUUIDFromBytes(name).toString().substring(0, 18);
        Path other = Path.of("/tmp", "freehold-" + id);
        try {
            return Files.createDirectory(other, PosixFilePermissions.asFileAttribute(OWN));
        } catch (FileAlreadyExistsException e) {
            if (ours(other)) {
                return other;
            }
            throw new IOException(other + " is another user's: give --data a shorter path", e);
        }
    }

    private static boolean ours(Path directory) throws IOException {
        Object owner = Files.getAttribute(directory, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        return Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)
                && owner.equals(Files.getAttribute(Path.of("/proc/self"), "unix:uid"))
                && Files.getPosixFilePermissions(directory).equals(OWN);
    }
}
