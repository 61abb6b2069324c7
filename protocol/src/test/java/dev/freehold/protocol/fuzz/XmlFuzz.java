package dev.freehold.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.xml.XmlReader;

/// XML bodies.
final class XmlFuzz {
    @FuzzTest
    void isReadOrRefused(byte[] input) {
        try {
            XmlReader.read(input, Everything.SCHEMA, new Everything());
        } catch (CommonError refused) {
            assertThat(refused.shape().status()).isBetween(400, 499);
        }
    }
}
