package dev.freehold.services.sqs;

import dev.freehold.api.sqs.Message;
import dev.freehold.api.sqs.MessageAttributeValue;
import dev.freehold.api.sqs.ReceiveMessageRequest;
import dev.freehold.protocol.Blob;
import dev.freehold.services.sqs.Messages.Received;
import dev.freehold.services.sqs.SqsTables.Attribute;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Messages as clients send and get them.
final class MessageViews {
    private static final int MAX_NAME = 256;

    private MessageViews() {}

    /// Whether a message may have that character.
    static boolean allowed(int c) {
        return c == 0x9
                || c == 0xA
                || c == 0xD
                || (c >= 0x20 && c <= 0xD7FF)
                || (c >= 0xE000 && c <= 0xFFFD)
                || c >= 0x10000;
    }

    static Map<String, Attribute> attributes(
            @Nullable Map<String, MessageAttributeValue> attributes) {
        Map<String, Attribute> converted = new LinkedHashMap<>();
        if (attributes == null) {
            return converted;
        }
        if (attributes.size() > 10) {
            throw invalid(
                    "Number of message attributes ["
                            + attributes.size()
                            + "] exceeds the allowed maximum [10].");
        }
        attributes.forEach((name, value) -> {
            checkName(name);
            converted.put(name, attribute(name, value));
        });
        return converted;
    }

    private static void checkName(String name) {
        String lower = name.toLowerCase(java.util.Locale.ROOT);
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw invalid(
                    "Invalid length of the message (user) attribute name. It must be 1 to 256"
                            + " characters long.");
        }
        for (int c : name.codePoints().toArray()) {
            if (!Character.isLetterOrDigit(c) && c != '_' && c != '-' && c != '.') {
                throw invalid(
                        "Invalid non-alphanumeric character '#x"
                                + Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT)
                                + "' was found in the message attribute name. Can only include"
                                + " alphanumeric characters, hyphens, underscores, or dots.");
            }
        }
        if (name.startsWith(".") || name.endsWith(".") || name.contains("..")) {
            throw invalid(
                    "Invalid message attribute name '"
                            + name
                            + "': it may not start or end with"
                            + " '.' or have successive ones.");
        }
        if (lower.startsWith("aws.") || lower.startsWith("amazon.")) {
            throw invalid(
                    "Invalid message attribute name '"
                            + name
                            + "': it starts with a reserved"
                            + " prefix.");
        }
    }

    private static void checkNumber(String name, String text) {
        try {
            new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw invalid(
                    "Can't cast the value of message (user) attribute '" + name + "' to a number.");
        }
    }

    private static void checkText(String name, String text) {
        text.codePoints()
                .filter(c -> !allowed(c))
                .findFirst()
                .ifPresent(c -> {
                    throw invalid(
                            "Invalid binary character '#x"
                                    + Integer.toHexString(c).toUpperCase(java.util.Locale.ROOT)
                                    + "' was found in the message attribute '"
                                    + name
                                    + "' value, the set of allowed characters is #x9 | #xA | #xD"
                                    + " | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF");
                });
    }

    private static Attribute attribute(String name, MessageAttributeValue value) {
        String type = value.dataType();
        if (type == null
                || type.length() > MAX_NAME
                || !type.matches("(String|Number|Binary)(\\..{1,256})?")) {
            throw invalid(
                    "The type of message (user) attribute '"
                            + name
                            + "' is invalid. You must use only the"
                            + " following supported type prefixes: Binary, Number, String.");
        }
        boolean binary = type.startsWith("Binary");
        if (binary
                ? value.binaryValue() == null
                : value.stringValue() == null || value.stringValue().isEmpty()) {
            throw invalid(
                    "Message (user) attribute '"
                            + name
                            + "' must contain a non-empty value of type '"
                            + type
                            + "'.");
        }
        if (!binary) {
            checkText(name, String.valueOf(value.stringValue()));
            if (type.startsWith("Number")) {
                checkNumber(name, String.valueOf(value.stringValue()));
            }
        }
        return new Attribute(
                type,
                binary ? null : value.stringValue(),
                binary && value.binaryValue() != null ? value.binaryValue().bytes() : null);
    }

    private static Refused invalid(String message) {
        return Refused.value(message);
    }

    static int size(Map<String, Attribute> attributes) {
        int size = 0;
        for (Map.Entry<String, Attribute> entry : attributes.entrySet()) {
            Attribute value = entry.getValue();
            size += entry.getKey().getBytes(StandardCharsets.UTF_8).length + value.type().length();
            byte[] bytes = value.bytes();
            size +=
                    bytes == null
                            ? String.valueOf(value.text()).getBytes(StandardCharsets.UTF_8).length
                            : bytes.length;
        }
        return size;
    }

    static Message view(Received one, ReceiveMessageRequest in) {
        List<String> wanted = new ArrayList<>();
        if (in.attributeNames() != null) {
            wanted.addAll(in.attributeNames());
        }
        if (in.messageSystemAttributeNames() != null) {
            wanted.addAll(in.messageSystemAttributeNames());
        }
        SqsTables.Message message = one.message();
        Map<String, String> system = new LinkedHashMap<>(message.system());
        Content content = one.content();
        system.put("SentTimestamp", String.valueOf(message.sent()));
        system.put("ApproximateReceiveCount", String.valueOf(message.receives()));
        system.put("ApproximateFirstReceiveTimestamp", String.valueOf(message.firstReceived()));
        if (!wanted.contains("All")) {
            system.keySet().retainAll(wanted);
        }
        Map<String, Attribute> chosen = new LinkedHashMap<>();
        List<String> names =
                in.messageAttributeNames() == null ? List.of() : in.messageAttributeNames();
        content.attributes()
                .forEach((name, value) -> {
                    if (names.stream().anyMatch(pattern -> matches(pattern, name))) {
                        chosen.put(name, value);
                    }
                });
        Map<String, MessageAttributeValue> attributes = new LinkedHashMap<>();
        chosen.forEach((name, value) -> attributes.put(name, view(value)));
        return Message.builder()
                .messageId(one.id())
                .receiptHandle(one.handle())
                .md5OfBody(Digests.of(content.body()))
                .bodyValue(content.body())
                .attributes(system.isEmpty() ? null : system)
                .md5OfMessageAttributes(Digests.of(chosen))
                .messageAttributes(attributes.isEmpty() ? null : attributes)
                .build();
    }

    private static boolean matches(String pattern, String name) {
        return pattern.equals("All")
                || pattern.equals(name)
                || (pattern.endsWith(".*")
                        && name.startsWith(pattern.substring(0, pattern.length() - 1)))
                || pattern.equals(".*");
    }

    private static MessageAttributeValue view(Attribute attribute) {
        byte[] bytes = attribute.bytes();
        return MessageAttributeValue.builder()
                .dataType(attribute.type())
                .stringValue(attribute.text())
                .binaryValue(bytes == null ? null : Blob.wrap(bytes))
                .build();
    }
}
