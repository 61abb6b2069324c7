package dev.freehold.protocol.json;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Schema;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonToken;

/// What services say of JSON that doesn't fit their model, and what they make of it nevertheless.
enum JsonDialect {
    /// Most services.
    STANDARD {
        @Override
        CommonError unexpected(Found found, Schema wanted, boolean element) {
            String kind = kind(wanted);
            return CommonError.serialization(
                    switch (found.token) {
                        case START_ARRAY -> "Start of list found where not expected";
                        case START_OBJECT ->
                                "Start of structure or map found where not expected.";
                        case VALUE_STRING -> "STRING_VALUE can not be converted to " + kind;
                        case VALUE_TRUE -> "TRUE_VALUE can not be converted to " + kind;
                        case VALUE_FALSE -> "FALSE_VALUE can not be converted to " + kind;
                        case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
                                "NUMBER_VALUE can not be converted to " + kind;
                        default -> "Unexpected value where " + kind + " is expected";
                    });
        }

        @Override
        CommonError notBase64(String text) {
            return CommonError.serialization("Invalid base64 value");
        }

        @Override
        CommonError malformed(@Nullable String message) {
            return CommonError.serialization(message == null ? "Malformed JSON" : message);
        }
    },

    /// DynamoDB, whose parser speaks of Java's types.
    DYNAMODB {
        @Override
        CommonError unexpected(Found found, Schema wanted, boolean element) {
            boolean list = found.token == JsonToken.START_ARRAY;
            if (found.token == JsonToken.START_OBJECT) {
                return CommonError.serialization(
                        "Start of structure or map found where not expected");
            }
            return CommonError.serialization(
                    switch (wanted.type()) {
                        case STRUCTURE, UNION ->
                                list
                                        ? UNRECOGNIZED + "class " + javaType(wanted)
                                        : element
                                                ? "Unexpected value type in payload"
                                                : "Unexpected field type";
                        case LIST -> element ? PARAMETERIZED : "Unexpected field type";
                        case MAP ->
                                list
                                        ? UNRECOGNIZED + javaType(wanted)
                                        : element ? PARAMETERIZED : "Unexpected field type";
                        case BLOB ->
                                list
                                        ? UNRECOGNIZED + "class java.nio.ByteBuffer"
                                        : "only base-64-encoded strings are convertible to bytes";
                        default ->
                                list
                                        ? UNRECOGNIZED + "class " + javaType(wanted)
                                        : scalar(found, wanted);
                    });
        }

        private String scalar(Found found, Schema wanted) {
            String value =
                    switch (found.token) {
                        case VALUE_TRUE -> "TRUE_VALUE";
                        case VALUE_FALSE -> "FALSE_VALUE";
                        case VALUE_STRING -> "STRING_VALUE";
                        default -> found.decimal ? "DECIMAL_VALUE" : "NUMBER_VALUE";
                    };
            boolean text = found.token == JsonToken.VALUE_STRING;
            return text && wanted.type() == Schema.Type.BOOLEAN
                    ? "Unexpected token received from parser"
                    : value + " cannot be converted to " + kind(wanted);
        }

        @Override
        CommonError notBase64(String text) {
            return CommonError.serialization(
                    text.length() % 4 != 0
                            ? "Base64 encoded length is expected a multiple of 4 bytes but found: "
                                    + text.length()
                            : "Invalid last non-pad Base64 character dectected");
        }

        @Override
        CommonError malformed(@Nullable String message) {
            return new CommonError("SerializationException", 400, null);
        }

        @Override
        boolean canonical(String text, Blob blob) {
            return blob.base64().equals(text);
        }

        @Override
        @Nullable Boolean bool(String text) {
            return switch (text.toUpperCase(java.util.Locale.ROOT)) {
                case "TRUE", "1", "YES" -> true;
                case "FALSE", "0", "NO" -> false;
                default -> null;
            };
        }
    };

    private static final String UNRECOGNIZED = "Unrecognized collection type ";
    private static final String PARAMETERIZED =
            "class sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl cannot be cast to"
                    + " class java.lang.Class"
                    + " (sun.reflect.generics.reflectiveObjects.ParameterizedTypeImpl and"
                    + " java.lang.Class are in module java.base of loader 'bootstrap')";

    /// What stands in the JSON.
    ///
    /// @param decimal whether it is a number with a fraction
    record Found(JsonToken token, boolean decimal) {}

    /// The error of a value of the wrong kind.
    ///
    /// @param element whether it stands in a list or map, and not in a structure
    abstract CommonError unexpected(Found found, Schema wanted, boolean element);

    /// The error of a blob that can't be decoded.
    abstract CommonError notBase64(String text);

    /// The error of what isn't JSON.
    abstract CommonError malformed(@Nullable String message);

    /// Whether that text may stand for these bytes: some insist on padding and on zeros in what the last
    /// character has too many.
    boolean canonical(String text, Blob blob) {
        return true;
    }

    /// A truth value as a text, or null when the text is none.
    @Nullable Boolean bool(String text) {
        return null;
    }

    static String kind(Schema schema) {
        return switch (schema.type()) {
            case STRUCTURE, UNION -> "structure";
            case LIST -> "list";
            case MAP -> "map";
            case STRING -> "String";
            case BLOB -> "Blob";
            case BOOLEAN -> "Boolean";
            case BYTE -> "Byte";
            case SHORT -> "Short";
            case INTEGER -> "Integer";
            case LONG -> "Long";
            case FLOAT -> "Float";
            case DOUBLE -> "Double";
            case BIG_INTEGER -> "BigInteger";
            case BIG_DECIMAL -> "BigDecimal";
            case TIMESTAMP -> "Timestamp";
            case DOCUMENT -> "Document";
        };
    }

    private static String javaType(Schema schema) {
        return switch (schema.type()) {
            case STRUCTURE, UNION -> "com.amazonaws.dynamodb.v20120810." + schema.name();
            case LIST -> "java.util.List<" + javaType(schema.element().target()) + ">";
            case MAP ->
                    "java.util.Map<java.lang.String, " + javaType(schema.value().target()) + ">";
            default -> "java.lang." + kind(schema);
        };
    }
}
