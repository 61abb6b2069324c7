package dev.freehold.protocol.smithy;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.smithy.model.node.ArrayNode;
import software.amazon.smithy.model.node.Node;
import software.amazon.smithy.model.node.ObjectNode;

/// Values as the tests write them.
final class NodeValues {
    private NodeValues() {}

    static Structure structure(ObjectNode node, Schema schema) {
        StructureBuilder builder = schema.newBuilder();
        for (Member member : schema.members()) {
            Node inner = node.getMember(member.name()).orElse(null);
            Object value = inner == null ? null : value(inner, member);
            if (value != null) {
                builder.set(member.index(), value);
            }
        }
        return builder.build();
    }

    private static @Nullable Object value(Node node, Member member) {
        Schema schema = member.target();
        if (node.isNullNode() && schema.type() != Schema.Type.DOCUMENT) {
            return null;
        }
        return switch (schema.type()) {
            case STRUCTURE, UNION -> structure(node.expectObjectNode(), schema);
            case LIST -> list(node.expectArrayNode(), schema);
            case MAP -> map(node.expectObjectNode(), schema);
            case STRING -> node.expectStringNode().getValue();
            case BLOB -> {
                Blob blob = Blob.ofUtf8(node.expectStringNode().getValue());
                yield member.streaming() ? ByteStream.of(blob) : blob;
            }
            case BOOLEAN -> node.expectBooleanNode().getValue();
            case BYTE -> number(node).byteValue();
            case SHORT -> number(node).shortValue();
            case INTEGER -> number(node).intValue();
            case LONG -> number(node).longValue();
            case FLOAT -> floating(node).floatValue();
            case DOUBLE -> floating(node);
            case BIG_INTEGER -> new BigInteger(number(node).toString());
            case BIG_DECIMAL -> new BigDecimal(number(node).toString());
            case TIMESTAMP ->
                    dev.freehold.protocol.Timestamps.ofSeconds(
                            new BigDecimal(number(node).toString()));
            case DOCUMENT -> document(node);
        };
    }

    private static Number number(Node node) {
        return node.expectNumberNode().getValue();
    }

    private static Double floating(Node node) {
        return node.isStringNode()
                ? Double.valueOf(node.expectStringNode().getValue())
                : Double.valueOf(number(node).doubleValue());
    }

    private static List<@Nullable Object> list(ArrayNode node, Schema schema) {
        List<@Nullable Object> values = new ArrayList<>();
        node.forEach(element -> values.add(value(element, schema.element())));
        return values;
    }

    private static Map<String, @Nullable Object> map(ObjectNode node, Schema schema) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        node.getStringMap().forEach((key, entry) -> values.put(key, value(entry, schema.value())));
        return values;
    }

    /// A node as plain values: what a document is in memory, and what bodies are compared as.
    static @Nullable Object document(Node node) {
        if (node instanceof ObjectNode object) {
            Map<String, @Nullable Object> members = new LinkedHashMap<>();
            object.getStringMap().forEach((name, inner) -> members.put(name, document(inner)));
            return members;
        }
        if (node instanceof ArrayNode array) {
            List<@Nullable Object> elements = new ArrayList<>();
            array.forEach(element -> elements.add(document(element)));
            return elements;
        }
        if (node.isNumberNode()) {
            return new BigDecimal(number(node).toString());
        }
        if (node.isBooleanNode()) {
            return node.expectBooleanNode().getValue();
        }
        return node.isNullNode() ? null : node.expectStringNode().getValue();
    }
}
