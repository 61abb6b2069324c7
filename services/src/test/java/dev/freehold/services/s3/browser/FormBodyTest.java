package dev.freehold.services.s3.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.services.s3.browser.FormBody.Part;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class FormBodyTest {
    private static final String TYPE = "multipart/form-data; boundary=cut";

    @Test
    void fieldsComeBeforeTheFileWhichStaysAStream() throws IOException {
        FormBody body =
                body(
                        "--cut\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\na/b"
                                + "\r\n--cut\r\nContent-Disposition: form-data; name=\"file\";"
                                + " filename=\"C:\\x\\cat.jpg\"\r\nContent-Type: image/jpeg\r\n\r\n"
                                + "bytes\r\nof it\r\n--cut--\r\n");

        assertThat(body.next()).isEqualTo(new Part("key", null));
        assertThat(body.text()).isEqualTo("a/b");
        assertThat(body.next()).isEqualTo(new Part("file", "cat.jpg"));
        assertThat(new String(body.stream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("bytes\r\nof it");
        assertThat(body.next()).isNull();
    }

    /// The delimiter may lie across any two reads.
    @Test
    void bytesThatLookLikeTheDelimiterAreKeptHoweverTheyArrive() throws IOException {
        Random random = new Random(4);
        for (int round = 0; round < 200; round++) {
            StringBuilder file = new StringBuilder();
            while (file.length() < 300) {
                file.append(random.nextBoolean() ? "\r\n--cu" : "\r\n-");
            }
            byte[] whole =
                    ("--cut\r\nContent-Disposition: form-data; name=file\r\n\r\n"
                                    + file
                                    + "\r\n--cut--")
                            .getBytes(StandardCharsets.UTF_8);
            FormBody body = FormBody.of(new Drops(whole, random), TYPE);
            body.next();
            assertThat(new String(body.stream().readAllBytes(), StandardCharsets.UTF_8))
                    .isEqualTo(file.toString());
        }
    }

    @Test
    void aBodyThatEndsEarlyIsRefused() throws IOException {
        FormBody body =
                body("--cut\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\nhalf a f");
        body.next();

        assertThatThrownBy(() -> body.stream().readAllBytes())
                .hasMessageContaining("not well-formed");
    }

    @Test
    void tooMuchBeforeTheFileIsRefused() throws IOException {
        String long1 = "x".repeat(FormBody.MOST_BEFORE_FILE + 1);
        FormBody body =
                body(
                        "--cut\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n"
                                + long1
                                + "\r\n--cut--");
        body.next();

        assertThatThrownBy(body::text).hasMessageContaining("too large");
    }

    private static FormBody body(String text) {
        return FormBody.of(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), TYPE);
    }

    /// A stream that gives a few bytes at a time.
    private static final class Drops extends InputStream {
        private final byte[] bytes;
        private final Random random;
        private int at;

        Drops(byte[] bytes, Random random) {
            this.bytes = bytes;
            this.random = random;
        }

        @Override
        public int read() {
            return at < bytes.length ? bytes[at++] & 0xFF : -1;
        }

        @Override
        public int read(byte[] target, int offset, int length) {
            if (at == bytes.length) {
                return -1;
            }
            int n = Math.min(Math.min(length, 1 + random.nextInt(9)), bytes.length - at);
            System.arraycopy(bytes, at, target, offset, n);
            at += n;
            return n;
        }
    }
}
