package dev.freehold.sandbox.streaming;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
final class AnswerPipeTest {
    private final AnswerPipe<String> pipe = new AnswerPipe<>(100_000, "cut");

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private boolean write(byte[] chunk) throws IOException {
        return pipe.write(chunk, Duration.ZERO);
    }

    @Test
    void whatWaitsComesTogetherAndThenTheEnd() throws Exception {
        pipe.begin("text/plain");
        assertThat(write(bytes("one"))).isTrue();
        assertThat(write(bytes("two"))).isTrue();
        pipe.end("well");

        assertThat(pipe.begun()).isEqualTo("text/plain");
        assertThat(pipe.next()).asString(StandardCharsets.UTF_8).isEqualTo("onetwo");
        assertThat(pipe.next()).isNull();
        assertThat(pipe.result()).isEqualTo("well");
    }

    @Test
    void anAnswerThatNeverBeganHasOnlyAnEnd() throws Exception {
        pipe.end("failed");

        assertThat(pipe.begun()).isNull();
        assertThat(pipe.next()).isNull();
        assertThat(pipe.result()).isEqualTo("failed");
    }

    @Test
    void theWriterWaitsForASlowReader() throws Exception {
        assertThat(write(new byte[60_000])).isTrue();
        assertThat(pipe.write(new byte[10_000], Duration.ofMillis(20))).isFalse();

        assertThat(pipe.next()).hasSize(60_000);
        assertThat(write(new byte[10_000])).isTrue();
    }

    @Test
    void theReaderMakesPlaceForAWriterThatWaits() throws Exception {
        assertThat(write(new byte[60_000])).isTrue();
        Thread reader =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                assertThat(pipe.next()).hasSize(60_000);
                            } catch (IOException e) {
                                throw new AssertionError(e);
                            }
                        });

        assertThat(pipe.write(new byte[10_000], Duration.ofSeconds(10))).isTrue();
        reader.join();
    }

    @Test
    void onePieceMayBeLargerThanWhatWaits() throws Exception {
        assertThat(write(new byte[90_000])).isTrue();
        assertThat(pipe.next()).hasSize(90_000);
    }

    @Test
    void nobodyWritesForAReaderThatHasLeft() throws Exception {
        pipe.close();

        assertThatThrownBy(() -> write(bytes("one"))).isInstanceOf(IOException.class);
        assertThatThrownBy(pipe::next).isInstanceOf(IOException.class);
    }

    @Test
    void anAnswerIsCutWhereItHasTooMuch() throws Exception {
        assertThat(write(new byte[60_000])).isTrue();
        assertThat(pipe.next()).hasSize(60_000);
        assertThat(write(new byte[50_000])).isTrue();
        assertThatThrownBy(() -> write(bytes("more"))).isInstanceOf(IOException.class);
        pipe.end("well");

        assertThat(pipe.next()).hasSize(40_000);
        assertThat(pipe.next()).isNull();
        assertThat(pipe.result()).isEqualTo("cut");
    }

    @Test
    void noReaderWaitsForAnEndThatWillNotCome() throws Exception {
        assertThat(write(bytes("one"))).isTrue();
        pipe.breakOff();

        assertThat(pipe.next()).hasSize(3);
        assertThatThrownBy(pipe::next).hasMessageContaining("broke off");
    }
}
