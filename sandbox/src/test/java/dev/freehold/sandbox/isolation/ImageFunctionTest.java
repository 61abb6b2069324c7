package dev.freehold.sandbox.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.sandbox.FunctionSpec;
import dev.freehold.sandbox.Host;
import dev.freehold.sandbox.Interpreter;
import dev.freehold.sandbox.egress.Egress;
import dev.freehold.sandbox.image.Image;
import dev.freehold.sandbox.image.ImageProcess;
import dev.freehold.sandbox.image.ImageSource;
import dev.freehold.sandbox.image.Images;
import dev.freehold.sandbox.image.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Functions that are container images, whose only program is the function.
final class ImageFunctionTest {
    private static Host host;
    private static Path root;
    private static Image image;
    private static int counter;

    @BeforeAll
    static void start() throws Exception {
        host = new Host();
        Path program = host.data.resolve("image-function");
        Process cc =
                new ProcessBuilder(
                                "cc",
                                "-D_GNU_SOURCE",
                                "-static",
                                "-o",
                                program.toString(),
                                "src/test/c/image.c")
                        .inheritIO()
                        .start();
        assertThat(cc.waitFor()).isZero();
        new TestImage()
                .add(
                        new TestImage.Layer()
                                .file("app/bin/function", Files.readAllBytes(program), 0755)
                                .file("app/text", "no program")
                                .link("work", "/app", true))
                .process(
                        "\"Entrypoint\":[\"function\"],\"Cmd\":[\"command\"],"
                                + "\"WorkingDir\":\"/work\","
                                + "\"Env\":[\"GREETING=hello\",\"PATH=/app/bin\",\"OWN=image\"]")
                .layout(host.data.resolve("image.tar"));
        Images images = new Images(host.data);
        root = Files.createDirectory(host.layout.code().resolve("rootfs"));
        try (ImageSource source = images.open("oci-archive:image.tar")) {
            image = images.resolve(source, "oci-archive:image.tar");
            images.unpack(source, image, root);
        }
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    private static FunctionSpec spec(ImageProcess process) {
        return new FunctionSpec(
                "image-" + counter++,
                "$LATEST",
                Interpreter.PROVIDED,
                "",
                root,
                null,
                Map.of("OWN", "function"),
                256,
                Duration.ofSeconds(5),
                "Text",
                null,
                null,
                512,
                new Machine(process, List.of(), Egress.OPEN),
                null,
                "",
                false);
    }

    private static String invoke(ImageProcess process) throws Exception {
        return Host.text(host.invoke(spec(process), "{\"a\":1}"));
    }

    @Test
    void itRunsInItsImage() throws Exception {
        assertThat(invoke(image.process(null, null, null)))
                .isEqualTo(
                        "{\"event\":{\"a\":1},\"cwd\":\"/app\",\"argument\":\"command\","
                                + "\"greeting\":\"hello\",\"path\":\"/app/bin\","
                                + "\"own\":\"function\","
                                + "\"root\":false,\"tmp\":true}");
    }

    @Test
    void theFunctionsImageConfigWins() throws Exception {
        assertThat(invoke(image.process(List.of("/app/bin/function"), List.of("other"), "/tmp")))
                .contains("\"cwd\":\"/tmp\"", "\"argument\":\"other\"");
    }

    @Test
    void whatCantBeStartedSaysWhy() throws Exception {
        assertThat(invoke(image.process(List.of("missing"), null, null)))
                .contains(
                        "Runtime.InvalidEntrypoint",
                        "exec: \\\"missing\\\": executable file not found in $PATH");
        assertThat(invoke(image.process(List.of("/no/such"), null, null)))
                .contains("Runtime.InvalidEntrypoint", "/no/such: no such file or directory");
        assertThat(invoke(image.process(List.of("/app/text"), null, null)))
                .contains("Runtime.InvalidEntrypoint", "/app/text: permission denied");
        assertThat(invoke(image.process(null, null, "/nowhere")))
                .contains("Runtime.InvalidWorkingDir", "chdir /nowhere: no such file");
    }

    @Test
    void nothingOfTheHostIsSeen() throws IOException {
        assertThat(Files.list(root).map(p -> p.getFileName().toString()))
                .contains("app", "dev", "proc", "tmp", "run", "etc")
                .doesNotContain("usr", "var", "root");
    }
}
