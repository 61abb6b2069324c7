package dev.freehold.services.lambda.code;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Enumeration;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/// Unpacks a deployment package into a directory that no other function sees. Nothing in it can
/// write outside: not by its name, not through a symbolic link.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>.
public final class CodePackage {
    /// The most bytes that the unpacked code and its layers may have.
    public static final long MAX_UNPACKED = 262_144_000;

    static final String TOO_LARGE = "Unzipped size must be smaller than " + MAX_UNPACKED + " bytes";

    /// The most entries: an archive of empty files costs inodes, not bytes.
    private static final int MAX_ENTRIES = 100_000;

    private static final int MAX_LINK_TARGET = 4096;
    private static final int BUFFER = 64 * 1024;

    private final Path target;
    private long remaining;

    private CodePackage(Path target, long limit) {
        this.target = target;
        this.remaining = limit;
    }

    /// Why a package is refused; the message is AWS's.
    public static final class RefusedException extends Exception {
        private static final long serialVersionUID = 1L;

        RefusedException(String message) {
            super(message);
        }
    }

    /// Unpacks `zip` into `target`, which is created when it is missing, over what is there; on a
    /// failure it is removed.
    ///
    /// @param limit the most bytes that may come out
    /// @return how many bytes came out
    /// @throws RefusedException when it is no zip, too large, or reaches outside
    public static long unpack(Path zip, Path target, long limit)
            throws RefusedException, IOException {
        Files.createDirectories(target);
        boolean done = false;
        try (ZipFile archive = ZipFile.builder().setPath(zip).get()) {
            CodePackage unpacking = new CodePackage(target.toRealPath(), limit);
            unpacking.all(archive);
            done = true;
            return limit - unpacking.remaining;
        } catch (ZipException | IllegalArgumentException | java.io.EOFException e) {
            throw unreadable();
        } finally {
            if (!done) {
                deleteTree(target);
            }
        }
    }

    private static RefusedException unreadable() {
        return new RefusedException(
                "Could not unzip uploaded file. Please check your file, then try to upload again.");
    }

    /// Files first, links last: so no file is written through a link.
    private void all(ZipFile archive) throws RefusedException, IOException {
        if (!archive.getEntries().hasMoreElements()) {
            throw new RefusedException("Uploaded file must be a non-empty zip");
        }
        int count = 0;
        for (boolean links : new boolean[] {false, true}) {
            Enumeration<ZipArchiveEntry> entries = archive.getEntries();
            while (entries.hasMoreElements()) {
                ZipArchiveEntry entry = entries.nextElement();
                if (++count > 2 * MAX_ENTRIES) {
                    throw new RefusedException(
                            "The package has more than " + MAX_ENTRIES + " files.");
                }
                if (entry.isUnixSymlink() == links) {
                    one(archive, entry);
                }
            }
        }
    }

    private void one(ZipFile archive, ZipArchiveEntry entry) throws RefusedException, IOException {
        Path path = inside(entry.getName());
        if (path.equals(target)) {
            return;
        }
        if (entry.isDirectory()) {
            Files.createDirectories(path);
            return;
        }
        Path parent = path.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        try (InputStream in = archive.getInputStream(entry)) {
            if (in == null) {
                throw unreadable();
            }
            if (entry.isUnixSymlink()) {
                link(path, in);
            } else {
                file(path, in, entry.getUnixMode());
            }
        } catch (FileAlreadyExistsException e) {
            throw unreadable();
        }
    }

    private Path inside(String name) throws RefusedException {
        try {
            Path path = target.resolve(name).normalize();
            if (name.indexOf('\0') < 0 && path.startsWith(target) && !name.startsWith("/")) {
                return path;
            }
        } catch (InvalidPathException e) {
            // refused below, like every name that leads nowhere
        }
        throw unreadable();
    }

    private void file(Path path, InputStream in, int mode) throws RefusedException, IOException {
        byte[] buffer = new byte[BUFFER];
        if (Files.isSymbolicLink(path) || Files.isDirectory(path)) {
            deleteTree(path); // a layer below had something else there
        }
        try (OutputStream out = Files.newOutputStream(path)) {
            for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                remaining -= n;
                if (remaining < 0) {
                    throw new RefusedException(TOO_LARGE);
                }
                out.write(buffer, 0, n);
            }
        }
        boolean executable = (mode & 0111) != 0;
        Files.setPosixFilePermissions(
                path, PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
    }

    private void link(Path path, InputStream in) throws RefusedException, IOException {
        byte[] bytes = in.readNBytes(MAX_LINK_TARGET);
        Path to;
        try {
            to = Path.of(new String(bytes, StandardCharsets.UTF_8));
        } catch (InvalidPathException e) {
            throw unreadable();
        }
        Path parent = path.getParent();
        if (to.isAbsolute()
                || parent == null
                || climbsLate(to)
                || !parent.toRealPath().resolve(to).normalize().startsWith(target)) {
            throw new RefusedException(
                    "The package has a symbolic link that leads out of it: "
                            + target.relativize(path));
        }
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            deleteTree(path);
        }
        Files.createSymbolicLink(path, to);
    }

    /// Whether a `..` follows a name: through another link it could lead anywhere.
    private static boolean climbsLate(Path to) {
        boolean named = false;
        for (Path part : to) {
            boolean up = part.toString().equals("..");
            if (up && named) {
                return true;
            }
            named |= !up;
        }
        return false;
    }

    /// Removes a directory and what is in it, following no links.
    static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(
                root,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.delete(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e)
                            throws IOException {
                        Files.delete(dir);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }
}
