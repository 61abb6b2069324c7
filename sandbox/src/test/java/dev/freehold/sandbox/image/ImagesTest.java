package dev.freehold.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.freehold.sandbox.image.ImageException.Reason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Images from all places that they can be in.
final class ImagesTest {
    @TempDir Path folder;
    private Images images;
    private TestImage image;

    @BeforeEach
    void build() throws IOException {
        images = new Images(folder);
        image =
                new TestImage()
                        .add(new TestImage.Layer().file("app/x", "low").file("y", "gone"))
                        .add(new TestImage.Layer().file("app/x", "high").file(".wh.y", ""))
                        .process(
                                "\"Entrypoint\":[\"/run\"],\"Cmd\":[\"a\",\"b\"],"
                                        + "\"Env\":[\"A=b=c\"],\"WorkingDir\":\"/app\"");
    }

    private Image unpacked(String uri, Path directory) throws IOException {
        try (ImageSource source = images.open(uri)) {
            Image found = images.resolve(source, uri);
            images.unpack(source, found, Files.createDirectory(directory));
            return found;
        }
    }

    private void check(String uri) throws IOException {
        Path root = folder.resolve("root");
        Image found = unpacked(uri, root);

        assertThat(Files.readString(root.resolve("app/x"))).isEqualTo("high");
        assertThat(root.resolve("y")).doesNotExist();
        assertThat(found.digest()).matches("sha256:[0-9a-f]{64}");
        assertThat(Image.read(found.write())).isEqualTo(found);
        ImageProcess process = found.process(null, null, null);
        assertThat(process.words()).containsExactly("/run", "a", "b");
        assertThat(process.variables()).containsEntry("A", "b=c");
        assertThat(process.directory()).isEqualTo("/app");
    }

    @Test
    void anOciLayout() throws IOException {
        image.layout(folder.resolve("x.tar"));
        check("oci-archive:x.tar");
    }

    @Test
    void whatDockerSaves() throws IOException {
        image.saved(folder.resolve("x.tar"));
        check("oci-archive:x.tar");
    }

    @Test
    void aRegistryByTagAndByDigest() throws IOException {
        HttpServer registry = image.registry("team/app");
        try {
            String base = "127.0.0.1:" + registry.getAddress().getPort() + "/team/app";
            check(base + ":latest");
            String digest;
            try (ImageSource source = images.open(base + ":latest")) {
                digest = images.resolve(source, base + ":latest").digest();
            }
            Image again = unpacked(base + "@" + digest, folder.resolve("again"));
            assertThat(again.digest()).isEqualTo(digest);
        } finally {
            registry.stop(0);
        }
    }

    @Test
    void whyAnImageCantBeHad() throws IOException {
        HttpServer registry = image.registry("team/app");
        try {
            String host = "127.0.0.1:" + registry.getAddress().getPort();
            reason(host + "/team/app:other", Reason.DELETED);
            reason(host + "/none/app:latest", Reason.DELETED);
            reason(host + "/secret/app:latest", Reason.ACCESS_DENIED);
        } finally {
            registry.stop(0);
        }
        reason("oci-archive:none.tar", Reason.DELETED);
        reason("oci-archive:../../../../../../etc/hostname", Reason.DELETED);
        Files.writeString(folder.resolve("text.tar"), "x".repeat(2000));
        reason("oci-archive:text.tar", Reason.INVALID);
        reason("no host", Reason.INVALID);
    }

    private void reason(String uri, Reason reason) {
        assertThatThrownBy(
                        () -> {
                            try (ImageSource source = images.open(uri)) {
                                images.resolve(source, uri);
                            }
                        })
                .isInstanceOfSatisfying(
                        ImageException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
