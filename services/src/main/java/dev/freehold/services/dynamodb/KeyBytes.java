package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Keys as bytes whose order is DynamoDB's: texts by UTF-8, numbers by value, bytes unsigned.
final class KeyBytes {
    private KeyBytes() {}

    static byte[] of(AttributeValue value) {
        return switch (value) {
            case AttributeValue.OfS(String text) -> text.getBytes(StandardCharsets.UTF_8);
            case AttributeValue.OfN(String number) -> number(new BigDecimal(number));
            case AttributeValue.OfB(var blob) -> blob.bytes();
            default -> throw new IllegalArgumentException("not a key");
        };
    }

    /// Sign, exponent, digits; of a negative number all bits but the sign turned.
    static byte[] number(BigDecimal number) {
        if (number.signum() == 0) {
            return new byte[] {(byte) 0x80};
        }
        BigDecimal plain = number.abs().stripTrailingZeros();
        int exponent = plain.precision() - plain.scale();
        byte[] digits = plain.unscaledValue().toString().getBytes(StandardCharsets.US_ASCII);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        boolean positive = number.signum() > 0;
        out.write(positive ? 0x81 : 0x7F);
        byte[] biased = ByteBuffer.allocate(2).putShort((short) (exponent + 1000)).array();
        write(out, biased, positive);
        write(out, digits, positive);
        if (!positive) {
            out.write(0xFF);
        }
        return out.toByteArray();
    }

    private static void write(ByteArrayOutputStream out, byte[] bytes, boolean positive) {
        for (byte b : bytes) {
            out.write(positive ? b : ~b);
        }
    }
}
