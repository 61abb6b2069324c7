package dev.freehold.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.eventstream.EventMessage;
import java.nio.ByteBuffer;

/// Messages of event streams.
final class EventStreamFuzz {
    @FuzzTest
    void isReadOrRefused(byte[] input) {
        try {
            EventMessage.decode(ByteBuffer.wrap(input));
        } catch (CommonError refused) {
            assertThat(refused.shape().status()).isBetween(400, 499);
        }
    }
}
