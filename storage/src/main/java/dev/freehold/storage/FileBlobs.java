package dev.freehold.storage;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// Blobs as files, in 256 directories. A file appears under its name only when all its bytes are on
/// the disk.
public final class FileBlobs implements Blobs {
    private static final int BUFFER = 128 * 1024;
    private static final String UNFINISHED = ".part";

    private final Path root;
    private final Supplier<String> ids;

    /// @param root the directory, which is created
    /// @param ids makes ids of letters, digits and `-` that were never used before
    public FileBlobs(Path root, Supplier<String> ids) throws IOException {
        this.root = Files.createDirectories(root);
        this.ids = ids;
        for (int i = 0; i < 256; i++) {
            Files.createDirectories(root.resolve("%02x".formatted(i)));
        }
        removeUnfinished();
        sync(root);
        Path parent = root.toAbsolutePath().getParent();
        if (parent != null) {
            sync(parent);
        }
    }

    /// What a crash has left half written.
    private void removeUnfinished() throws IOException {
        try (Stream<Path> files = Files.walk(root, 2)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                if (file.toString().endsWith(UNFINISHED)) {
                    Files.delete(file);
                }
            }
        }
    }

    @Override
    public String write(InputStream bytes) throws IOException {
        String id = ids.get();
        Path file = path(id);
        Path part = file.resolveSibling(id + UNFINISHED);
        boolean done = false;
        try (FileChannel out =
                FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            byte[] buffer = new byte[BUFFER];
            for (int n = bytes.read(buffer); n >= 0; n = bytes.read(buffer)) {
                ByteBuffer chunk = ByteBuffer.wrap(buffer, 0, n);
                while (chunk.hasRemaining()) {
                    out.write(chunk);
                }
            }
            out.force(true);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
            sync(directory(id));
            done = true;
        } finally {
            if (!done) {
                Files.deleteIfExists(part);
                Files.deleteIfExists(file);
            }
        }
        return id;
    }

    /// Makes the names in a directory durable.
    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public InputStream read(String id, long offset, long length) throws IOException {
        try {
            FileChannel channel = FileChannel.open(path(id), StandardOpenOption.READ);
            channel.position(offset);
            return new BoundedStream(Channels.newInputStream(channel), length);
        } catch (NoSuchFileException e) {
            throw missing(id);
        }
    }

    @Override
    public long size(String id) throws IOException {
        try {
            return Files.size(path(id));
        } catch (NoSuchFileException e) {
            throw missing(id);
        }
    }

    @Override
    public void delete(String id) throws IOException {
        Files.deleteIfExists(path(id));
    }

    @Override
    public void forEach(Instant before, Consumer<String> action) throws IOException {
        for (int i = 0; i < 256; i++) {
            try (Stream<Path> files = Files.list(root.resolve("%02x".formatted(i)))) {
                for (Path file : (Iterable<Path>) files::iterator) {
                    String name = file.getFileName().toString();
                    if (!name.endsWith(UNFINISHED) && writtenBefore(file, before)) {
                        action.accept(name);
                    }
                }
            }
        }
    }

    private static boolean writtenBefore(Path file, Instant time) throws IOException {
        try {
            return Files.getLastModifiedTime(file).toInstant().isBefore(time);
        } catch (NoSuchFileException e) {
            // Deleted since it was listed.
            return false;
        }
    }

    private static FileNotFoundException missing(String id) {
        return new FileNotFoundException("There is no blob " + id);
    }

    private Path directory(String id) {
        return root.resolve("%02x".formatted(id.hashCode() & 0xFF));
    }

    private Path path(String id) {
        if (id.isEmpty() || !id.chars().allMatch(c -> Character.isLetterOrDigit(c) || c == '-')) {
            throw new IllegalArgumentException("not a blob's id: " + id);
        }
        return directory(id).resolve(id);
    }
}
