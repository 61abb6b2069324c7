package dev.freehold.protocol.eventstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class EventMessageTest {
    /// The empty message and the one with a payload of Smithy's specification.
    @Test
    void theSpecificationsOwnMessagesAreWrittenToTheByte() {
        HexFormat hex = HexFormat.of();

        assertThat(hex.formatHex(new EventMessage(Map.of(), Blob.EMPTY).encoded()))
                .isEqualTo("000000100000000005c248eb7d98c8ff");
        assertThat(
                        hex.formatHex(
                                new EventMessage(Map.of(), Blob.ofUtf8("{'foo':'bar'}")).encoded()))
                .isEqualTo("0000001d00000000fd528c5a7b27666f6f273a27626172277dc3653936");
    }

    @Test
    void whatIsWrittenIsReadAgain() {
        EventMessage event =
                EventMessage.event("PayloadChunk", "application/octet-stream", Blob.ofUtf8("hé"));

        assertThat(EventMessage.decode(ByteBuffer.wrap(event.encoded()))).isEqualTo(event);
    }

    @Test
    void everyWrongBitIsNoticed() {
        byte[] bytes = EventMessage.error("InternalError", "oh").encoded();
        for (int bit = 0; bit < bytes.length * 8; bit++) {
            byte[] wrong = bytes.clone();
            wrong[bit / 8] ^= (byte) (1 << bit % 8);

            assertThatThrownBy(() -> EventMessage.decode(ByteBuffer.wrap(wrong)))
                    .as("bit %d", bit)
                    .isInstanceOf(CommonError.class);
        }
    }
}
