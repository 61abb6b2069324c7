package dev.freehold.sandbox.live;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FoldersTest {
    @TempDir Path temporary;

    private final BlockingQueue<String> retired = new LinkedBlockingQueue<>();
    private final BlockingQueue<Path> dropped = new LinkedBlockingQueue<>();
    private final Folders folders = new Folders(retired::add, dropped::add);
    private Path app = Path.of("/");

    @BeforeEach
    void make() throws IOException {
        app = Files.createDirectory(temporary.resolve("app"));
        Files.writeString(app.resolve("index.js"), "1");
        folders.watch(app, "f");
    }

    @AfterEach
    void close() {
        folders.close();
    }

    private void retires(String key) throws InterruptedException {
        assertThat(retired.poll(5, TimeUnit.SECONDS)).isEqualTo(key);
    }

    @Test
    void aChangedFileEndsEnvironmentsOnceUntilTheyAreBack() throws Exception {
        Files.writeString(app.resolve("index.js"), "2");
        retires("f");
        folders.watch(app, "f");
        Files.writeString(app.resolve("index.js"), "3");
        retires("f");
        assertThat(dropped).isEmpty();
    }

    @Test
    void foldersWithinAreWatchedTooAlsoNewOnes() throws Exception {
        Path within = Files.createDirectory(app.resolve("lib"));
        retires("f");
        folders.watch(app, "f");
        Files.writeString(within.resolve("a.js"), "1");
        retires("f");
    }

    @Test
    void aFolderThatIsReplacedIsNotTheOneThatSandboxesShow() throws Exception {
        Path other = Files.createDirectory(temporary.resolve("app.new"));
        Files.move(app, temporary.resolve("app.old"));
        Files.move(other, app);
        retires("f");
        assertThat(dropped.poll(5, TimeUnit.SECONDS)).isEqualTo(app);

        folders.watch(app, "f");
        Files.writeString(app.resolve("index.js"), "2");
        retires("f");
    }

    @Test
    void whatIsNoCodeIsNotWatched() throws Exception {
        Files.createDirectories(app.resolve("node_modules/a"));
        retires("f");
        folders.watch(app, "f");
        Files.writeString(app.resolve("node_modules/a/index.js"), "1");
        Files.writeString(temporary.resolve("unrelated"), "1");
        Files.createDirectory(app.resolve("z"));
        retires("f");
        assertThat(retired).isEmpty();
    }

    @Test
    void foldersThatAreTooManyGiveWayToTheNewest() throws Exception {
        for (int i = 0; i < Folders.MAX_FOLDERS; i++) {
            folders.watch(Files.createDirectory(temporary.resolve("app" + i)), "f" + i);
        }
        retires("f");
        assertThat(dropped.poll(5, TimeUnit.SECONDS)).isEqualTo(app);
    }

    @Test
    void aFolderThatIsTooLargeOrMissingIsRefused() throws Exception {
        Path large = Files.createDirectory(temporary.resolve("large"));
        for (int i = 0; i <= Folders.MAX_DIRECTORIES; i++) {
            Files.createDirectory(large.resolve("d" + i));
        }
        assertThatThrownBy(() -> folders.watch(large, "x")).hasMessageContaining("too many");
        assertThatThrownBy(() -> folders.watch(temporary.resolve("none"), "x"))
                .hasMessageContaining("is not there");
    }
}
