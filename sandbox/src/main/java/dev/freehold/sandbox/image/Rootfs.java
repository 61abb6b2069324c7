package dev.freehold.sandbox.image;

import com.github.luben.zstd.ZstdInputStream;
import dev.freehold.sandbox.host.Trees;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;

/// Lays the layers of an image over each other.
///
/// Owners, devices and the right to become another user are left out: a sandbox has one user.
final class Rootfs {
    /// The most bytes that all files may have: AWS's limit of 10 GB.
    static final long MAX_SIZE = 10L * 1024 * 1024 * 1024;

    /// The most files in all layers.
    private static final int MAX_ENTRIES = 1_000_000;

    private static final int BUFFER = 64 * 1024;
    private static final String WHITEOUT = ".wh.";
    private static final String OPAQUE = ".wh..wh..opq";

    /// What the sandbox puts something of its own on.
    private static final List<String> MOUNT_POINTS =
            List.of("dev", "proc", "tmp", "run", "mnt", "etc");

    private static final List<String> MOUNTED_FILES = List.of("etc/hosts", "etc/resolv.conf");

    private static final PosixFilePermission[] BITS = {
        PosixFilePermission.OTHERS_EXECUTE,
        PosixFilePermission.OTHERS_WRITE,
        PosixFilePermission.OTHERS_READ,
        PosixFilePermission.GROUP_EXECUTE,
        PosixFilePermission.GROUP_WRITE,
        PosixFilePermission.GROUP_READ,
        PosixFilePermission.OWNER_EXECUTE,
        PosixFilePermission.OWNER_WRITE,
        PosixFilePermission.OWNER_READ,
    };

    private final Path root;
    private final long limit;
    private long size;
    private int entries;

    /// What the layer that is being laid has itself, which its whiteouts don't hide.
    private final Set<Path> own = new HashSet<>();

    /// @param root an empty directory, which nobody else changes
    /// @param limit the most bytes
    Rootfs(Path root, long limit) {
        this.root = root;
        this.limit = limit;
    }

    /// Lays one more on top.
    ///
    /// @param in the layer's tar, compressed or not
    /// @param digest its content's
    void add(InputStream in, String digest) throws IOException {
        own.clear();
        MessageDigest sum = Digests.sha256();
        try (InputStream whole = decompressed(in);
                DigestInputStream summed = new DigestInputStream(new Bounded(whole), sum)) {
            @SuppressWarnings("resource") // closed with what it reads
            TarArchiveInputStream tar = new TarArchiveInputStream(summed);
            for (TarArchiveEntry entry = tar.getNextEntry();
                    entry != null;
                    entry = tar.getNextEntry()) {
                if (++entries > MAX_ENTRIES) {
                    throw ImageException.invalid("The image has too many files.");
                }
                one(tar, entry);
            }
            summed.transferTo(OutputStream.nullOutputStream());
        } catch (IllegalArgumentException e) {
            throw ImageException.invalid("The image has a layer that is no tar: " + e.getMessage());
        }
        if (!Digests.text(sum).equals(digest)) {
            throw ImageException.invalid("A layer has other content than its digest: " + digest);
        }
    }

    private static InputStream decompressed(InputStream in) throws IOException {
        BufferedInputStream buffered = new BufferedInputStream(in, BUFFER);
        buffered.mark(4);
        byte[] magic = buffered.readNBytes(4);
        buffered.reset();
        if (magic.length == 4 && magic[0] == 0x1f && magic[1] == (byte) 0x8b) {
            return GzipCompressorInputStream.builder()
                    .setInputStream(buffered)
                    .setDecompressConcatenated(true)
                    .get();
        }
        boolean zstd =
                magic.length == 4
                        && magic[0] == 0x28
                        && magic[1] == (byte) 0xb5
                        && magic[2] == 0x2f
                        && magic[3] == (byte) 0xfd;
        return zstd ? new ZstdInputStream(buffered) : buffered;
    }

    /// Counts what comes out of layers: padding, too.
    private final class Bounded extends java.io.FilterInputStream {
        private long left = 2 * limit;

        Bounded(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int count = super.read(bytes, offset, length);
            left -= Math.max(0, count);
            if (left < 0) {
                throw tooLarge();
            }
            return count;
        }
    }

    private ImageException tooLarge() {
        return ImageException.invalid(
                "The image's uncompressed size must be smaller than " + limit + " bytes.");
    }

