package dev.freehold.sandbox.caches;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What of a function's files its runtime compiles.
///
/// @param code its package
/// @param layers its layers, or null
public record Sources(Path code, @Nullable Path layers) {
    /// To compile less is faster than to look for what was compiled.
    private static final long LITTLE = 32 * 1024;

    /// What AWS's SDK for Python consists of: a package that has any of it means that one.
    private static final List<String> PYTHON_SDK =
            List.of("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "six.py", "urllib3");

    private static final Pattern PYTHON_IMPORT =
            Pattern.compile("(?m)^\\s*(?:import|from)\\s+(?:boto3|botocore)\\b");

    /// A larger file is not what imports the SDK.
    private static final long MAX_LOOKED_AT = 256 * 1024;

    private static final int MAX_FILES = 5000;
    private static final int MAX_DEPTH = 32;

    /// What small packages load that is large: it comes with the runtime.
    private static final String SDK = "@aws-sdk/";

    /// Whether to compile it ahead makes starts faster.
    ///
    /// @param endings what names of sources end in; none for a runtime that compiles nothing
    public boolean worthCompiling(Set<String> endings) throws IOException {
        long bytes = 0;
        List<Path> all = new ArrayList<>(files(code, endings));
        if (layers != null) {
            all.addAll(files(layers, endings));
        }
        for (Path file : all) {
            bytes += Files.size(file);
            if (bytes >= LITTLE || large(file)) {
                return true;
            }
        }
        return false;
    }

    /// The first sources below a folder.
    private static List<Path> files(Path top, Set<String> endings) throws IOException {
        try (Stream<Path> all = Files.walk(top, MAX_DEPTH)) {
            return all.limit(MAX_FILES).filter(file -> source(file, endings)).toList();
        }
    }

    /// Whether its Python imports the SDK that comes with the runtime.
    public boolean importsPythonSdk() throws IOException {
        if (layers != null
                || PYTHON_SDK.stream().anyMatch(name -> Files.exists(code.resolve(name)))) {
            return false;
        }
        for (Path file : files(code, Set.of("py"))) {
            if (Files.size(file) <= MAX_LOOKED_AT && PYTHON_IMPORT.matcher(text(file)).find()) {
                return true;
            }
        }
        return false;
    }

    private static String text(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    }

    private static boolean source(Path file, Set<String> endings) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot >= 0 && endings.contains(name.substring(dot + 1)) && Files.isRegularFile(file);
    }

    private static boolean large(Path file) throws IOException {
        return text(file).contains(SDK);
    }
}
