package dev.freehold.services.s3.rules;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.freehold.services.s3.error.S3Error;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-8, 0, 9",
        "bytes=4-, 4, 6",
        "bytes=-3, 7, 3",
        "bytes=-300, 0, 10",
        "bytes=0-100, 0, 10",
        "bytes=9-9, 9, 1",
    })
    void aRangeIsCutToTheObject(String header, long first, long length) {
        assertThat(ByteRange.of(header, 10)).isEqualTo(new ByteRange(first, length));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"bytes=0-1,3-4", "bytes=-", "bytes=3-1", "0-8", "bytes=a-b", "octets=0-1"})
    void whatIsNoRangeIsIgnored(String header) {
        assertThat(ByteRange.of(header, 10)).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=100-200", "bytes=-0"})
    void aRangeOutsideIsRefused(String header) {
        assertThatThrownBy(() -> ByteRange.of(header, 10))
                .isInstanceOfSatisfying(
                        S3Error.class, e -> assertThat(e.shape().status()).isEqualTo(416));
    }

    @Test
    void anEmptyObjectHasNoRange() {
        assertThatThrownBy(() -> ByteRange.of("bytes=0-", 0)).isInstanceOf(S3Error.class);
        assertThatThrownBy(() -> ByteRange.of("bytes=-1", 0)).isInstanceOf(S3Error.class);
    }

    @Test
    void aCopyNeedsBothEndsWithinTheObject() {
        assertThat(ByteRange.ofCopySource("bytes=0-9", 10)).isEqualTo(new ByteRange(0, 10));
        assertThatThrownBy(() -> ByteRange.ofCopySource("bytes=0-10", 10))
                .hasMessage("Range specified is not valid for source object of size: 10");
        assertThatThrownBy(() -> ByteRange.ofCopySource("bytes=-2", 10))
                .hasMessageStartingWith("The x-amz-copy-source-range value must be of the form");
        assertThatThrownBy(() -> ByteRange.ofCopySource("bytes=20-30", 10))
                .hasMessage("The specified copy range is invalid for the source object size");
    }

    @Test
    void itSaysItselfAsAHeader() {
        assertThat(new ByteRange(2, 3).contentRange(10)).isEqualTo("bytes 2-4/10");
    }
}
