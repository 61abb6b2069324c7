package dev.freehold.codegen;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the compiler writes for a small model with every kind of shape. A change of it is seen in
/// review: `-Dgolden.update=true` writes the expected files anew. That real models' sources
/// compile, and that their structures work, the `api` module shows.
final class GoldenTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Path EXPECTED = GOLDEN.resolve("expected");

    @TempDir Path scratch;
    private Path models;
    private Path target;
    private Path service;

    @BeforeEach
    void copyTheModel() throws IOException {
        models = Files.createDirectory(scratch.resolve("models"));
        target = scratch.resolve("target");
        service = target.resolve("dev/freehold/api/tiny");
        Files.copy(GOLDEN.resolve("tiny.json"), models.resolve("tiny.json"));
    }

    @Test
    void aSmallModelOfEveryKindOfShapeIsWrittenAsExpected() throws IOException {
        compile();

        Map<String, String> written = read(service, ".java", "");
        if (Boolean.getBoolean("golden.update")) {
            update(written);
        }
        Map<String, String> expected = read(EXPECTED, ".java.txt", ".txt");
        assertThat(written.keySet()).isEqualTo(expected.keySet());
        expected.forEach((name, text) -> assertThat(written.get(name)).as(name).isEqualTo(text));
    }

    @Test
    void whatIsNewerThanItsModelIsLeftAsItIs() throws IOException {
        compile();
        Path file = service.resolve("TinyApi.java");
        Files.writeString(file, "touched");

        compile();

        assertThat(file).hasContent("touched");
    }

    @Test
    void aNewerModelIsCompiledAgain() throws IOException {
        compile();
        Path file = service.resolve("TinyApi.java");
        Files.writeString(file, "touched");
        Path stale = Files.writeString(service.resolve("RemovedFromTheModel.java"), "");
        FileTime made = Files.getLastModifiedTime(service.resolve(".made"));
        Files.setLastModifiedTime(
                models.resolve("tiny.json"), FileTime.from(made.toInstant().plusSeconds(1)));

        compile();

        assertThat(file).content().contains("interface TinyApi");
        assertThat(stale).doesNotExist();
    }

    private void compile() throws IOException {
        Main.main(new String[] {models.toString(), target.toString()});
    }

    private static Map<String, String> read(Path directory, String ending, String cut)
            throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.list(directory)) {
            for (Path file : all.toList()) {
                String name = file.getFileName().toString();
                if (name.endsWith(ending)) {
                    files.put(
                            name.substring(0, name.length() - cut.length()),
                            Files.readString(file));
                }
            }
        }
        return files;
    }

    private static void update(Map<String, String> written) throws IOException {
        Files.createDirectories(EXPECTED);
        try (Stream<Path> old = Files.list(EXPECTED)) {
            for (Path file : old.toList()) {
                Files.delete(file);
            }
        }
        for (Map.Entry<String, String> file : written.entrySet()) {
            Files.writeString(EXPECTED.resolve(file.getKey() + ".txt"), file.getValue());
        }
    }
}
