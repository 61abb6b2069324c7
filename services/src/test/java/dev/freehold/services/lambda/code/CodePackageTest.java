package dev.freehold.services.lambda.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.zip.UnixStat;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodePackageTest {
    private static final long LIMIT = 1_000_000;

    @TempDir private Path directory;

    @Test
    void unpacksFilesModesAndLinks() throws Exception {
        Path zip =
                zip(out -> {
                    file(out, "bootstrap", 0755, "#!/bin/sh\n");
                    file(out, "lib/a.txt", 0644, "a");
                    link(out, "lib/b.txt", "a.txt");
                    link(out, "top.txt", "lib/a.txt");
                    link(out, "lib/up", "../bootstrap");
                });
        Path code = directory.resolve("code");
        assertThat(CodePackage.unpack(zip, code, LIMIT)).isEqualTo(11);
        assertThat(code.resolve("bootstrap")).isExecutable();
        assertThat(Files.isExecutable(code.resolve("lib/a.txt"))).isFalse();
        assertThat(code.resolve("top.txt")).hasContent("a");
        assertThat(code.resolve("lib/up").toRealPath())
                .isEqualTo(code.toRealPath().resolve("bootstrap"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/etc/evil", "a/b/../../../evil"})
    void aNameThatLeadsOutIsRefused(String name) throws IOException {
        refused(zip(out -> file(out, name, 0644, "x")), "Could not unzip uploaded file");
        assertThat(directory.resolve("evil")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../../etc/passwd", "..", "x/../../y"})
    void aLinkThatLeadsOutIsRefused(String to) throws IOException {
        refused(zip(out -> link(out, "evil", to)), "symbolic link");
    }

    @Test
    void aFileIsNotWrittenThroughALink() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Path zip =
                zip(out -> {
                    link(out, "door", "../outside");
                    file(out, "door/evil", 0644, "x");
                });
        assertThatThrownBy(() -> CodePackage.unpack(zip, directory.resolve("code"), LIMIT))
                .isInstanceOf(CodePackage.RefusedException.class);
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void aBombIsDefusedAndNothingIsLeft() throws IOException {
        refused(zip(out -> file(out, "bomb", 0644, "0".repeat(2_000_000))), "Unzipped size");
    }

    @Test
    void whatIsNoZipIsRefused() throws IOException {
        Path file = Files.writeString(directory.resolve("no.zip"), "this is no zip");
        refused(file, "Could not unzip uploaded file");
        refused(Files.createFile(directory.resolve("empty.zip")), "Could not unzip uploaded file");
    }

    private void refused(Path zip, String message) {
        Path code = directory.resolve("code");
        assertThatThrownBy(() -> CodePackage.unpack(zip, code, LIMIT))
                .isInstanceOf(CodePackage.RefusedException.class)
                .hasMessageContaining(message);
        assertThat(code).doesNotExist();
    }

    private interface Content {
        void write(ZipArchiveOutputStream out) throws IOException;
    }

    private Path zip(Content content) throws IOException {
        Path zip = directory.resolve("package.zip");
        try (ZipArchiveOutputStream out = new ZipArchiveOutputStream(zip)) {
            content.write(out);
        }
        return zip;
    }

    private static void file(ZipArchiveOutputStream out, String name, int mode, String text)
            throws IOException {
        entry(out, name, UnixStat.FILE_FLAG | mode, text);
    }

    private static void link(ZipArchiveOutputStream out, String name, String to)
            throws IOException {
        entry(out, name, UnixStat.LINK_FLAG | 0777, to);
    }

    private static void entry(ZipArchiveOutputStream out, String name, int mode, String text)
            throws IOException {
        ZipArchiveEntry entry = new ZipArchiveEntry(name);
        entry.setUnixMode(mode);
        out.putArchiveEntry(entry);
        out.write(text.getBytes(StandardCharsets.UTF_8));
        out.closeArchiveEntry();
    }
}
