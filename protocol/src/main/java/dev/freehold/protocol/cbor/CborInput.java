package dev.freehold.protocol.cbor;

import dev.freehold.protocol.CommonError;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Steps through the items of a CBOR body. Whatever claims more bytes than there are is refused
/// before anything of that size is made.
final class CborInput {
    static final int UNSIGNED = 0;
    static final int NEGATIVE = 1;
    static final int BYTES = 2;
    static final int TEXT = 3;
    static final int ARRAY = 4;
    static final int MAP = 5;
    static final int TAG = 6;
    static final int SIMPLE = 7;

    /// The length of what ends with a break.
    static final long INDEFINITE = -1;

    private static final int BREAK = 0xFF;
    private static final int FALSE = 0xF4;
    private static final int TRUE = 0xF5;
    private static final int NULL = 0xF6;
    private static final int UNDEFINED = 0xF7;
    private static final int HALF = 0xF9;
    private static final int SINGLE = 0xFA;
    private static final int DOUBLE = 0xFB;

    private final byte[] bytes;
    private int at;

    CborInput(byte[] bytes) {
        this.bytes = bytes;
    }

    boolean atEnd() {
        return at == bytes.length;
    }

    /// The kind of the next item.
    int major() {
        return peek() >>> 5;
    }

    private int peek() {
        if (atEnd()) {
            throw malformed();
        }
        return bytes[at] & 0xFF;
    }

    static CommonError malformed() {
        return CommonError.serialization("Malformed CBOR");
    }

    /// Takes a null (or undefined) if that is next.
    boolean takeNull() {
        return take(NULL) || take(UNDEFINED);
    }

    private boolean take(int item) {
        if (peek() != item) {
            return false;
        }
        at++;
        return true;
    }

    /// The next item's bool.
    boolean bool() {
        if (take(TRUE)) {
            return true;
        }
        if (take(FALSE)) {
            return false;
        }
        throw unexpected("Boolean");
    }

    boolean nextIsBool() {
        return peek() == TRUE || peek() == FALSE;
    }

    CommonError unexpected(String kind) {
        String found =
                switch (major()) {
                    case UNSIGNED, NEGATIVE -> "NUMBER_VALUE";
                    case BYTES -> "BLOB_VALUE";
                    case TEXT -> "STRING_VALUE";
                    case ARRAY -> "LIST_VALUE";
                    case MAP -> "STRUCTURE_VALUE";
                    case TAG -> "TAGGED_VALUE";
                    default ->
                            switch (peek()) {
                                case TRUE -> "TRUE_VALUE";
                                case FALSE -> "FALSE_VALUE";
                                case HALF, SINGLE, DOUBLE -> "NUMBER_VALUE";
                                default -> throw malformed();
                            };
                };
        return CommonError.serialization(found + " can not be converted to " + kind);
    }

    /// The argument of the next item's head, which must be of that kind; [#INDEFINITE] when the
    /// item ends with a break. An argument of 64 bits may be negative: then it is unsigned.
    private long argument(int major, String kind) {
        if (major() != major) {
            throw unexpected(kind);
        }
        int info = bytes[at++] & 0x1F;
        return switch (info) {
            case 24 -> number(1);
            case 25 -> number(2);
            case 26 -> number(4);
            case 27 -> number(8);
            case 28, 29, 30 -> throw malformed();
            case 31 -> {
                if (major < BYTES || major == TAG) {
                    throw malformed();
                }
                yield INDEFINITE;
            }
            default -> info;
        };
    }

    private long number(int length) {
        if (bytes.length - at < length) {
            throw malformed();
        }
        long number = 0;
        for (int i = 0; i < length; i++) {
            number = number << 8 | bytes[at++] & 0xFF;
        }
        return number;
    }

    /// How many elements follow, or [#INDEFINITE].
    long startArray() {
        return length(ARRAY, "list", 1);
    }

    /// How many pairs follow, or [#INDEFINITE].
    long startMap() {
        return length(MAP, "structure", 2);
    }

    /// @param least how many bytes each of the items has at least
    private long length(int major, String kind, int least) {
        int start = at;
        long length = argument(major, kind);
        boolean indefinite = (bytes[start] & 0x1F) == 31;
        if (indefinite) {
            return INDEFINITE;
        }
        if (length < 0 || length > (bytes.length - at) / least) {
            throw malformed();
        }
        return length;
    }

    /// Whether an array or map that was started with `length` has an item after its first `taken`.
    boolean more(long length, long taken) {
        return length == INDEFINITE ? !take(BREAK) : taken < length;
    }

    /// The next item's number of a tag.
    long tag() {
        return argument(TAG, "tag");
    }

    byte[] bytes() {
        return chunks(BYTES, "Blob");
    }

    /// @throws CommonError when it is not UTF-8
    String text() {
        byte[] utf8 = chunks(TEXT, "String");
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8)).toString();
        } catch (CharacterCodingException e) {
            throw malformed();
        }
    }

    private byte[] chunks(int major, String kind) {
        long length = length(major, kind, 1);
        if (length != INDEFINITE) {
            at += (int) length;
            return Arrays.copyOfRange(bytes, at - (int) length, at);
        }
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        while (!take(BREAK)) {
            long chunk = length(major, kind, 1);
            if (chunk == INDEFINITE) {
                throw malformed();
            }
            all.write(bytes, at, (int) chunk);
            at += (int) chunk;
        }
        return all.toByteArray();
    }

    boolean nextIsInteger() {
        return major() == UNSIGNED || major() == NEGATIVE;
    }

    /// The next item's integer, of up to 64 bits and a sign.
    BigInteger integer(String kind) {
        boolean negative = major() == NEGATIVE;
        long argument = argument(negative ? NEGATIVE : UNSIGNED, kind);
        BigInteger magnitude = new BigInteger(Long.toUnsignedString(argument));
        return negative ? magnitude.not() : magnitude;
    }

    /// The next item's number, integers too.
    double floating(String kind) {
        if (nextIsInteger()) {
            return integer(kind).doubleValue();
        }
        if (take(HALF)) {
            return Float.float16ToFloat((short) number(2));
        }
        if (take(SINGLE)) {
            return Float.intBitsToFloat((int) number(4));
        }
        if (take(DOUBLE)) {
            return Double.longBitsToDouble(number(8));
        }
        throw unexpected(kind);
    }

    /// Passes over the next item and all that it holds.
    void skip(int depth) {
        if (depth > CborReader.MAX_DEPTH) {
            throw malformed();
        }
        switch (major()) {
            case UNSIGNED, NEGATIVE -> integer("number");
            case BYTES -> chunks(BYTES, "Blob");
            case TEXT -> chunks(TEXT, "String");
            case ARRAY -> skipItems(startArray(), 1, depth);
            case MAP -> skipItems(startMap(), 2, depth);
            case TAG -> {
                tag();
                skip(depth + 1);
            }
            default -> skipSimple();
        }
    }

    private void skipItems(long length, int each, int depth) {
        for (long i = 0; more(length, i); i++) {
            for (int j = 0; j < each; j++) {
                skip(depth + 1);
            }
        }
    }

    private void skipSimple() {
        if (peek() == BREAK) {
            throw malformed();
        }
        argument(SIMPLE, "simple value");
    }
}
