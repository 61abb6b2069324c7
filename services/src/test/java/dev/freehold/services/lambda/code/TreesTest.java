package dev.freehold.services.lambda.code;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TreesTest {
    @TempDir Path temporary;

    private final AtomicInteger count = new AtomicInteger();
    private final List<String> retired = new ArrayList<>();
    private Path root = Path.of("");

    @BeforeEach
    void makeRoot() throws IOException {
        root = Files.createDirectory(temporary.resolve("code"));
    }

    private Trees open(long limit) throws IOException {
        Secret secret = Secret.in(temporary.resolve("secret"), () -> "s" + count.incrementAndGet());
        return new Trees(root, secret, () -> "n" + count.incrementAndGet(), limit, retired::add);
    }

    private static Path make(Trees trees, String content, long size) {
        try (Trees.Lease lease =
                trees.lease(
                        content,
                        size,
                        "user of " + content,
                        directory -> Files.writeString(directory.resolve("file"), content))) {
            return lease.path();
        }
    }

    private static Trees.Content never() {
        return _ -> {
            throw new AssertionError("made twice");
        };
    }

    private List<String> names() throws IOException {
        try (Stream<Path> children = Files.list(root)) {
            return children.map(path -> path.getFileName().toString()).toList();
        }
    }

    @Test
    void theSameContentIsUnpackedOnceAlsoAfterARestart() throws IOException {
        Path path = make(open(1000), "a", 10);
        try (Trees.Lease again = open(1000).lease("a", 10, "u", never())) {
            assertThat(again.path()).isEqualTo(path);
            assertThat(again.path().resolve("file")).hasContent("a");
        }
    }

    @Test
    void whatAKillLeftHalfMadeIsGoneAfterARestart() throws IOException {
        Files.createDirectories(root.resolve("new-abc/sub"));
        Files.createDirectories(root.resolve("old-abc"));
        open(1000);
        assertThat(names()).isEmpty();
    }

    @Test
    void treesOfAnotherBootAreMadeAgain() throws IOException {
        make(open(1000), "a", 10);
        Files.writeString(root.resolveSibling("code.boot"), "another");
        open(1000);
        assertThat(names()).isEmpty();
    }

    @Test
    void theTreeUnusedForTheLongestGoesFirstAfterItsEnvironments() throws IOException {
        Trees trees = open(25);
        Path a = make(trees, "a", 10);
        Path b = make(trees, "b", 10);
        make(trees, "a", 10);
        Path c = make(trees, "c", 10);
        assertThat(a).exists();
        assertThat(b).doesNotExist();
        assertThat(c).exists();
        assertThat(retired).containsExactly("user of b");
    }

    @Test
    void aTreeThatIsInUseStays() throws IOException {
        Trees trees = open(15);
        try (Trees.Lease held =
                trees.lease("a", 10, "u", d -> Files.writeString(d.resolve("file"), "a"))) {
            make(trees, "b", 10);
            assertThat(held.path().resolve("file")).exists();
        }
    }

    @Test
    void aFailureLeavesNothing() throws IOException {
        Trees trees = open(1000);
        assertThatThrownBy(() ->
                        trees.lease(
                                "a",
                                10,
                                "u",
                                directory -> {
                                    Files.writeString(directory.resolve("half"), "x");
                                    throw new IOException("disk");
                                }))
                .isInstanceOf(UncheckedIOException.class);
        assertThat(names()).isEmpty();
        assertThat(make(trees, "a", 10).resolve("file")).exists();
    }

    @Test
    void whatIsGoneIsRemovedAtTheSecondLookUnlessItRuns() throws IOException {
        Trees trees = open(1000);
        Path kept = make(trees, "kept", 10);
        Path gone = make(trees, "gone", 10);
        Map<String, Long> wanted = Map.of("kept", 10L);
        trees.keepOnly(wanted);
        assertThat(gone).exists();
        try (Trees.Lease _ = trees.lease("gone", 10, "u", never())) {
            trees.keepOnly(wanted);
            assertThat(gone).exists();
        }
        trees.keepOnly(wanted);
        assertThat(gone).doesNotExist();
        assertThat(kept).exists();
        assertThat(retired).contains("user of gone").doesNotContain("user of kept");
        assertThat(make(trees, "gone", 10).resolve("file")).exists();
    }

    @Test
    void namesSayNothingOfTheContent() throws IOException {
        String name = make(open(1000), "a", 10).getFileName().toString();
        assertThat(name).matches("[0-9a-f]{64}-10");
    }
}
