package dev.freehold.protocol.cbor;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Structure;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// Writes values of schemas as CBOR, with known lengths.
public final class CborWriter {
    private static final int FALSE = 0xF4;
    private static final int TRUE = 0xF5;
    private static final int NULL = 0xF6;
    private static final int SINGLE = 0xFA;
    private static final int DOUBLE = 0xFB;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream(512);
    private final CborTime time;

    private CborWriter(CborTime time) {
        this.time = time;
    }

    /// Writes a structure.
    public static Blob write(Structure structure, CborTime time) {
        CborWriter writer = new CborWriter(time);
        writer.structure(structure);
        return Blob.wrap(writer.out.toByteArray());
    }

    /// Writes an error: its type, its message, its members.
    public static Blob writeError(String type, ServiceError error, CborTime time) {
        CborWriter writer = new CborWriter(time);
        Structure members = error.body();
        String message = error.getMessage();
        int count = 1 + (message == null ? 0 : 1) + (members == null ? 0 : writer.count(members));
        writer.head(CborInput.MAP, count);
        writer.text("__type");
        writer.text(type);
        if (message != null) {
            writer.text(error.shape().messageName());
            writer.text(message);
        }
        if (members != null) {
            writer.members(members);
        }
        return Blob.wrap(writer.out.toByteArray());
    }

    private void head(int major, long argument) {
        int high = major << 5;
        if (argument >= 0 && argument < 24) {
            out.write(high | (int) argument);
        } else if (argument >= 0 && argument <= 0xFF) {
            out.write(high | 24);
            out.write((int) argument);
        } else if (argument >= 0 && argument <= 0xFFFF) {
            out.write(high | 25);
            number(argument, 2);
        } else if (argument >= 0 && argument <= 0xFFFF_FFFFL) {
            out.write(high | 26);
            number(argument, 4);
        } else {
            out.write(high | 27);
            number(argument, 8);
        }
    }

    private void number(long number, int length) {
        byte[] all = ByteBuffer.allocate(Long.BYTES).putLong(number).array();
        out.write(all, Long.BYTES - length, length);
    }

    private void text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        head(CborInput.TEXT, utf8.length);
        out.writeBytes(utf8);
    }

    private void structure(Structure structure) {
        head(CborInput.MAP, count(structure));
        members(structure);
    }

    private int count(Structure structure) {
        int count = 0;
        for (Member member : structure.schema().members()) {
            if (structure.member(member.index()) != null) {
                count++;
            }
        }
        return count;
    }

    private void members(Structure structure) {
        for (Member member : structure.schema().members()) {
            Object value = structure.member(member.index());
            if (value != null) {
                text(member.name());
                value(value, member);
            }
        }
    }

    private void value(Object value, Member member) {
        Schema schema = member.target();
        switch (schema.type()) {
            case STRUCTURE, UNION -> structure((Structure) value);
            case LIST -> list((List<?>) value, schema);
            case MAP -> map((Map<?, ?>) value, schema);
            case STRING -> text((String) value);
            case BLOB -> bytes(((Blob) value).bytes());
            case BOOLEAN -> out.write((Boolean) value ? TRUE : FALSE);
            case BYTE, SHORT, INTEGER, LONG -> integer(((Number) value).longValue());
            case FLOAT -> {
                out.write(SINGLE);
                number(Float.floatToIntBits((Float) value), 4);
            }
            case DOUBLE -> floating((Double) value);
            case BIG_INTEGER -> bigInteger((BigInteger) value);
            case BIG_DECIMAL -> {
                BigDecimal decimal = (BigDecimal) value;
                head(CborInput.TAG, 4);
                head(CborInput.ARRAY, 2);
                integer(-(long) decimal.scale());
                bigInteger(decimal.unscaledValue());
            }
            case TIMESTAMP -> timestamp((Instant) value);
            case DOCUMENT -> throw new IllegalStateException("RPC v2 has no documents");
        }
    }

    private void list(List<?> elements, Schema schema) {
        head(CborInput.ARRAY, elements.size());
        for (Object element : elements) {
            if (element == null) {
                out.write(NULL);
            } else {
                value(element, schema.element());
            }
        }
    }

    private void map(Map<?, ?> entries, Schema schema) {
        head(CborInput.MAP, entries.size());
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            text((String) Objects.requireNonNull(entry.getKey()));
            if (entry.getValue() == null) {
                out.write(NULL);
            } else {
                value(entry.getValue(), schema.value());
            }
        }
    }

    private void bytes(byte[] bytes) {
        head(CborInput.BYTES, bytes.length);
        out.writeBytes(bytes);
    }

    private void integer(long number) {
        if (number < 0) {
            head(CborInput.NEGATIVE, ~number);
        } else {
            head(CborInput.UNSIGNED, number);
        }
    }

    private void bigInteger(BigInteger number) {
        if (number.bitLength() < Long.SIZE) {
            integer(number.longValue());
            return;
        }
        head(CborInput.TAG, number.signum() < 0 ? 3 : 2);
        bytes((number.signum() < 0 ? number.not() : number).toByteArray());
    }

    private void floating(double number) {
        out.write(DOUBLE);
        number(Double.doubleToLongBits(number), Long.BYTES);
    }

    private void timestamp(Instant instant) {
        BigDecimal number = time.number(instant);
        head(CborInput.TAG, 1);
        if (number.scale() <= 0) {
            integer(number.longValueExact());
        } else {
            floating(number.doubleValue());
        }
    }
}
