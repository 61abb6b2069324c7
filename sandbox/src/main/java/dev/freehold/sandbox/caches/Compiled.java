package dev.freehold.sandbox.caches;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Pattern;

/// The files that a sandbox hands over. Nothing of what it says is believed.
public final class Compiled {
    private static final long MAX_BYTES = 64L * 1024 * 1024;
    private static final int MAX_FILES = 5000;
    private static final int MAX_NAME = 1024;

    /// No part is empty or begins with a dot.
    private static final Pattern NAME = Pattern.compile("[\\w@+-][\\w@+.-]*(/[\\w@+-][\\w@+.-]*)*");

    private final Map<String, byte[]> files = new HashMap<>();
    private long bytes;

    /// Takes a file: the length of its name in two bytes, its name, its content. One with another
    /// kind of name is left out.
    ///
    /// @return false when the frame is empty: there are no more files
    /// @throws IOException when it is too much
    public boolean add(byte[] frame) throws IOException {
        if (frame.length == 0) {
            return false;
        }
        ByteBuffer content = ByteBuffer.wrap(frame);
        int length = content.remaining() < 2 ? MAX_NAME + 1 : content.getShort() & 0xffff;
        if (length > MAX_NAME || length > content.remaining()) {
            throw new IOException("what was compiled has no name");
        }
        byte[] text = new byte[length];
        content.get(text);
        byte[] file = new byte[content.remaining()];
        content.get(file);
        String name = new String(text, StandardCharsets.UTF_8);
        if (!NAME.matcher(name).matches()) {
            return true;
        }
        bytes += file.length;
        if (files.put(name, file) != null || bytes > MAX_BYTES || files.size() > MAX_FILES) {
            throw new IOException("what was compiled is too much");
        }
        return true;
    }

    public boolean isEmpty() {
        return files.isEmpty();
    }

    /// The size of all files together.
    public long bytes() {
        return bytes;
    }

    /// Writes the files into an empty directory.
    ///
    /// @throws IOException also when a name is another's directory
    void into(Path directory) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent() == null ? directory : path.getParent());
            Files.write(path, file.getValue());
        }
    }
}
