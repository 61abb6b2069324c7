package dev.freehold.services.s3;

import static dev.freehold.services.s3.S3Fixture.ALICE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.api.s3.GetObjectResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class EncryptionTest {
    private final S3Fixture fixture = new S3Fixture().bucket("safe");

    @Test
    void noBlobHoldsWhatWasWritten() throws IOException {
        fixture.put("safe", "a", "a secret that nobody may find on the disk");
        fixture.put("safe", "b", "a secret that nobody may find on the disk");

        List<String> blobs = blobs();

        assertThat(blobs).hasSize(2).noneMatch(bytes -> bytes.contains("secret"));
        assertThat(blobs.getFirst()).isNotEqualTo(blobs.getLast());
        assertThat(fixture.text("safe", "a"))
                .isEqualTo("a secret that nobody may find on the disk");
    }

    @Test
    void aRangeIsReadFromAnyOffset() {
        String text = "0123456789abcdefghijklmnopqrstuvwxyz".repeat(10);
        fixture.put("safe", "a", text);

        for (int first = 0; first < 40; first++) {
            GetObjectResponse part =
                    fixture.s3.getObject(
                            S3Fixture.get("safe", "a")
                                    .range("bytes=" + first + "-" + (first + 49))
                                    .build(),
                            ALICE);
            assertThat(S3Fixture.text(part)).isEqualTo(text.substring(first, first + 50));
        }
    }

    private List<String> blobs() throws IOException {
        List<String> ids = new ArrayList<>();
        fixture.blobs.forEach(Instant.MAX, ids::add);
        List<String> contents = new ArrayList<>();
        for (String id : ids) {
            try (InputStream in = fixture.blobs.read(id, 0, Long.MAX_VALUE)) {
                contents.add(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        return contents;
    }
}
