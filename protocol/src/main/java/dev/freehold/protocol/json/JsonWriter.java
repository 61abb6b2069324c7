package dev.freehold.protocol.json;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Member.TimestampFormat;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.Timestamps;
import java.io.ByteArrayOutputStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;

/// Writes values of schemas as JSON.
public final class JsonWriter {
    private final JsonGenerator out;
    private final boolean wireNames;

    private JsonWriter(JsonGenerator out, boolean wireNames) {
        this.out = out;
        this.wireNames = wireNames;
    }

    /// Writes a structure's members that travel in the body.
    ///
    /// @param wireNames whether members go by their wire names (restJson1) or the model's (awsJson)
    public static Blob write(Structure structure, boolean wireNames) {
        return written(wireNames, writer -> writer.structure(structure));
    }

    /// Writes one value of that member's shape.
    public static Blob writeValue(Object value, Member member, boolean wireNames) {
        return written(wireNames, writer -> writer.value(value, member));
    }

    /// Writes an error: its type unless that is null, its message, its members.
    public static Blob writeError(@Nullable String type, ServiceError error, boolean wireNames) {
        return written(
                wireNames,
                writer -> {
                    writer.out.writeStartObject();
                    if (type != null) {
                        writer.out.writeStringProperty("__type", type);
                    }
                    if (error.getMessage() != null) {
                        writer.out.writeStringProperty(
                                error.shape().messageName(), error.getMessage());
                    }
                    Structure members = error.body();
                    if (members != null) {
                        writer.members(members);
                    }
                    writer.out.writeEndObject();
                });
    }

    private interface Writing {
        void with(JsonWriter writer);
    }

    private static Blob written(boolean wireNames, Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(512);
        try (JsonGenerator generator =
                JsonReader.FACTORY.createGenerator(ObjectWriteContext.empty(), bytes)) {
            writing.with(new JsonWriter(generator, wireNames));
        }
        return Blob.wrap(bytes.toByteArray());
    }

    private void structure(Structure structure) {
        out.writeStartObject();
        members(structure);
        out.writeEndObject();
    }

    private void members(Structure structure) {
        for (Member member : structure.schema().members()) {
            Object value = structure.member(member.index());
            if (value != null && (!wireNames || member.location() == Member.Location.BODY)) {
                out.writeName(wireNames ? member.wireName() : member.name());
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
            case STRING -> out.writeString((String) value);
            case BLOB -> out.writeString(((Blob) value).base64());
            case BOOLEAN -> out.writeBoolean((Boolean) value);
            case BYTE, SHORT, INTEGER, LONG -> out.writeNumber(((Number) value).longValue());
            case FLOAT, DOUBLE -> floating(((Number) value).doubleValue());
            case BIG_INTEGER -> out.writeNumber((BigInteger) value);
            case BIG_DECIMAL -> out.writeNumber((BigDecimal) value);
            case TIMESTAMP -> timestamp((Instant) value, member);
            case DOCUMENT -> document(value);
        }
    }

    private void list(List<?> elements, Schema schema) {
        out.writeStartArray();
        for (Object element : elements) {
            if (element == null) {
                out.writeNull();
            } else {
                value(element, schema.element());
            }
        }
        out.writeEndArray();
    }

    private void map(Map<?, ?> entries, Schema schema) {
        out.writeStartObject();
        for (Map.Entry<?, ?> entry : entries.entrySet()) {
            out.writeName((String) Objects.requireNonNull(entry.getKey()));
            if (entry.getValue() == null) {
                out.writeNull();
            } else {
                value(entry.getValue(), schema.value());
            }
        }
        out.writeEndObject();
    }

    private void floating(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            out.writeString(Double.isNaN(number) ? "NaN" : number > 0 ? "Infinity" : "-Infinity");
        } else if (number == Math.rint(number) && Math.abs(number) < 1e15) {
            out.writeNumber((long) number);
        } else {
            out.writeNumber(number);
        }
    }

    private void timestamp(Instant time, Member member) {
        TimestampFormat format = member.timestampFormat();
        if (format == null || format == TimestampFormat.EPOCH_SECONDS) {
            out.writeNumber(Timestamps.seconds(time));
        } else {
            out.writeString(Timestamps.format(time, format));
        }
    }

    private void document(@Nullable Object value) {
        switch (value) {
            case null -> out.writeNull();
            case Map<?, ?> members -> {
                out.writeStartObject();
                for (Map.Entry<?, ?> entry : members.entrySet()) {
                    out.writeName(String.valueOf(entry.getKey()));
                    document(entry.getValue());
                }
                out.writeEndObject();
            }
            case List<?> elements -> {
                out.writeStartArray();
                elements.forEach(this::document);
                out.writeEndArray();
            }
            case Boolean flag -> out.writeBoolean(flag);
            case BigInteger number -> out.writeNumber(number);
            case BigDecimal number -> out.writeNumber(number);
            case Double number -> floating(number);
            case Number number -> out.writeNumber(number.longValue());
            default -> out.writeString(value.toString());
        }
    }
}
