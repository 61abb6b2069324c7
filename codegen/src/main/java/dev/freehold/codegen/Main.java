package dev.freehold.codegen;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Compiles models: `Main MODELS TARGET` writes the sources of each `MODELS/*.json` below `TARGET`.
/// A service whose sources are newer than its model and this compiler is left as it is.
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        Path models = Path.of(arguments[0]);
        Path target = Path.of(arguments[1]);
        try (Stream<Path> files = Files.list(models)) {
            for (Path file : files.sorted().toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(".json")) {
                    String id = name.substring(0, name.length() - ".json".length());
                    compile(id, file, target.resolve("dev/freehold/api").resolve(id));
                }
            }
        }
    }

    private static void compile(String id, Path file, Path directory) throws IOException {
        Path mark = directory.resolve(".made");
        if (Files.exists(mark) && !newer(file, mark) && !changedSince(mark)) {
            return;
        }
        Model model = new Model(id, Json.read(file));
        JavaTypes types = new JavaTypes(model);
        SchemaSource schemas = new SchemaSource(model);
        StructureSource structures = new StructureSource(model, types, schemas);
        UnionSource unions = new UnionSource(model, types, schemas);
        ServiceSource service = new ServiceSource(model);
        Files.createDirectories(directory);
        clear(directory);
        for (Model.Shape shape : List.copyOf(model.shapes.values())) {
            if (shape.error()) {
                write(directory, shape.java(), structures.error(shape));
            } else if (shape.structure() && shape.union()) {
                write(directory, shape.java(), unions.union(shape));
            } else if (shape.structure()) {
                write(directory, shape.java(), structures.structure(shape));
            } else if (shape.facts().get("enum") instanceof List<?> values) {
                enumeration(model, directory, shape, values);
            }
        }
        write(directory, model.prefix + "Api", service.api());
        write(directory, model.prefix + "Dispatch", service.dispatch());
        write(directory, model.prefix + "Client", service.client());
        write(directory, model.prefix + "Model", service.model());
        write(directory, model.prefix + "Shapes", schemas.table());
        write(directory, "package-info", packageInfo(id));
        Files.writeString(mark, "");
    }

    private static boolean newer(Path file, Path mark) throws IOException {
        return Files.getLastModifiedTime(file).compareTo(Files.getLastModifiedTime(mark)) > 0;
    }

    /// Whether this compiler is newer: its archive or, in a build of all modules, any of its
    /// classes (a folder keeps its time when a file in it is written again).
    private static boolean changedSince(Path mark) throws IOException {
        try (Stream<Path> files = Files.walk(ownCode())) {
            for (Path file : files.toList()) {
                if (newer(file, mark)) {
                    return true;
                }
            }
            return false;
        }
    }

    /// The compiler's own folder of classes or archive.
    private static Path ownCode() {
        return Path.of(
                java.net.URI.create(
                        Main.class.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    /// Removes what an earlier model had and this one may not.
    private static void clear(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
    }

    private static void enumeration(Model model, Path directory, Model.Shape shape, List<?> values)
            throws IOException {
        if (model.shapes.values().stream()
                .anyMatch(other ->
                        other.number() != shape.number() && other.java().equals(shape.java()))) {
            return;
        }
        Set<String> names = new LinkedHashSet<>();
        List<String> constants = new ArrayList<>();
        for (Object value : values) {
            String name = Names.constant(String.valueOf(value));
            if (names.add(name)) {
                constants.add(
                        "    public static final String %s = %s;\n"
                                .formatted(name, Names.literal(String.valueOf(value))));
            }
        }
        write(
                directory,
                shape.java(),
                Source.head(model.id, List.of())
                        + "\n/// The values of the enumeration that are known.\npublic final class "
                        + shape.java()
                        + " {\n"
                        + String.join("", constants)
                        + "\n    private "
                        + shape.java()
                        + "() {}\n}\n");
    }

    private static String packageInfo(String id) {
        return """
        /// The generated contract of %s.
        @org.jspecify.annotations.NullMarked
        package dev.freehold.api.%s;
        """
                .formatted(id, id);
    }

    private static void write(Path directory, String name, String source) throws IOException {
        Files.writeString(directory.resolve(name + ".java"), source);
    }
}
