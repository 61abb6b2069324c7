package dev.freehold.protocol.json;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Member.TimestampFormat;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.protocol.Timestamps;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON to values of schemas. Also what is wrong with it, in the words of AWS.
public final class JsonReader {
    /// The deepest nesting; DynamoDB's 32 levels of attributes take two JSON levels each.
    private static final int MAX_DEPTH = 200;

    static final JsonFactory FACTORY =
            JsonFactory.builder()
                    .streamReadConstraints(
                            StreamReadConstraints.builder()
                                    .maxNestingDepth(MAX_DEPTH)
                                    .maxStringLength(dev.freehold.protocol.Bodies.MAX_IN_MEMORY)
                                    .maxNumberLength(200)
                                    .build())
                    .build();

    private final JsonParser parser;
    private final boolean wireNames;

    /// restJson1 takes no null in lists and maps, and no union without exactly one member. The
    /// older awsJson services leave both to the operation, which has words of its own for it.
    private final boolean strict;

    private final JsonDialect dialect;

    private JsonReader(JsonParser parser, boolean wireNames, JsonDialect dialect) {
        this.parser = parser;
        this.wireNames = wireNames;
        this.dialect = dialect;
        this.strict = wireNames;
    }

    /// Reads a whole body into `builder`; an empty body is an empty object.
    ///
    /// @param wireNames whether members go by their wire names (restJson1) or the model's (awsJson)
    /// @throws CommonError `SerializationException` when it can't be read
    public static void read(
            byte[] body, Schema schema, StructureBuilder builder, boolean wireNames) {
        read(body, schema, builder, wireNames, JsonDialect.STANDARD);
    }

    /// [#read(byte[], Schema, StructureBuilder, boolean)] in a service's dialect.
    static void read(
            byte[] body,
            Schema schema,
            StructureBuilder builder,
            boolean wireNames,
            JsonDialect dialect) {
        if (body.length == 0) {
            return;
        }
        guarded(
                body,
                wireNames,
                dialect,
                reader -> {
                    reader.expect(JsonToken.START_OBJECT, schema, false);
                    reader.members(schema, builder);
                    return true;
                });
    }

    /// Reads a whole body as one value of that member's shape.
    public static @Nullable Object readValue(byte[] body, Member member, boolean wireNames) {
        return guarded(
                body, wireNames, JsonDialect.STANDARD, reader -> reader.value(member, false));
    }

    private interface Reading {
        @Nullable Object with(JsonReader reader);
    }

