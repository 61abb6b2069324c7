package dev.freehold.protocol.cbor;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads CBOR to values of schemas.
public final class CborReader {
    /// The deepest nesting; DynamoDB's 32 levels of attributes take two levels each.
    static final int MAX_DEPTH = 200;

    private static final int EPOCH = 1;
    private static final int POSITIVE_BIG = 2;
    private static final int NEGATIVE_BIG = 3;
    private static final int DECIMAL = 4;

    /// The largest exponent of a decimal, either way; Smithy's clients send no such numbers.
    private static final int MAX_EXPONENT = 10_000;

    private final CborInput in;
    private final CborTime time;
    private int depth;

    private CborReader(CborInput in, CborTime time) {
        this.in = in;
        this.time = time;
    }

    /// Reads a whole body into `builder`; an empty body is an empty map.
    ///
    /// @param time the unit of timestamps
    /// @throws CommonError `SerializationException` when it can't be read
    public static void read(byte[] body, Schema schema, StructureBuilder builder, CborTime time) {
        if (body.length == 0) {
            return;
        }
        CborReader reader = new CborReader(new CborInput(body), time);
        reader.members(schema, builder);
        reader.end();
    }

    /// Reads a whole body without a schema: numbers as `BigInteger` or `Double`, times as numbers.
    ///
    /// @throws CommonError `SerializationException` when it can't be read
    public static @Nullable Object readAny(byte[] body) {
        CborReader reader = new CborReader(new CborInput(body), CborTime.SECONDS);
        Object value = reader.document();
        reader.end();
        return value;
    }

    private void end() {
        if (!in.atEnd()) {
            throw CborInput.malformed();
        }
    }

    private void members(Schema schema, StructureBuilder builder) {
        enter();
        int set = 0;
        long length = in.startMap();
        for (long i = 0; in.more(length, i); i++) {
            Member member = schema.member(in.text());
            if (member == null) {
                in.skip(depth);
                continue;
            }
            Object value = value(member);
            if (value != null) {
                builder.set(member.index(), value);
                set++;
            }
        }
        if (schema.type() == Schema.Type.UNION && set != 1) {
            throw CommonError.notOneMember(schema, set);
        }
        depth--;
    }

    private void enter() {
        if (++depth > MAX_DEPTH) {
            throw CborInput.malformed();
        }
    }

    private @Nullable Object value(Member member) {
        if (in.takeNull()) {
            return null;
        }
        Schema schema = member.target();
        return switch (schema.type()) {
            case STRUCTURE, UNION -> structure(schema);
            case LIST -> list(schema);
            case MAP -> map(schema);
            case STRING -> in.text();
            case BLOB -> Blob.wrap(in.bytes());
            case BOOLEAN -> in.bool();
            case BYTE -> (byte) integer("Byte", Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SHORT -> (short) integer("Short", Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> (int) integer("Integer", Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> integer("Long", Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT -> (float) in.floating("Float");
            case DOUBLE -> in.floating("Double");
            case BIG_INTEGER -> bigInteger();
            case BIG_DECIMAL -> bigDecimal();
            case TIMESTAMP -> timestamp();
            case DOCUMENT -> document();
        };
    }

    private Structure structure(Schema schema) {
        StructureBuilder builder = schema.newBuilder();
        members(schema, builder);
        return builder.build();
    }

    private List<?> list(Schema schema) {
        enter();
        List<@Nullable Object> elements = new ArrayList<>();
        long length = in.startArray();
        for (long i = 0; in.more(length, i); i++) {
            Object element = value(schema.element());
            if (element != null || schema.sparse()) {
                elements.add(element);
            }
        }
        depth--;
        return Collections.unmodifiableList(elements);
    }

    private Map<String, ?> map(Schema schema) {
        enter();
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        long length = in.startMap();
        for (long i = 0; in.more(length, i); i++) {
            String key = in.text();
            Object value = value(schema.value());
            if (value != null || schema.sparse()) {
                entries.put(key, value);
            }
        }
        depth--;
        return Collections.unmodifiableMap(entries);
    }

    private long integer(String kind, long min, long max) {
        BigInteger number = in.integer(kind);
        if (number.bitLength() < Long.SIZE) {
            long value = number.longValue();
            if (value >= min && value <= max) {
                return value;
            }
        }
        throw CommonError.serialization("NUMBER_VALUE can not be converted to " + kind);
    }

    private BigInteger bigInteger() {
        if (in.nextIsInteger()) {
            return in.integer("BigInteger");
        }
        long tag = in.tag();
        if (tag != POSITIVE_BIG && tag != NEGATIVE_BIG) {
            throw CborInput.malformed();
        }
        BigInteger magnitude = new BigInteger(1, in.bytes());
        return tag == NEGATIVE_BIG ? magnitude.not() : magnitude;
    }

    private BigDecimal bigDecimal() {
        if (in.major() != CborInput.TAG) {
            return in.nextIsInteger()
                    ? new BigDecimal(in.integer("BigDecimal"))
                    : finite(in.floating("BigDecimal"));
        }
        if (in.tag() != DECIMAL || in.startArray() != 2) {
            throw CborInput.malformed();
        }
        int exponent = (int) integer("BigDecimal", -MAX_EXPONENT, MAX_EXPONENT);
        return new BigDecimal(bigInteger(), -exponent);
    }

    private static BigDecimal finite(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            throw CborInput.malformed();
        }
        return BigDecimal.valueOf(number);
    }

    private Instant timestamp() {
        if (in.major() != CborInput.TAG) {
            throw in.unexpected("Timestamp");
        }
        if (in.tag() != EPOCH) {
            throw CborInput.malformed();
        }
        BigDecimal number =
                in.nextIsInteger()
                        ? new BigDecimal(in.integer("Timestamp"))
                        : finite(in.floating("Timestamp"));
        try {
            return time.instant(number);
        } catch (ArithmeticException | DateTimeException e) {
            throw CommonError.serialization("Invalid timestamp");
        }
    }

    private @Nullable Object document() {
        if (in.takeNull()) {
            return null;
        }
        enter();
        Object value =
                switch (in.major()) {
                    case CborInput.UNSIGNED, CborInput.NEGATIVE -> in.integer("number");
                    case CborInput.BYTES -> Blob.wrap(in.bytes());
                    case CborInput.TEXT -> in.text();
                    case CborInput.ARRAY -> documents();
                    case CborInput.MAP -> namedDocuments();
                    case CborInput.TAG -> {
                        in.tag();
                        yield document();
                    }
                    default -> in.nextIsBool() ? (Object) in.bool() : in.floating("number");
                };
        depth--;
        return value;
    }

    private List<@Nullable Object> documents() {
        List<@Nullable Object> elements = new ArrayList<>();
        long length = in.startArray();
        for (long i = 0; in.more(length, i); i++) {
            elements.add(document());
        }
        return Collections.unmodifiableList(elements);
    }

    private Map<String, @Nullable Object> namedDocuments() {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        long length = in.startMap();
        for (long i = 0; in.more(length, i); i++) {
            members.put(in.text(), document());
        }
        return Collections.unmodifiableMap(members);
    }
}
