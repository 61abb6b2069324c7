package dev.freehold.services.s3.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.protocol.ServiceError;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Map;

/// Forms and their policies, which anybody may send: whatever comes is read or refused.
final class FormFuzz {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @FuzzTest
    void anyBodyIsReadOrRefused(FuzzedDataProvider data) throws IOException {
        String type =
                data.consumeBoolean() ? "multipart/form-data; boundary=b" : data.consumeString(80);
        byte[] bytes = data.consumeRemainingAsBytes();
        try {
            FormBody body = FormBody.of(new ByteArrayInputStream(bytes), type);
            int read = 0;
            for (FormBody.Part part = body.next(); part != null; part = body.next()) {
                read += body.text().length();
            }
            assertThat(read).isLessThanOrEqualTo(bytes.length);
        } catch (ServiceError e) {
            assertThat(e.shape().status()).isEqualTo(400);
        }
    }

    @FuzzTest
    void aFileIsReadAsItWasSent(FuzzedDataProvider data) throws IOException {
        String file = data.consumeRemainingAsAsciiString().replace("--b", "");
        String body =
                "--b\r\nContent-Disposition: form-data; name=file\r\n\r\n" + file + "\r\n--b--";
        FormBody form =
                FormBody.of(
                        new ByteArrayInputStream(body.getBytes(StandardCharsets.UTF_8)),
                        "multipart/form-data; boundary=b");
        form.next();
        try (InputStream in = form.stream()) {
            assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(file);
        }
    }

    @FuzzTest
    void anyPolicyIsReadOrRefused(FuzzedDataProvider data) {
        String key = data.consumeString(20);
        byte[] document = data.consumeRemainingAsBytes();
        try {
            PostPolicy.parse(Base64.getEncoder().encodeToString(document))
                    .check(Map.of("key", key, "bucket", "b"), NOW);
        } catch (ServiceError e) {
            assertThat(e.shape().status()).isBetween(400, 403);
        }
    }
}
