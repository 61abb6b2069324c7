package dev.freehold.services.sns;

import dev.freehold.api.sns.InvalidParameterValueException;
import dev.freehold.api.sns.MessageAttributeValue;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Message attributes: what they may be.
final class MessageAttributes {
    private static final int MAX_NAME = 256;
    private static final Pattern TYPE = Pattern.compile("(String|Number|Binary)(\\..+)?");

    /// An attribute that was checked.
    ///
    /// @param type such as `String` or `String.Array`
    record Attribute(String type, @Nullable String text, @Nullable Blob bytes) {
        /// The value as JSON has it.
        String printed() {
            return bytes == null ? String.valueOf(text) : bytes.base64();
        }

        int size() {
            return type.length()
                    + (bytes == null
                            ? String.valueOf(text).getBytes(StandardCharsets.UTF_8).length
                            : bytes.length());
        }
    }

    private MessageAttributes() {}

    /// @param path where they are in the request, for errors
    static Map<String, Attribute> check(
            @Nullable Map<String, MessageAttributeValue> attributes, String path) {
        Map<String, Attribute> checked = new LinkedHashMap<>();
        if (attributes != null) {
            attributes.forEach((name, value) -> {
                checkName(name);
                checked.put(name, check(name, value, path));
            });
        }
        return checked;
    }

    private static void checkName(String name) {
        if (name.getBytes(StandardCharsets.UTF_8).length >= MAX_NAME) {
            throw wrong("Length of message attribute name must be less than 256 bytes.");
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.') {
                throw wrong(
                        "Invalid non-alphanumeric character '#x"
                                + Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT)
                                + "' was found in the message attribute name. Can only include"
                                + " alphanumeric characters, hyphens, underscores, or dots.");
            }
        }
        if (name.startsWith(".")) {
            throw wrong("Invalid message attribute name starting with character '.' was found.");
        }
        if (name.endsWith(".")) {
            throw wrong("Invalid message attribute name ending with character '.' was found.");
        }
        if (name.contains("..")) {
            throw wrong("Message attribute name can not have successive '.' character.");
        }
    }

    private static Attribute check(String name, MessageAttributeValue value, String path) {
        String type = value.dataType();
        if (type == null) {
            throw new CommonError(
                    "ValidationError",
                    400,
                    "1 validation error detected: Value null at '"
                            + path
                            + "messageAttributes."
                            + name
                            + ".member.dataType' failed to satisfy constraint: Member must not"
                            + " be null");
        }
        if (!TYPE.matcher(type).matches()) {
            throw wrong(
                    "The message attribute '"
                            + name
                            + "' has an invalid message attribute type, the set of supported type"
                            + " prefixes is Binary, Number, and String.");
        }
        boolean binary = type.startsWith("Binary");
        if (binary ? value.stringValue() != null : value.binaryValue() != null) {
            throw wrong(
                    "The message attribute '"
                            + name
                            + "' with type '"
                            + type
                            + "' must use field '"
                            + (binary ? "Binary" : "String")
                            + "'.");
        }
        Blob bytes = value.binaryValue();
        String text = value.stringValue();
        if (binary ? bytes == null || bytes.length() == 0 : text == null || text.isEmpty()) {
            throw wrong(
                    "The message attribute '"
                            + name
                            + "' must contain non-empty message attribute value for message"
                            + " attribute type '"
                            + type
                            + "'.");
        }
        if (type.startsWith("Number")) {
            checkNumber(name, String.valueOf(text));
        }
        return new Attribute(type, text, bytes);
    }

    private static void checkNumber(String name, String text) {
        try {
            new java.math.BigDecimal(text);
        } catch (NumberFormatException e) {
            throw wrong("Could not cast message attribute '" + name + "' value to number.");
        }
    }

    private static InvalidParameterValueException wrong(String message) {
        return new InvalidParameterValueException(message);
    }
}
