package dev.freehold.storage.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.storage.Blobs;
import dev.freehold.storage.OrphanBlobs;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Everything that blobs have to do, wherever they are kept.
public interface BlobsContract {
    /// Blobs in a folder.
    Blobs open(Path folder) throws IOException;

    @Test
    default void whatIsWrittenIsReadAgain(@TempDir Path folder) throws Exception {
        Blobs blobs = open(folder);
        for (int size : new int[] {0, 1, 4096, 131_072, 131_073, 1_000_000}) {
            byte[] bytes = new byte[size];
            new Random(size).nextBytes(bytes);
            String id = blobs.write(new ByteArrayInputStream(bytes));
            assertThat(blobs.size(id)).isEqualTo(size);
            assertThat(read(blobs, id, 0, Long.MAX_VALUE)).isEqualTo(bytes);
        }
    }

    @Test
    default void aPartIsRead(@TempDir Path folder) throws Exception {
        Blobs blobs = open(folder);
        String id = blobs.write(new ByteArrayInputStream(new byte[] {0, 1, 2, 3, 4}));
        assertThat(read(blobs, id, 1, 3)).containsExactly(1, 2, 3);
        assertThat(read(blobs, id, 3, 9)).containsExactly(3, 4);
        assertThat(read(blobs, id, 5, 9)).isEmpty();
        assertThat(read(blobs, id, 9, 9)).isEmpty();
        assertThat(read(blobs, id, 2, 0)).isEmpty();
    }

    private static byte[] read(Blobs blobs, String id, long offset, long length)
            throws IOException {
        try (InputStream in = blobs.read(id, offset, length)) {
            return in.readAllBytes();
        }
    }

    @Test
    default void aBlobThatCanNotBeReadToItsEndIsNoBlob(@TempDir Path folder) throws Exception {
        Blobs blobs = open(folder);
        InputStream failing =
                new InputStream() {
                    private int left = 300_000;

                    @Override
                    public int read() throws IOException {
                        if (--left < 0) {
                            throw new IOException("the sender has gone");
                        }
                        return 7;
                    }
                };
        assertThatThrownBy(() -> blobs.write(failing)).hasMessage("the sender has gone");
        assertThat(all(blobs)).isEmpty();
    }

    @Test
    default void aBlobThatIsNotThereIsNotFound(@TempDir Path folder) throws Exception {
        Blobs blobs = open(folder);
        String id = blobs.write(new ByteArrayInputStream(new byte[3]));
        blobs.delete(id);
        blobs.delete(id);
        assertThatThrownBy(() -> blobs.read(id, 0, 1)).isInstanceOf(FileNotFoundException.class);
        assertThatThrownBy(() -> blobs.size(id)).isInstanceOf(FileNotFoundException.class);
    }

    @Test
    default void whoReadsABlobReadsOnAfterItWasRemoved(@TempDir Path folder) throws Exception {
        Blobs blobs = open(folder);
        String id = blobs.write(new ByteArrayInputStream(new byte[200_000]));
        try (InputStream in = blobs.read(id, 0, Long.MAX_VALUE)) {
            assertThat(in.read()).isZero();
            blobs.delete(id);
            assertThat(in.readAllBytes()).hasSize(199_999);
        }
    }

    @Test
    default void blobsThatNoRowNamesAreCollectedWhenTheyAreOld(@TempDir Path folder)
            throws Exception {
        Blobs blobs = open(folder);
        String named = blobs.write(new ByteArrayInputStream(new byte[1]));
        blobs.write(new ByteArrayInputStream(new byte[2]));
        OrphanBlobs orphans = new OrphanBlobs(blobs, () -> Set.of(named)::contains);
        assertThat(orphans.look(Instant.EPOCH)).isZero();
        assertThat(orphans.look(Instant.MAX)).isEqualTo(1);
        assertThat(all(blobs)).hasSize(2);
        assertThat(orphans.look(Instant.MAX)).isZero();
        assertThat(all(blobs)).containsExactly(named);
    }

    @Test
    default void blobsThatAreNamedBetweenTwoLooksStay(@TempDir Path folder) throws Exception {
        Blobs blobs = open(folder);
        Set<String> named = new HashSet<>();
        OrphanBlobs orphans = new OrphanBlobs(blobs, () -> named::contains);
        String late = blobs.write(new ByteArrayInputStream(new byte[1]));
        assertThat(orphans.look(Instant.MAX)).isEqualTo(1);
        named.add(late);
        String newer = blobs.write(new ByteArrayInputStream(new byte[1]));
        assertThat(orphans.look(Instant.MAX)).isEqualTo(1);
        assertThat(all(blobs)).containsExactlyInAnyOrder(late, newer);
    }

    private static List<String> all(Blobs blobs) throws IOException {
        List<String> all = new ArrayList<>();
        blobs.forEach(Instant.MAX, all::add);
        return all;
    }
}
