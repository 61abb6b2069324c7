package dev.freehold.sandbox.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Layers over each other: what is hidden, and that nothing leads out.
final class RootfsTest {
    private static final long LIMIT = 1 << 20;

    @TempDir Path folder;
    private Path root;
    private Rootfs files;

    @BeforeEach
    void begin() throws IOException {
        root = Files.createDirectory(folder.resolve("root"));
        files = new Rootfs(root, LIMIT);
    }

    private void add(TestImage.Layer layer) throws IOException {
        byte[] tar = layer.tar();
        files.add(new ByteArrayInputStream(tar), Digests.of(tar));
    }

    private static TestImage.Layer layer() {
        return new TestImage.Layer();
    }

    private String read(String name) throws IOException {
        return Files.readString(root.resolve(name));
    }

    @Test
    void aLaterLayerWins() throws IOException {
        add(layer().file("a/x", "old").file("a/y", "stays").link("l", "a/x", true));
        add(layer().file("a/x", "new").file("l", "no link any more"));

        assertThat(read("a/x")).isEqualTo("new");
        assertThat(read("a/y")).isEqualTo("stays");
        assertThat(read("l")).isEqualTo("no link any more");
    }

    @Test
    void aWhiteoutHidesAFileAndAnOpaqueOneADirectoryOfLowerLayers() throws IOException {
        add(layer().file("a/x", "1").file("a/y", "2").file("b/x", "3").file("b/c/z", "4"));
        add(layer().file("a/.wh.x", "").file("b/own", "5").file("b/.wh..wh..opq", ""));

        assertThat(root.resolve("a/x")).doesNotExist();
        assertThat(read("a/y")).isEqualTo("2");
        assertThat(root.resolve("b/x")).doesNotExist();
        assertThat(root.resolve("b/c")).doesNotExist();
        assertThat(read("b/own")).isEqualTo("5");
        assertThat(root.resolve("b/.wh..wh..opq")).doesNotExist();
    }

    @Test
    void compressedLayersAreRecognised() throws IOException {
        byte[] first = layer().file("x", "gzip").tar();
        byte[] second = layer().file("y", "zstd").tar();
        files.add(new ByteArrayInputStream(TestImage.zipped(first)), Digests.of(first));
        files.add(new ByteArrayInputStream(Zstd.compress(second)), Digests.of(second));

        assertThat(read("x") + read("y")).isEqualTo("gzipzstd");
    }

    @Test
    void namesNeverLeadAboveTheRoot() throws IOException {
        add(layer().file("../../out", "1").file("/abs", "2").file("a/../../../out2", "3"));

        assertThat(read("out") + read("abs") + read("out2")).isEqualTo("123");
        assertThat(folder.resolve("out")).doesNotExist();
    }

    @Test
    void linksAreFollowedBelowTheRootOnly() throws IOException {
        Path outside = Files.createDirectory(folder.resolve("outside"));
        add(layer().link("lib", "usr/lib", true).link("out", outside.toString(), true));
        add(layer().link("up", "../../outside", true));
        add(layer().file("lib/x", "inside").file("out/x", "1").file("up/x", "2"));
        add(layer().file("out/.wh..wh..opq", "").file("up/.wh.x", ""));

        assertThat(read("usr/lib/x")).isEqualTo("inside");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void hardLinksNameFilesOfTheImage() throws IOException {
        Path secret = Files.writeString(folder.resolve("secret"), "secret");
        add(layer().file("a", "content").link("b", "a", false));

        assertThat(read("b")).isEqualTo("content");
        assertThatThrownBy(() -> add(layer().link("c", "../secret", false)))
                .isInstanceOf(ImageException.class);
        add(layer().link("s", secret.toString(), true));
        add(layer().link("d", "s", false));
        assertThat(Files.isSymbolicLink(root.resolve("d"))).isTrue();
    }

    @Test
    void linksInACircleAreRefused() throws IOException {
        add(layer().link("a", "b", true).link("b", "a", true));

        assertThatThrownBy(() -> add(layer().file("a/x", "")))
                .hasMessageContaining("too many links");
    }

    @Test
    void whatIsTooLargeIsRefused() {
        assertThatThrownBy(() -> add(layer().file("x", new byte[(int) LIMIT + 1], 0644)))
                .isInstanceOf(ImageException.class)
                .hasMessageContaining("must be smaller than 1048576 bytes");
    }

    @Test
    void anotherDigestIsRefused() throws IOException {
        byte[] tar = layer().file("x", "").tar();
        String other = Digests.of(new byte[1]);

        assertThatThrownBy(() -> files.add(new ByteArrayInputStream(tar), other))
                .hasMessageContaining("other content than its digest");
    }

    @Test
    void modesStayWithoutTheRightToBecomeAnother() throws IOException {
        add(layer().file("x", new byte[1], 04755).file("y", new byte[1], 0400));

        assertThat(Files.getAttribute(root.resolve("x"), "unix:mode")).isEqualTo(0100755);
        assertThat(Files.getAttribute(root.resolve("y"), "unix:mode")).isEqualTo(0100600);
        assertThat(Files.getLastModifiedTime(root.resolve("x")).toMillis())
                .isEqualTo(1_600_000_000_000L);
    }

    @Test
    void whatTheSandboxMountsOnIsThere() throws IOException {
        add(layer().link("tmp", "/var/tmp", true).link("etc/resolv.conf", "/run/x", true));
        files.finish();

        assertThat(root.resolve("proc")).isEmptyDirectory();
        assertThat(Files.isDirectory(root.resolve("tmp"), LinkOption.NOFOLLOW_LINKS)).isTrue();
        assertThat(read("etc/resolv.conf")).isEmpty();
    }
}
