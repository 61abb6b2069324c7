package dev.freehold.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.json.JsonReader;

/// JSON bodies.
final class JsonFuzz {
    @FuzzTest
    void isReadOrRefused(byte[] input) {
        try {
            JsonReader.read(input, Everything.SCHEMA, new Everything(), true);
        } catch (CommonError refused) {
            assertThat(refused.shape().status()).isBetween(400, 499);
        }
    }
}
