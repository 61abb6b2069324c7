package dev.freehold.sandbox.image;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What a function with an image runs.
///
/// @param words the program and its arguments; when empty, what Lambda looks for
/// @param variables the image's
/// @param directory where it starts
public record ImageProcess(List<String> words, Map<String, String> variables, String directory) {
    private static final List<String> BOOTSTRAPS =
            List.of("/var/runtime/bootstrap", "/var/task/bootstrap", "/opt/bootstrap");

    private static final String DEFAULT_PATH = "/usr/local/bin:/usr/bin:/bin";

    public ImageProcess {
        words = List.copyOf(words);
        variables = Map.copyOf(variables);
    }

    /// It can't be started.
    public static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;
        private final String type;

        public InvalidException(String type, String message) {
            super(message);
            this.type = type;
        }

        /// The error's type.
        public String type() {
            return type;
        }
    }

    /// What is to be started: with the program's path in the image.
    ///
    /// @param arguments the program first
    public record Ready(
            List<String> arguments, Map<String, String> environment, String directory) {}

    /// @param root the image's file system on this host
    /// @param own the function's variables, which win against the image's
    /// @param all all variables that Lambda sets, with the function's
    public Ready in(Path root, Set<String> own, Map<String, String> all)
            throws InvalidException, IOException {
        Map<String, String> environment = new LinkedHashMap<>(all);
        variables.forEach((name, value) -> {
            boolean set = own.contains(name) || (name.startsWith("AWS_") && all.containsKey(name));
            if (!set) {
                environment.put(name, value);
            }
        });
        String start = directory.isEmpty() ? "/" : directory;
        Path at = start.startsWith("/") ? RootPath.resolve(root, start) : null;
        if (at == null || !Files.isDirectory(at)) {
            throw new InvalidException(
                    "Runtime.InvalidWorkingDir", "chdir " + start + ": no such file or directory");
        }
        environment.put("PWD", start);
        List<String> arguments = new ArrayList<>();
        arguments.add(program(root, start, environment.getOrDefault("PATH", DEFAULT_PATH)));
        if (!words.isEmpty()) {
            arguments.addAll(words.subList(1, words.size()));
        }
        return new Ready(arguments, environment, start);
    }

    private String program(Path root, String start, String path)
            throws InvalidException, IOException {
        if (words.isEmpty()) {
            for (String bootstrap : BOOTSTRAPS) {
                if (runs(root, bootstrap)) {
                    return bootstrap;
                }
            }
            throw invalid("Couldn't find valid bootstrap(s): " + BOOTSTRAPS);
        }
        String word = words.getFirst();
        if (word.indexOf('/') >= 0) {
            String absolute = word.startsWith("/") ? word : start + "/" + word;
            if (!Files.exists(existing(root, absolute))) {
                throw invalid("fork/exec " + word + ": no such file or directory");
            }
            return absolute;
        }
        for (String directory : path.split(":", -1)) {
            String candidate = directory + "/" + word;
            if (directory.startsWith("/") && runs(root, candidate)) {
                return candidate;
            }
        }
        throw invalid("exec: \"" + word + "\": executable file not found in $PATH");
    }

    private static Path existing(Path root, String path) throws InvalidException, IOException {
        Path found = RootPath.resolve(root, path);
        if (found == null) {
            throw invalid("fork/exec " + path + ": too many levels of symbolic links");
        }
        return found;
    }

    private static boolean runs(Path root, String path) throws IOException {
        @Nullable Path found = RootPath.resolve(root, path);
        return found != null && Files.isRegularFile(found) && Files.isExecutable(found);
    }

    private static InvalidException invalid(String message) {
        return new InvalidException("Runtime.InvalidEntrypoint", message);
    }
}
