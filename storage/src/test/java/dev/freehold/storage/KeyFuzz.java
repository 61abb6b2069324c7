package dev.freehold.storage;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/// Keys: what was written is read again, byte order is component order, and damage is noticed.
final class KeyFuzz {
    @FuzzTest
    void whatIsWrittenIsReadAgain(FuzzedDataProvider data) {
        byte[] bytes = data.consumeBytes(40);
        long number = data.consumeLong();
        int small = data.consumeInt();
        int tag = data.consumeInt(0, 255);
        Instant time = instant(data);
        String text = wellFormed(data.consumeRemainingAsString());
        byte[] key =
                new KeyWriter(7)
                        .bytes(bytes)
                        .int64(number)
                        .int32(small)
                        .uint8(tag)
                        .instant(time)
                        .string(text)
                        .toBytes();
        KeyReader in = new KeyReader(key, 2);
        assertThat(in.bytes()).isEqualTo(bytes);
        assertThat(in.int64()).isEqualTo(number);
        assertThat(in.int32()).isEqualTo(small);
        assertThat(in.uint8()).isEqualTo(tag);
        assertThat(in.instant()).isEqualTo(time);
        assertThat(in.string()).isEqualTo(text);
    }

    @FuzzTest
    void byteOrderIsComponentOrder(FuzzedDataProvider data) {
        byte[] first = data.consumeBytes(20);
        long second = data.consumeLong();
        byte[] otherFirst = data.consumeBytes(20);
        long otherSecond = data.consumeLong();
        int order = Arrays.compareUnsigned(first, otherFirst);
        int expected = order == 0 ? Long.compare(second, otherSecond) : order;
        byte[] key = new KeyWriter(7).bytes(first).int64(second).toBytes();
        byte[] other = new KeyWriter(7).bytes(otherFirst).int64(otherSecond).toBytes();
        assertThat(Integer.signum(Arrays.compareUnsigned(key, other)))
                .isEqualTo(Integer.signum(expected));
    }

    @FuzzTest
    void anyBytesAreReadOrRefused(FuzzedDataProvider data) {
        int[] kinds = data.consumeInts(8);
        KeyReader in = new KeyReader(data.consumeRemainingAsBytes(), 0);
        try {
            for (int kind : kinds) {
                switch (kind & 7) {
                    case 0 -> in.string();
                    case 1 -> in.int64();
                    case 2 -> in.int32();
                    case 3 -> in.uint8();
                    case 4 -> in.instant();
                    default -> in.bytes();
                }
            }
        } catch (IllegalStateException e) {
            assertThat(e).hasMessage("A stored key is damaged");
        }
    }

    static Instant instant(FuzzedDataProvider data) {
        long seconds = data.consumeLong(Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond());
        return Instant.ofEpochSecond(seconds, data.consumeInt(0, 999_999_999));
    }

    /// Half a surrogate pair is no text: UTF-8 can't carry it.
    static String wellFormed(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }
}
