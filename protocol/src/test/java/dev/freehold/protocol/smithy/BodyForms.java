package dev.freehold.protocol.smithy;

import java.io.StringReader;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.xml.parsers.DocumentBuilderFactory;
import org.jspecify.annotations.Nullable;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.InputSource;

/// Bodies as values that are equal when they mean the same.
final class BodyForms {
    private BodyForms() {}

    static @Nullable Object json(String text) {
        return text.isEmpty()
                ? ""
                : plain(NodeValues.document(software.amazon.smithy.model.node.Node.parse(text)));
    }

    /// With numbers that are equal when they are the same number.
    static @Nullable Object plain(@Nullable Object value) {
        return switch (value) {
            case BigDecimal number -> number.stripTrailingZeros();
            case BigInteger number -> new BigDecimal(number).stripTrailingZeros();
            case Double number when Double.isFinite(number) ->
                    BigDecimal.valueOf(number).stripTrailingZeros();
            case List<?> list -> {
                List<@Nullable Object> elements = new ArrayList<>();
                list.forEach(element -> elements.add(plain(element)));
                yield elements;
            }
            case Map<?, ?> map -> {
                Map<Object, @Nullable Object> entries = new HashMap<>();
                map.forEach((key, inner) -> entries.put(key, plain(inner)));
                yield entries;
            }
            case null, default -> value;
        };
    }

    /// An element as its attributes, its text, and its children in order by name.
    static Object xml(String text) {
        if (text.isEmpty()) {
            return "";
        }
        try {
            return element(
                    DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(new InputSource(new StringReader(text)))
                            .getDocumentElement());
        } catch (Exception e) {
            throw new AssertionError("not XML: " + text, e);
        }
    }

    private static Object element(Element element) {
        Map<String, Object> form = new TreeMap<>();
        form.put("name", element.getTagName());
        Map<String, List<Object>> children = new TreeMap<>();
        StringBuilder text = new StringBuilder();
        for (Node node = element.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element child) {
                children.computeIfAbsent(child.getTagName(), _ -> new ArrayList<>())
                        .add(element(child));
            } else {
                text.append(node.getTextContent());
            }
        }
        form.put("children", children);
        form.put("text", children.isEmpty() ? text.toString() : "");
        for (int i = 0; i < element.getAttributes().getLength(); i++) {
            Node attribute = element.getAttributes().item(i);
            form.put("@" + attribute.getNodeName(), attribute.getNodeValue());
        }
        return form;
    }
}
