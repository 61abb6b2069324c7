package dev.freehold.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.query.AwsQuery;

/// Forms of awsQuery.
final class FormFuzz {
    @FuzzTest
    void isReadOrRefused(byte[] input) {
        Request request =
                new Request(
                        "POST",
                        "/",
                        "",
                        Headers.EMPTY,
                        ByteStream.of(Blob.wrap(input)),
                        "localhost",
                        "127.0.0.1",
                        false,
                        "request-1");
        try {
            new AwsQuery().decode(Shapes.SERVICE, Shapes.OPERATION, request);
        } catch (CommonError refused) {
            assertThat(refused.shape().status()).isBetween(400, 499);
        }
    }
}
