package dev.freehold.server;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Set;

/// A key of the server's own: random bytes that are made once, in a file that only its user may
/// read. What was encrypted with it is lost without it.
final class KeyFile {
    private KeyFile() {}

    /// The bytes of a file, made when there is none.
    ///
    /// @throws IOException when it can't be read or made, or is no such key
    static byte[] bytes(Path file, int length) throws IOException {
        if (!Files.exists(file)) {
            create(file, length);
        }
        byte[] key = Files.readAllBytes(file);
        if (key.length != length) {
            throw new IOException(
                    file + " is not a key of " + length + " bytes. Restore it from a backup.");
        }
        return key;
    }

    private static void create(Path file, int length) throws IOException {
        byte[] key = new byte[length];
        new SecureRandom().nextBytes(key);
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path unfinished = file.resolveSibling(file.getFileName() + ".part");
        Files.deleteIfExists(unfinished);
        try (FileChannel out =
                FileChannel.open(
                        unfinished,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            out.write(ByteBuffer.wrap(key));
            out.force(true);
        }
        // INVARIANT: a key is whole and durable before anything is encrypted with it.
        Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel names = FileChannel.open(folder, StandardOpenOption.READ)) {
            names.force(true);
        }
    }
}