    private static @Nullable Object guarded(
            byte[] body, boolean wireNames, JsonDialect dialect, Reading reading) {
        try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), body)) {
            JsonReader reader = new JsonReader(parser, wireNames, dialect);
            if (parser.nextToken() == null) {
                throw dialect.malformed("Unexpected end of input");
            }
            Object value = reading.with(reader);
            if (parser.nextToken() != null) {
                throw dialect.malformed("Unexpected content after the JSON value");
            }
            return value;
        } catch (JacksonException e) {
            throw dialect.malformed(firstLine(e));
        }
    }

    private static @Nullable String firstLine(JacksonException e) {
        String message = e.getOriginalMessage();
        return message == null ? null : message.lines().findFirst().orElse("Malformed JSON");
    }

    private void expect(JsonToken token, Schema wanted, boolean element) {
        if (parser.currentToken() != token) {
            throw unexpected(wanted, element);
        }
    }

    private CommonError unexpected(Schema wanted, boolean element) {
        JsonToken token = parser.currentToken();
        boolean decimal =
                token == JsonToken.VALUE_NUMBER_FLOAT
                        && parser.getDecimalValue().stripTrailingZeros().scale() > 0;
        return dialect.unexpected(new JsonDialect.Found(token, decimal), wanted, element);
    }

    private void members(Schema schema, StructureBuilder builder) {
        int known = 0;
        int unknown = 0;
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            Member member = find(schema, name);
            parser.nextToken();
            if (member == null) {
                unknown += name.equals("__type") ? 0 : 1;
                parser.skipChildren();
                continue;
            }
            Object value = value(member, false);
            if (value != null) {
                builder.set(member.index(), value);
                known++;
            }
        }
        boolean one = known == 1 && unknown == 0;
        if (strict && schema.type() == Schema.Type.UNION && !one) {
            throw CommonError.notOneMember(schema, known + unknown);
        }
    }

    private @Nullable Member find(Schema schema, String name) {
        for (Member member : schema.members()) {
            String wanted = wireNames ? member.wireName() : member.name();
            if (wanted.equals(name) && (!wireNames || member.location() == Member.Location.BODY)) {
                return member;
            }
        }
        return null;
    }

    /// @param element whether it is an element of a list or a map
    private @Nullable Object value(Member member, boolean element) {
        if (parser.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        Schema schema = member.target();
        return switch (schema.type()) {
            case STRUCTURE, UNION -> structure(schema, element);
            case LIST -> list(schema, element);
            case MAP -> map(schema, element);
            case STRING -> string(schema);
            case BLOB -> blob(schema);
            case BOOLEAN -> bool(schema);
            case BYTE -> (byte) integer(schema, Byte.MIN_VALUE, Byte.MAX_VALUE);
            case SHORT -> (short) integer(schema, Short.MIN_VALUE, Short.MAX_VALUE);
            case INTEGER -> (int) integer(schema, Integer.MIN_VALUE, Integer.MAX_VALUE);
            case LONG -> integer(schema, Long.MIN_VALUE, Long.MAX_VALUE);
            case FLOAT -> (float) floating(schema);
            case DOUBLE -> floating(schema);
            case BIG_INTEGER -> decimal(schema).toBigInteger();
            case BIG_DECIMAL -> decimal(schema);
            case TIMESTAMP -> timestamp(member);
            case DOCUMENT -> document();
        };
    }

    private Structure structure(Schema schema, boolean inCollection) {
        expect(JsonToken.START_OBJECT, schema, inCollection);
        StructureBuilder builder = schema.newBuilder();
        members(schema, builder);
        return builder.build();
    }

    private List<?> list(Schema schema, boolean inCollection) {
        expect(JsonToken.START_ARRAY, schema, inCollection);
        List<@Nullable Object> elements = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
            Object element = value(schema.element(), true);
            if (element != null || schema.sparse()) {
                elements.add(element);
            } else if (strict) {
                throw CommonError.serialization("A list can not hold null");
            }
        }
        return Collections.unmodifiableList(elements);
    }

    private Map<String, ?> map(Schema schema, boolean inCollection) {
        expect(JsonToken.START_OBJECT, schema, inCollection);
        Map<String, @Nullable Object> entries = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String key = parser.currentName();
            parser.nextToken();
            Object value = value(schema.value(), true);
            if (value != null || schema.sparse()) {
                entries.put(key, value);
            } else if (strict) {
                throw CommonError.serialization("A map can not hold null");
            }
        }
        return Collections.unmodifiableMap(entries);
    }

    private String string(Schema schema) {
        expect(JsonToken.VALUE_STRING, schema, false);
        return parser.getString();
    }

    private Blob blob(Schema schema) {
        String text = string(schema);
        try {
            Blob blob = Blob.ofBase64(text);
            if (dialect.canonical(text, blob)) {
                return blob;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw dialect.notBase64(text);
    }

    private boolean bool(Schema schema) {
        JsonToken token = parser.currentToken();
        Boolean text = token == JsonToken.VALUE_STRING ? dialect.bool(parser.getString()) : null;
        if (text != null) {
            return text;
        }
        return switch (token) {
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            default -> throw unexpected(schema, false);
        };
    }

    private long integer(Schema schema, long min, long max) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw unexpected(schema, false);
        }
        try {
            long number = parser.getDecimalValue().longValueExact();
            if (number >= min && number <= max) {
                return number;
            }
        } catch (ArithmeticException e) {
            // refused below, like every number that is out of range
        }
        throw CommonError.serialization("NUMBER_VALUE can not be converted to " + JsonDialect.kind(schema));
    }

    private double floating(Schema schema) {
        if (parser.currentToken() == JsonToken.VALUE_STRING) {
            return switch (parser.getString()) {
                case "NaN" -> Double.NaN;
                case "Infinity" -> Double.POSITIVE_INFINITY;
                case "-Infinity" -> Double.NEGATIVE_INFINITY;
                default -> throw unexpected(schema, false);
            };
        }
        return decimal(schema).doubleValue();
    }

    private BigDecimal decimal(Schema schema) {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_NUMBER_INT && token != JsonToken.VALUE_NUMBER_FLOAT) {
            throw unexpected(schema, false);
        }
        return parser.getDecimalValue();
    }

    private Instant timestamp(Member member) {
        TimestampFormat format = member.timestampFormat();
        Instant time = null;
        if (format == null || format == TimestampFormat.EPOCH_SECONDS) {
            try {
                time = Timestamps.ofSeconds(decimal(member.target()));
            } catch (ArithmeticException e) {
                // refused below
            }
        } else {
            time = Timestamps.parse(string(member.target()), format);
        }
        if (time == null) {
            throw CommonError.serialization("Invalid timestamp");
        }
        return time;
    }

    private @Nullable Object document() {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, @Nullable Object> members = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    members.put(name, document());
                }
                yield Collections.unmodifiableMap(members);
            }
            case START_ARRAY -> {
                List<@Nullable Object> elements = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(document());
                }
                yield Collections.unmodifiableList(elements);
            }
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> parser.getDecimalValue();
            default -> parser.getString();
        };
    }
}
