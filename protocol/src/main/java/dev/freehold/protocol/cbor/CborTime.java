package dev.freehold.protocol.cbor;

import dev.freehold.protocol.Timestamps;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;

/// What a tagged time counts since 1970.
public enum CborTime {
    /// Smithy's RPC v2, as RFC 8949 has it.
    SECONDS {
        @Override
        Instant instant(BigDecimal number) {
            return Timestamps.ofSeconds(number);
        }

        @Override
        BigDecimal number(Instant time) {
            return Timestamps.seconds(time);
        }
    },
    /// `application/x-amz-cbor-1.1`.
    MILLISECONDS {
        @Override
        Instant instant(BigDecimal number) {
            return Instant.ofEpochMilli(number.setScale(0, RoundingMode.DOWN).longValueExact());
        }

        @Override
        BigDecimal number(Instant time) {
            return BigDecimal.valueOf(time.toEpochMilli());
        }
    };

    /// @throws ArithmeticException when it is out of range
    abstract Instant instant(BigDecimal number);

    abstract BigDecimal number(Instant time);
}
