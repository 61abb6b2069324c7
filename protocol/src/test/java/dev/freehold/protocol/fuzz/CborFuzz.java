package dev.freehold.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.cbor.CborReader;
import dev.freehold.protocol.cbor.CborTime;

/// CBOR bodies.
final class CborFuzz {
    @FuzzTest
    void isReadOrRefused(byte[] input) {
        try {
            CborReader.read(input, Everything.SCHEMA, new Everything(), CborTime.SECONDS);
            CborReader.readAny(input);
        } catch (CommonError refused) {
            assertThat(refused.shape().status()).isBetween(400, 499);
        }
    }
}
