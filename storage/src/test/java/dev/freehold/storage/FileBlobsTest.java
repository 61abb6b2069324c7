package dev.freehold.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.storage.contract.BlobsContract;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Blobs as files keep the contract, and leave nothing half done when the process is killed.
final class FileBlobsTest implements BlobsContract {
    @Override
    public Blobs open(Path folder) throws IOException {
        return new FileBlobs(folder.resolve("blobs"), () -> UUID.randomUUID().toString());
    }

    /// Killed while the bytes come in, at the beginning, between buffers and at their end: before
    /// the blob has its name there is none.
    @Test
    void aProcessThatIsKilledWhileItWritesLeavesNoBlob(@TempDir Path folder) throws Exception {
        for (long bytes : new long[] {0, 1, 131_072, 500_000}) {
            assertThat(runKilled(folder, bytes)).isEqualTo(Killed.STATUS);
            assertThat(files(folder)).singleElement().asString().endsWith(".part");
            Blobs blobs = open(folder);
            assertThat(files(folder)).isEmpty();
            blobs.forEach(
                    Instant.MAX,
                    id -> {
                        throw new AssertionError(id);
                    });
        }
    }

    /// Killed after the blob is durable and before any row names it: an orphan with all its bytes.
    @Test
    void aProcessThatIsKilledBeforeTheRowLeavesAnOrphan(@TempDir Path folder) throws Exception {
        assertThat(runKilled(folder, -1)).isEqualTo(Killed.STATUS);
        Blobs blobs = open(folder);
        List<String> all = new ArrayList<>();
        blobs.forEach(Instant.MAX, all::add);
        assertThat(all).hasSize(1);
        assertThat(blobs.size(all.getFirst())).isEqualTo(Killed.SIZE);
        OrphanBlobs orphans = new OrphanBlobs(blobs, () -> id -> false);
        assertThat(orphans.look(Instant.MAX)).isEqualTo(1);
        assertThat(orphans.look(Instant.MAX)).isZero();
        assertThat(files(folder)).isEmpty();
    }

    @Test
    void anIdIsNoPath(@TempDir Path folder) throws Exception {
        Blobs blobs = open(folder);
        for (String id : List.of("", "..", "../x", "a/b", "a.part", "a\0")) {
            assertThatThrownBy(() -> blobs.read(id, 0, 1))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<Path> files(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private static int runKilled(Path folder, long bytes) throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-XX:TieredStopAtLevel=1",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                Killed.class.getName(),
                                folder.resolve("blobs").toString(),
                                Long.toString(bytes))
                        .inheritIO()
                        .start();
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        return process.exitValue();
    }

    /// Writes a blob and ends at once, without any clean-up, when so many bytes were read; -1: when
    /// the blob is written.
    static final class Killed {
        static final int STATUS = 137;
        static final long SIZE = 600_000;

        private Killed() {}

        public static void main(String[] arguments) throws IOException {
            long until = Long.parseLong(arguments[1]);
            new FileBlobs(Path.of(arguments[0]), () -> "blob-" + ProcessHandle.current().pid())
                    .write(new Dying(until));
            Runtime.getRuntime().halt(STATUS);
        }
    }

    /// Zeros, until it ends the process.
    private static final class Dying extends InputStream {
        private final long until;
        private long count;

        Dying(long until) {
            this.until = until;
        }

        @Override
        public int read() {
            if (count == until) {
                Runtime.getRuntime().halt(Killed.STATUS);
            }
            return count++ < Killed.SIZE ? 0 : -1;
        }
    }
}
