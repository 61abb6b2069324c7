package dev.freehold.protocol.rest;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// Lists in headers: elements between commas, in quotes when they hold a comma themselves.
final class HeaderLists {
    private HeaderLists() {}

    /// @param dates whether the elements are HTTP dates, each of which has one comma
    static List<String> split(String text, boolean dates) {
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        boolean quoted = false;
        int commas = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\' && quoted && i + 1 < text.length()) {
                part.append(text.charAt(++i));
            } else if (c == '"' && (quoted || part.toString().isBlank())) {
                quoted = !quoted;
            } else if (c == ',' && !quoted && (!dates || ++commas % 2 == 0)) {
                parts.add(part.toString().strip());
                part.setLength(0);
            } else {
                part.append(c);
            }
        }
        parts.add(part.toString().strip());
        return parts;
    }

    static String join(List<?> elements, Function<Object, String> text) {
        List<String> texts = new ArrayList<>();
        for (Object element : elements) {
            String plain = text.apply(element);
            boolean date = element instanceof java.time.Instant;
            boolean quote = !date && (plain.contains(",") || plain.contains("\""));
            texts.add(
                    quote ? '"' + plain.replace("\\", "\\\\").replace("\"", "\\\"") + '"' : plain);
        }
        return String.join(", ", texts);
    }
}
