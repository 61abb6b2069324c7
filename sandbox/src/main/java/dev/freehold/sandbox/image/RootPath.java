package dev.freehold.sandbox.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// Paths below a directory as a process would see them whose root it is: absolute links start
/// there, and `..` never leads above it.
final class RootPath {
    /// As many as the kernel follows.
    private static final int MAX_LINKS = 40;

    private static final int MAX_PARTS = 4096;

    private RootPath() {}

    /// Where a path leads, links of all of its parts followed; what does not exist is taken as it
    /// is. The root must not change meanwhile.
    ///
    /// @return null when there are too many links
    static @Nullable Path resolve(Path root, String path) throws IOException {
        Deque<String> left = new ArrayDeque<>();
        push(left, path);
        Path at = root;
        int links = 0;
        for (int parts = 0; !left.isEmpty(); parts++) {
            String part = left.removeFirst();
            if (parts > MAX_PARTS) {
                return null;
            }
            if (part.equals("..")) {
                Path parent = at.getParent();
                at = at.equals(root) || parent == null ? root : parent;
                continue;
            }
            Path next = at.resolve(part);
            if (!Files.isSymbolicLink(next)) {
                at = next;
                continue;
            }
            if (++links > MAX_LINKS) {
                return null;
            }
            String target = Files.readSymbolicLink(next).toString();
            at = target.startsWith("/") ? root : at;
            push(left, target);
        }
        return at;
    }

    /// Puts the parts of a path before those that are left.
    private static void push(Deque<String> left, String path) {
        String[] parts = path.split("/", -1);
        for (int i = parts.length - 1; i >= 0; i--) {
            if (!parts[i].isEmpty() && !parts[i].equals(".")) {
                left.addFirst(parts[i]);
            }
        }
    }
}
