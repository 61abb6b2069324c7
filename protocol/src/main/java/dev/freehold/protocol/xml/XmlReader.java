package dev.freehold.protocol.xml;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Member.Location;
import dev.freehold.protocol.Member.TimestampFormat;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.protocol.Timestamps;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.jspecify.annotations.Nullable;

/// Reads XML to values of schemas. Documents with a DTD or entities are refused.
public final class XmlReader {
    private static final int MAX_DEPTH = 100;
    private static final XMLInputFactory FACTORY = factory();

    private final XMLStreamReader in;
    private int depth;

    private XmlReader(XMLStreamReader in) {
        this.in = in;
    }

    private static XMLInputFactory factory() {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        return factory;
    }

    /// What is wrong with a document that can't be read.
    public static CommonError malformed() {
        return new CommonError(
                "MalformedXML",
                400,
                "The XML you provided was not well-formed or did not validate against our published"
                        + " schema");
    }

    /// Reads the members of a whole document's root element into `builder`.
    ///
    /// @throws CommonError `MalformedXML`
    public static void read(byte[] body, Schema schema, StructureBuilder builder) {
        try {
            XMLStreamReader in = FACTORY.createXMLStreamReader(new ByteArrayInputStream(body));
            try {
                while (in.next() != XMLStreamConstants.START_ELEMENT) {
                    if (in.getEventType() == XMLStreamConstants.DTD) {
                        throw malformed();
                    }
                }
                new XmlReader(in).members(schema, builder);
                while (in.hasNext()) {
                    in.next();
                }
            } finally {
                in.close();
            }
        } catch (XMLStreamException | java.util.NoSuchElementException e) {
            throw malformed();
        }
    }

    private void members(Schema schema, StructureBuilder builder) throws XMLStreamException {
        if (++depth > MAX_DEPTH) {
            throw malformed();
        }
        attributes(schema, builder);
        Map<Member, List<Object>> lists = new LinkedHashMap<>();
        Map<Member, Map<String, Object>> maps = new LinkedHashMap<>();
        while (nextElement()) {
            Member member = find(schema, in.getLocalName());
            if (member == null) {
                skip();
            } else if (member.flattened() && member.target().type() == Schema.Type.LIST) {
                Object element = value(member.target().element());
                lists.computeIfAbsent(member, _ -> new ArrayList<>()).add(element);
            } else if (member.flattened() && member.target().type() == Schema.Type.MAP) {
                entry(member.target(), maps.computeIfAbsent(member, _ -> new LinkedHashMap<>()));
            } else {
                builder.set(member.index(), value(member));
            }
        }
        lists.forEach((member, elements) -> builder.set(member.index(), elements));
        maps.forEach((member, entries) -> builder.set(member.index(), entries));
        depth--;
    }

    private void attributes(Schema schema, StructureBuilder builder) {
        for (int i = 0; i < in.getAttributeCount(); i++) {
            String local = in.getAttributeLocalName(i);
            String prefix = in.getAttributePrefix(i);
            String name = prefix == null || prefix.isEmpty() ? local : prefix + ":" + local;
            for (Member member : schema.members()) {
                if (member.xmlAttribute() && member.wireName().equals(name)) {
                    builder.set(member.index(), simple(in.getAttributeValue(i), member));
                }
            }
        }
    }

    private static @Nullable Member find(Schema schema, String name) {
        for (Member member : schema.members()) {
            if (member.location() == Location.BODY
                    && !member.xmlAttribute()
                    && member.wireName().equals(name)) {
                return member;
            }
        }
        return null;
    }

    /// Steps to the next child element; false at the parent's end.
    private boolean nextElement() throws XMLStreamException {
        while (true) {
            switch (in.next()) {
                case XMLStreamConstants.START_ELEMENT -> {
                    return true;
                }
                case XMLStreamConstants.END_ELEMENT -> {
                    return false;
                }
                case XMLStreamConstants.CHARACTERS -> {
                    if (!in.isWhiteSpace()) {
                        throw malformed();
                    }
                }
                case XMLStreamConstants.ENTITY_REFERENCE, XMLStreamConstants.DTD ->
                        throw malformed();
                default -> {}
            }
        }
    }

    private void skip() throws XMLStreamException {
        int open = 1;
        while (open > 0) {
            switch (in.next()) {
                case XMLStreamConstants.START_ELEMENT -> open++;
                case XMLStreamConstants.END_ELEMENT -> open--;
                default -> {}
            }
        }
    }

    private Object value(Member member) throws XMLStreamException {
        Schema schema = member.target();
        return switch (schema.type()) {
            case STRUCTURE, UNION -> {
                StructureBuilder builder = schema.newBuilder();
                members(schema, builder);
                yield builder.build();
            }
            case LIST -> {
                List<Object> elements = new ArrayList<>();
                while (nextElement()) {
                    elements.add(value(schema.element()));
                }
                yield elements;
            }
            case MAP -> {
                Map<String, Object> entries = new LinkedHashMap<>();
                while (nextElement()) {
                    entry(schema, entries);
                }
                yield entries;
            }
            default -> simple(elementText(), member);
        };
    }

    private String elementText() throws XMLStreamException {
        StringBuilder text = new StringBuilder();
        while (true) {
            switch (in.next()) {
                case XMLStreamConstants.CHARACTERS,
                        XMLStreamConstants.CDATA,
                        XMLStreamConstants.SPACE ->
                        text.append(in.getText());
                case XMLStreamConstants.END_ELEMENT -> {
                    return text.toString();
                }
                case XMLStreamConstants.COMMENT, XMLStreamConstants.PROCESSING_INSTRUCTION -> {}
                default -> throw malformed();
            }
        }
    }

    private void entry(Schema map, Map<String, Object> entries) throws XMLStreamException {
        String key = null;
        Object value = null;
        while (nextElement()) {
            if (in.getLocalName().equals(map.key().wireName())) {
                key = elementText();
            } else if (in.getLocalName().equals(map.value().wireName())) {
                value = value(map.value());
            } else {
                skip();
            }
        }
        if (key == null || value == null) {
            throw malformed();
        }
        entries.put(key, value);
    }

    private static Object simple(String raw, Member member) {
        String text = member.target().type() == Schema.Type.STRING ? raw : raw.strip();
        try {
            return switch (member.target().type()) {
                case STRING -> text;
                case BOOLEAN -> bool(text);
                case BYTE -> Byte.valueOf(text);
                case SHORT -> Short.valueOf(text);
                case INTEGER -> Integer.valueOf(text);
                case LONG -> Long.valueOf(text);
                case FLOAT -> Float.valueOf(text);
                case DOUBLE -> Double.valueOf(text);
                case BLOB -> Blob.ofBase64(text);
                case TIMESTAMP ->
                        Objects.requireNonNullElseGet(
                                Timestamps.parseLeniently(
                                        text,
                                        member.timestampFormat() == null
                                                ? TimestampFormat.DATE_TIME
                                                : member.timestampFormat()),
                                () -> {
                                    throw malformed();
                                });
                default -> throw malformed();
            };
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true", "TRUE", "True" -> true;
            case "false", "FALSE", "False" -> false;
            default -> throw malformed();
        };
    }
}
