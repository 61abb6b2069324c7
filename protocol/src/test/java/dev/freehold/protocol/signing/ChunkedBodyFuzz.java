package dev.freehold.protocol.signing;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import java.io.IOException;
import java.io.UncheckedIOException;

/// Bodies in chunks.
final class ChunkedBodyFuzz {
    @FuzzTest
    void isReadOrRefused(byte[] input) {
        Headers headers = Headers.builder().set("x-amz-decoded-content-length", "5").build();
        ByteStream body = ByteStream.of(Blob.wrap(input));
        Request request = new Request("PUT", "/", "", headers, body, "h", "1", false, "request-1");
        read(new ChunkedBody(request, null));
        ByteStream again = ByteStream.of(Blob.wrap(input));
        read(
                new ChunkedBody(
                        request.withBody(again),
                        new ChunkSigner(new byte[1], "time", "scope", "seed")));
    }

    private static void read(ByteStream body) {
        try {
            body.open().readAllBytes();
        } catch (CommonError refused) {
            assertThat(refused.shape().status()).isBetween(400, 499);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