    private void one(TarArchiveInputStream tar, TarArchiveEntry entry) throws IOException {
        Path name;
        try {
            name = Path.of("/" + entry.getName()).normalize();
        } catch (InvalidPathException e) {
            throw ImageException.invalid("The image has a file whose name is none.");
        }
        Path parentName = name.getParent();
        if (parentName == null) {
            return; // the root itself
        }
        Path parent = RootPath.resolve(root, parentName.toString());
        if (parent == null) {
            throw ImageException.invalid("The image has a path of too many links: " + name);
        }
        if (Files.exists(parent, LinkOption.NOFOLLOW_LINKS) && !Files.isDirectory(parent)) {
            delete(parent);
        }
        Files.createDirectories(parent);
        String last = name.getFileName().toString();
        if (last.startsWith(WHITEOUT)) {
            hide(parent, last);
            return;
        }
        Path path = parent.resolve(last);
        own.add(path);
        put(tar, entry, path);
    }

    private void hide(Path parent, String whiteout) throws IOException {
        if (whiteout.equals(OPAQUE)) {
            hideBelow(parent);
        } else if (!whiteout.startsWith(WHITEOUT + WHITEOUT)) {
            String hidden = whiteout.substring(WHITEOUT.length());
            if (hidden.isEmpty() || hidden.equals(".") || hidden.equals("..")) {
                throw ImageException.invalid("The image hides what is no file: " + whiteout);
            }
            delete(parent.resolve(hidden));
        }
    }

    /// Removes what lower layers have in a directory.
    private void hideBelow(Path directory) throws IOException {
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                boolean kept = own.contains(child);
                if (kept && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    hideBelow(child);
                } else if (!kept) {
                    delete(child);
                }
            }
        }
    }

    private void put(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
            throws IOException {
        boolean there = Files.exists(path, LinkOption.NOFOLLOW_LINKS);
        boolean both = entry.isDirectory() && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
        if (there && !both) {
            delete(path);
        }
        if (entry.isDirectory()) {
            if (!both) {
                Files.createDirectory(path);
            }
            permit(path, entry.getMode() | 0700);
        } else if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(path, Path.of(entry.getLinkName()));
        } else if (entry.isLink()) {
            Files.createLink(path, linked(entry.getLinkName()));
        } else if (entry.isFile()) {
            file(tar, entry, path);
        }
    }

    /// The file that a hard link names: one of this image, and no symbolic link.
    private Path linked(String name) throws IOException {
        Path target = Path.of("/" + name).normalize();
        Path parentName = target.getParent();
        Path parent = parentName == null ? null : RootPath.resolve(root, parentName.toString());
        Path found = parent == null ? null : parent.resolve(target.getFileName().toString());
        if (found == null || !Files.exists(found, LinkOption.NOFOLLOW_LINKS)) {
            throw ImageException.invalid("The image has a link to what is not there: " + name);
        }
        return found;
    }

    private void file(TarArchiveInputStream tar, TarArchiveEntry entry, Path path)
            throws IOException {
        byte[] buffer = new byte[BUFFER];
        try (OutputStream out = Files.newOutputStream(path)) {
            for (int n = tar.read(buffer); n >= 0; n = tar.read(buffer)) {
                size += n;
                if (size > limit) {
                    throw tooLarge();
                }
                out.write(buffer, 0, n);
            }
        }
        permit(path, entry.getMode() | 0600);
        // Python compares its caches with the times of their sources.
        Files.setLastModifiedTime(path, FileTime.from(entry.getLastModifiedTime().toInstant()));
    }

    private static void permit(Path path, int mode) throws IOException {
        Set<PosixFilePermission> permissions = EnumSet.noneOf(PosixFilePermission.class);
        for (int i = 0; i < BITS.length; i++) {
            if ((mode & 1 << i) != 0) {
                permissions.add(BITS[i]);
            }
        }
        Files.setPosixFilePermissions(path, permissions);
    }

    private static void delete(Path path) throws IOException {
        Trees.delete(path);
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("can't remove " + path);
        }
    }

    /// Makes what the sandbox needs to be there. Called after the last layer.
    void finish() throws IOException {
        for (String name : MOUNT_POINTS) {
            Path directory = root.resolve(name);
            if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
                delete(directory);
                Files.createDirectory(directory);
            }
        }
        for (String name : MOUNTED_FILES) {
            Path file = root.resolve(name);
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                delete(file);
                Files.createFile(file);
            }
        }
        permit(root, 0755);
    }
}
