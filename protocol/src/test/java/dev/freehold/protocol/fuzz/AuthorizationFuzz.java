package dev.freehold.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.signing.Authorization;
import dev.freehold.protocol.signing.SignatureVerifier;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;

/// What requests say of who signed them, in a header and in a query.
final class AuthorizationFuzz {
    @FuzzTest
    void isUnderstoodOrRefused(byte[] input) {
        String text = new String(input, StandardCharsets.ISO_8859_1);
        parse(Headers.builder().set("authorization", text).set("x-amz-date", text).build(), "");
        parse(Headers.EMPTY, text);
    }

    private static void parse(Headers headers, String query) {
        ByteStream empty = ByteStream.of(Blob.EMPTY);
        try {
            Request request =
                    new Request("GET", "/", query, headers, empty, "h", "1", false, "request-1");
            Authorization said = Authorization.parse(request);
            if (said != null) {
                new SignatureVerifier(InstantSource.fixed(Instant.EPOCH))
                        .verify(request, said, "secret");
            }
        } catch (CommonError refused) {
            assertThat(refused.shape().status()).isBetween(400, 501);
        } catch (IllegalArgumentException refused) {
            assertThat(refused.getMessage()).isNotEmpty();
        }
    }
}
