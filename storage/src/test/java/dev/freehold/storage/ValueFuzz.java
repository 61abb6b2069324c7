package dev.freehold.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/// Values: what was written is read again, and damage is noticed, not guessed at.
final class ValueFuzz {
    @FuzzTest
    void whatIsWrittenIsReadAgain(FuzzedDataProvider data) {
        byte[] bytes = data.consumeBytes(300);
        long number = data.consumeLong();
        int small = data.consumeInt();
        double real = data.consumeDouble();
        Instant time = KeyFuzz.instant(data);
        String text = KeyFuzz.wellFormed(data.consumeString(30));
        String optional = data.consumeBoolean() ? text : null;
        String name = KeyFuzz.wellFormed(data.consumeRemainingAsString());
        byte[] value =
                new ValueWriter()
                        .bytes(bytes)
                        .int64(number)
                        .int32(small)
                        .float64(real)
                        .instant(time)
                        .optionalString(optional)
                        .strings(Map.of(name, text))
                        .list(List.of(text, name), ValueWriter::string)
                        .toBytes();
        ValueReader in = new ValueReader(value);
        assertThat(in.bytes()).isEqualTo(bytes);
        assertThat(in.int64()).isEqualTo(number);
        assertThat(in.int32()).isEqualTo(small);
        assertThat(in.float64()).isEqualTo(real);
        assertThat(in.instant()).isEqualTo(time);
        assertThat(in.optionalString()).isEqualTo(optional);
        assertThat(in.strings()).isEqualTo(Map.of(name, text));
        assertThat(in.list(ValueReader::string)).containsExactly(text, name);
        assertThat(in.hasMore()).isFalse();
    }

    @FuzzTest
    void anyBytesAreReadOrRefused(FuzzedDataProvider data) {
        int[] kinds = data.consumeInts(8);
        ValueReader in = new ValueReader(data.consumeRemainingAsBytes());
        try {
            for (int kind : kinds) {
                read(in, kind & 7);
            }
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("A stored value is damaged");
        }
    }

    private static void read(ValueReader in, int kind) {
        switch (kind) {
            case 0 -> in.string();
            case 1 -> in.int64();
            case 2 -> in.int32();
            case 3 -> in.bool();
            case 4 -> in.instant();
            case 5 -> in.optionalString();
            case 6 -> in.list(ValueReader::string);
            default -> in.strings();
        }
    }
}
