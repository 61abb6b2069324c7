package dev.freehold.sandbox.caches;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What sandboxes hand over is bounded, and goes with its version.
final class CodeCachesTest {
    @TempDir Path root = Path.of("");

    private static byte[] frame(String name, int size) {
        byte[] text = name.getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(text.length >> 8);
        frame.write(text.length);
        frame.writeBytes(text);
        frame.writeBytes(new byte[size]);
        return frame.toByteArray();
    }

    private static Compiled compiled(int size) throws IOException {
        Compiled compiled = new Compiled();
        compiled.add(frame("var/task/index.pyc", size));
        return compiled;
    }

    /// Waits until all that was wanted before is made: they are made one after the other.
    private static void settle(CodeCaches caches, String name) throws InterruptedException {
        CountDownLatch made = new CountDownLatch(1);
        caches.want(
                "settle",
                name,
                () -> {
                    made.countDown();
                    return new Compiled();
                });
        made.await();
    }

    @Test
    void aCacheIsThereOnceItIsWhole() throws Exception {
        try (CodeCaches caches = new CodeCaches(root)) {
            caches.want("key", "one", () -> compiled(10));
            settle(caches, "end");
            Path path = Objects.requireNonNull(caches.find("one"));
            assertThat(Files.size(path.resolve("var/task/index.pyc"))).isEqualTo(10);
            assertThat(caches.find("two")).isNull();
        }
    }

    @Test
    void whatFailsOrMakesNothingHasNone() throws Exception {
        try (CodeCaches caches = new CodeCaches(root)) {
            caches.want("key", "empty", Compiled::new);
            caches.want(
                    "key",
                    "broken",
                    () -> {
                        throw new IOException("it does not compile");
                    });
            settle(caches, "end");
            assertThat(caches.find("empty")).isNull();
            assertThat(caches.find("broken")).isNull();
            assertThat(root).isEmptyDirectory();
        }
    }

    @Test
    void aCacheGoesWithItsVersionAlsoWhileItIsMade() throws Exception {
        CountDownLatch making = new CountDownLatch(1);
        CountDownLatch gone = new CountDownLatch(1);
        try (CodeCaches caches = new CodeCaches(root)) {
            caches.want("old", "made", () -> compiled(10));
            caches.want(
                    "new",
                    "late",
                    () -> {
                        making.countDown();
                        gone.await();
                        return compiled(10);
                    });
            making.await();
            caches.forget("old");
            caches.forget("new");
            gone.countDown();
            settle(caches, "end");
            assertThat(caches.find("made")).isNull();
            assertThat(caches.find("late")).isNull();
            assertThat(root).isEmptyDirectory();
        }
    }

    @Test
    void theOneThatWasNotUsedForTheLongestMakesRoom() throws Exception {
        try (CodeCaches caches = new CodeCaches(root, 100)) {
            caches.want("a", "first", () -> compiled(40));
            caches.want("b", "second", () -> compiled(40));
            settle(caches, "middle");
            assertThat(caches.find("first")).isNotNull(); // now the second is the older
            caches.want("c", "third", () -> compiled(40));
            caches.want("d", "huge", () -> compiled(101));
            settle(caches, "end");
            assertThat(caches.find("first")).isNotNull();
            assertThat(caches.find("second")).isNull();
            assertThat(caches.find("third")).isNotNull();
            assertThat(caches.find("huge")).isNull();
        }
    }

    @Test
    void namesThatLeadElsewhereAreLeftOut() throws Exception {
        Compiled compiled = new Compiled();
        for (String name :
                Set.of("../x", "/etc/x", "a/../../x", "a//x", "", ".x", "a/.x", "a\0x", "a\nx")) {
            compiled.add(frame(name, 1));
        }
        assertThat(compiled.isEmpty()).isTrue();
        compiled.add(frame("v22.1-x64-1a-0/9f", 1));
        assertThat(compiled.bytes()).isEqualTo(1);
    }

    @Test
    void aSandboxCannotHandOverWithoutEnd() throws Exception {
        Compiled compiled = compiled(10);
        assertThatThrownBy(() -> compiled.add(frame("var/task/index.pyc", 1)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new Compiled().add(frame("x", 65 << 20)))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> new Compiled().add(new byte[] {0, 9, 'a'}))
                .isInstanceOf(IOException.class);
    }

    @Test
    void onlyWhoImportsTheRuntimesSdkHasItLoadedBefore() throws Exception {
        Path code = Files.createDirectory(root.resolve("code"));
        Sources sources = new Sources(code, null);
        Files.writeString(code.resolve("index.py"), "import json\n# import boto3\n");
        assertThat(sources.importsPythonSdk()).isFalse();
        Files.writeString(code.resolve("index.py"), "def f():\n    from boto3 import client\n");
        assertThat(sources.importsPythonSdk()).isTrue();
        assertThat(new Sources(code, code).importsPythonSdk()).isFalse();
        Files.createDirectory(code.resolve("botocore"));
        assertThat(sources.importsPythonSdk()).isFalse();
    }

    @Test
    void littleIsNotWorthIt() throws Exception {
        Path code = Files.createDirectory(root.resolve("code"));
        Sources sources = new Sources(code, null);
        Files.writeString(code.resolve("index.js"), "require('./data.json')");
        Files.writeString(code.resolve("data.json"), "x".repeat(40_000));
        assertThat(sources.worthCompiling(Set.of("js"))).isFalse();
        Files.writeString(code.resolve("sdk.js"), "require('@aws-sdk/client-s3')");
        assertThat(sources.worthCompiling(Set.of("js"))).isTrue();
        Files.writeString(code.resolve("sdk.js"), "x".repeat(40_000));
        assertThat(sources.worthCompiling(Set.of("js"))).isTrue();
        assertThat(sources.worthCompiling(Set.of())).isFalse();
    }
}
