package dev.freehold.services.dynamodb.value;

import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// DynamoDB's numbers: decimal, at most 38 digits, magnitudes from 1E-130 to 9.99E+125.
public final class Numbers {
    private static final int MAX_DIGITS = 38;
    private static final int MAX_EXPONENT = 125;
    private static final int MIN_EXPONENT = -130;

    /// More characters than any number in range has, zeros in front and behind included.
    private static final int MAX_LENGTH = 1024;

    /// The most bytes of a key's digits: two digits a byte.
    private static final int MAX_MANTISSA_BYTES = 20;

    /// The last second that is taken for a time.
    private static final BigDecimal LATEST = BigDecimal.valueOf(1_000_000_000_000L);

    private Numbers() {}

    /// A number's plain form, as it is stored and answered.
    ///
    /// @throws dev.freehold.protocol.CommonError when it is none, or out of range
    public static String plain(String text) {
        if (isSmallInteger(text)) {
            return text;
        }
        return plain(parse(text));
    }

    /// Whether the text is an integer in its plain form already: most numbers are.
    private static boolean isSmallInteger(String text) {
        int length = text.length();
        if (length == 0 || length > 18) {
            return false;
        }
        char first = text.charAt(0);
        if (first == '0') {
            return length == 1;
        }
        int start = first == '-' ? 1 : 0;
        if (start == 1 && (length == 1 || text.charAt(1) == '0')) {
            return false;
        }
        for (int i = start; i < length; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return false;
            }
        }
        return true;
    }

    private static BigDecimal parse(String text) {
        if (text.isEmpty()) {
            throw Values.invalid("The parameter cannot be converted to a numeric value");
        }
        try {
            if (text.length() <= MAX_LENGTH) {
                return new BigDecimal(text);
            }
        } catch (NumberFormatException e) {
            // refused below
        }
        throw Values.invalid("The parameter cannot be converted to a numeric value: " + text);
    }

    /// The plain form of a sum or another number that may have left the range.
    public static String plain(BigDecimal number) {
        if (number.signum() == 0) {
            return "0";
        }
        BigDecimal stripped = number.stripTrailingZeros();
        long exponent = (long) stripped.precision() - stripped.scale() - 1;
        if (exponent > MAX_EXPONENT) {
            throw Values.invalid(
                    "Number overflow. Attempting to store a number with magnitude larger than"
                            + " supported range");
        }
        if (exponent < MIN_EXPONENT) {
            throw Values.invalid(
                    "Number underflow. Attempting to store a number with magnitude smaller than"
                            + " supported range");
        }
        if (stripped.precision() > MAX_DIGITS) {
            throw Values.invalid("Attempting to store more than 38 significant digits in a Number");
        }
        return stripped.toPlainString();
    }

    /// The sum, or the difference, of two plain numbers.
    public static String sum(String a, String b, boolean minus) {
        BigDecimal left = new BigDecimal(a);
        BigDecimal right = new BigDecimal(b);
        return plain(minus ? left.subtract(right) : left.add(right));
    }

    /// The bytes that a plain number takes.
    static int size(String text) {
        if (text.equals("0")) {
            return 1;
        }
        BigDecimal number = new BigDecimal(text).stripTrailingZeros();
        int digits = number.precision();
        int exponent = digits - number.scale() - 1;
        int padding = digits % 2 != 0 || exponent % 2 != 0 ? 0 : 1;
        return 1 + (digits + 1) / 2 + padding + (number.signum() < 0 ? 1 : 0);
    }

    /// The bytes whose unsigned order is the numbers' order: an exponent of base 100, then the
    /// digits in pairs. Of a negative number all is turned, and an end mark keeps the shorter the
    /// greater.
    ///
    /// AWS: these are the bytes it hashes to place an item.
    static byte[] keyBytes(String text) {
        if (text.equals("0")) {
            return new byte[] {(byte) 0x80};
        }
        BigDecimal number = new BigDecimal(text).stripTrailingZeros();
        String digits = number.unscaledValue().abs().toString();
        int exponent = digits.length() - number.scale();
        boolean odd = Math.floorMod(exponent, 2) == 1;
        String padded = (odd ? "0" : "") + digits;
        boolean negative = number.signum() < 0;
        int first = Math.floorDiv(exponent + (odd ? 1 : 0), 2) - 64;
        ByteArrayOutputStream out = new ByteArrayOutputStream(22);
        out.write(negative ? ~first : first);
        int pairs = (padded.length() + 1) / 2;
        for (int i = 0; i < pairs; i++) {
            int tens = padded.charAt(2 * i) - '0';
            int ones = 2 * i + 1 < padded.length() ? padded.charAt(2 * i + 1) - '0' : 0;
            int pair = tens * 10 + ones;
            out.write(negative ? 101 - pair : pair + 1);
        }
        if (negative && pairs < MAX_MANTISSA_BYTES) {
            out.write(102);
        }
        return out.toByteArray();
    }

    /// A number of seconds, rounded down, or null when it is more than a time can be.
    public static @Nullable Long seconds(String text) {
        BigDecimal number = new BigDecimal(text);
        return number.abs().compareTo(LATEST) > 0 ? null : number.longValue();
    }
}
