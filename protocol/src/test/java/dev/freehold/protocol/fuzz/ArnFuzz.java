package dev.freehold.protocol.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.freehold.protocol.Arn;
import java.nio.charset.StandardCharsets;

/// ARNs.
final class ArnFuzz {
    @FuzzTest
    void isReadAgainAsItWasWritten(byte[] input) {
        Arn arn = Arn.parse(new String(input, StandardCharsets.UTF_8));
        if (arn != null) {
            assertThat(Arn.parse(arn.toString())).isEqualTo(arn);
        }
    }
}
