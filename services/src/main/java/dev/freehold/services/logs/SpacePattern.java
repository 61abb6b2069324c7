package dev.freehold.services.logs;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A pattern over events of fields between spaces: `[ip, user, ..., status = 4*, bytes > 1000]`.
/// Text in brackets or double quotes is one field.
final class SpacePattern {
    private static final Pattern CONDITION =
            Pattern.compile(
                    "\\s*([\\w.-]+)\\s*(?:(!=|>=|<=|=|>|<)\\s*(\"[^\"]*\"|[^\\s&|]+))?\\s*");

    private SpacePattern() {}

    private record Field(String name, @Nullable String operator, String value) {
        boolean matches(String text) {
            if (operator == null) {
                return true;
            }
            if (operator.equals("=") || operator.equals("!=")) {
                return operator.equals("=") == Wildcards.matches(value, text);
            }
            try {
                int sign = new BigDecimal(text).compareTo(new BigDecimal(value));
                return switch (operator) {
                    case ">" -> sign > 0;
                    case "<" -> sign < 0;
                    case ">=" -> sign >= 0;
                    default -> sign <= 0;
                };
            } catch (NumberFormatException e) {
                return false;
            }
        }
    }

    static FilterPattern parse(String pattern) {
        if (!pattern.endsWith("]")) {
            throw new IllegalArgumentException("Invalid filter pattern");
        }
        List<Field> before = new ArrayList<>();
        List<Field> after = new ArrayList<>();
        boolean open = false;
        for (String part : pattern.substring(1, pattern.length() - 1).split(",", -1)) {
            if (part.strip().equals("...")) {
                open = true;
            } else {
                (open ? after : before).add(field(part));
            }
        }
        boolean anyLength = open;
        return new Fields(before, after, anyLength);
    }

    private record Fields(List<Field> before, List<Field> after, boolean anyLength)
            implements FilterPattern {
        @Override
        public boolean matches(String message) {
            return SpacePattern.matches(fields(message), before, after, anyLength);
        }

        @Override
        public Map<String, String> extract(String message) {
            List<String> found = fields(message);
            Map<String, String> values = new LinkedHashMap<>();
            for (int i = 0; i < before.size(); i++) {
                values.put("$" + before.get(i).name, found.get(i));
            }
            for (int i = before.size(); i < found.size() - after.size(); i++) {
                values.put("$" + (i + 1), found.get(i));
            }
            int start = found.size() - after.size();
            for (int i = 0; i < after.size(); i++) {
                values.put("$" + after.get(i).name, found.get(start + i));
            }
            return values;
        }
    }

    private static boolean matches(
            List<String> fields, List<Field> before, List<Field> after, boolean anyLength) {
        int known = before.size() + after.size();
        if (fields.size() < known || (!anyLength && fields.size() != known)) {
            return false;
        }
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).matches(fields.get(i))) {
                return false;
            }
        }
        for (int i = 0; i < after.size(); i++) {
            if (!after.get(i).matches(fields.get(fields.size() - after.size() + i))) {
                return false;
            }
        }
        return true;
    }

    private static Field field(String part) {
        Matcher matcher = CONDITION.matcher(part);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("Invalid filter pattern");
        }
        String value = matcher.group(3);
        if (value != null && value.startsWith("\"")) {
            value = value.substring(1, value.length() - 1);
        }
        return new Field(matcher.group(1), matcher.group(2), value == null ? "" : value);
    }

    private static List<String> fields(String message) {
        List<String> fields = new ArrayList<>();
        int at = 0;
        while (at < message.length()) {
            char c = message.charAt(at);
            if (Character.isWhitespace(c)) {
                at++;
                continue;
            }
            int close =
                    c == '['
                            ? message.indexOf(']', at)
                            : c == '"' ? message.indexOf('"', at + 1) : -1;
            if (close > 0) {
                fields.add(message.substring(at + 1, close));
                at = close + 1;
                continue;
            }
            int end = at;
            while (end < message.length() && !Character.isWhitespace(message.charAt(end))) {
                end++;
            }
            fields.add(message.substring(at, end));
            at = end;
        }
        return fields;
    }
}
