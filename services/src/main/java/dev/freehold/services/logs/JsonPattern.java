package dev.freehold.services.logs;

import dev.freehold.services.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A pattern over JSON events: `{ ($.a.b[0] = "x*") && ($.n > 3) || ($.c IS NULL) }`. A recursive
/// descent over the text; `&&` binds tighter than `||`.
final class JsonPattern {
    private static final int MAX_DEPTH = 20;

    private final String text;
    private int at;

    private JsonPattern(String text) {
        this.text = text;
    }

    static FilterPattern parse(String pattern) {
        if (!pattern.endsWith("}")) {
            throw invalid();
        }
        JsonPattern parser = new JsonPattern(pattern.substring(1, pattern.length() - 1));
        Test test = parser.any(0);
        parser.space();
        if (parser.at < parser.text.length()) {
            throw invalid();
        }
        return message -> {
            try {
                return message.stripLeading().startsWith("{") && test.holds(Json.read(message));
            } catch (IllegalArgumentException e) {
                return false;
            }
        };
    }

    private static IllegalArgumentException invalid() {
        return new IllegalArgumentException("Invalid filter pattern");
    }

    private interface Test {
        boolean holds(@Nullable Object event);
    }

    private Test any(int depth) {
        Test left = all(depth);
        while (take("||")) {
            Test before = left;
            Test right = all(depth);
            left = event -> before.holds(event) || right.holds(event);
        }
        return left;
    }

    private Test all(int depth) {
        Test left = one(depth);
        while (take("&&")) {
            Test before = left;
            Test right = one(depth);
            left = event -> before.holds(event) && right.holds(event);
        }
        return left;
    }

    private Test one(int depth) {
        if (depth > MAX_DEPTH) {
            throw invalid();
        }
        if (take("(")) {
            Test inner = any(depth + 1);
            expect(")");
            return inner;
        }
        List<Object> path = path();
        if (takeWord("NOT")) {
            expectWord("EXISTS");
            return event -> find(event, path) instanceof Missing;
        }
        if (takeWord("EXISTS")) {
            return event -> !(find(event, path) instanceof Missing);
        }
        if (takeWord("IS")) {
            return is(path);
        }
        for (String operator : List.of("!=", ">=", "<=", "=", ">", "<")) {
            if (take(operator)) {
                return compare(path, operator);
            }
        }
        throw invalid();
    }

    private Test is(List<Object> path) {
        if (takeWord("NULL")) {
            return event -> find(event, path) == null;
        }
        boolean wanted = takeWord("TRUE");
        if (!wanted) {
            expectWord("FALSE");
        }
        return event -> Boolean.valueOf(wanted).equals(find(event, path));
    }

    private Test compare(List<Object> path, String operator) {
        space();
        boolean quoted = at < text.length() && text.charAt(at) == '"';
        String value = value();
        BigDecimal number = quoted ? null : number(value);
        if (number == null && !operator.equals("=") && !operator.equals("!=")) {
            throw invalid();
        }
        return event -> {
            Object found = find(event, path);
            if (found == null || found instanceof Missing) {
                return false;
            }
            if (number != null) {
                BigDecimal actual = number(String.valueOf(found));
                return actual != null && sign(actual.compareTo(number), operator);
            }
            boolean equal = Wildcards.matches(value, String.valueOf(found));
            return operator.equals("=") == equal;
        };
    }

    private static boolean sign(int comparison, String operator) {
        return switch (operator) {
            case "=" -> comparison == 0;
            case "!=" -> comparison != 0;
            case ">" -> comparison > 0;
            case "<" -> comparison < 0;
            case ">=" -> comparison >= 0;
            default -> comparison <= 0;
        };
    }

    private static @Nullable BigDecimal number(String text) {
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private record Missing() {}

    private static @Nullable Object find(@Nullable Object value, List<Object> path) {
        Object current = value;
        for (Object step : path) {
            if (step instanceof Integer index
                    && current instanceof List<?> list
                    && index < list.size()) {
                current = list.get(index);
            } else if (step instanceof String
                    && current instanceof Map<?, ?> members
                    && members.containsKey(step)) {
                current = members.get(step);
            } else {
                return new Missing();
            }
        }
        return current;
    }

    private List<Object> path() {
        expect("$");
        List<Object> path = new ArrayList<>();
        while (at < text.length() && (text.charAt(at) == '.' || text.charAt(at) == '[')) {
            if (text.charAt(at++) == '.') {
                path.add(name());
            } else {
                path.add(bracket());
            }
        }
        if (path.isEmpty()) {
            throw invalid();
        }
        return path;
    }

    private String name() {
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at))
                        || "_-@".indexOf(text.charAt(at)) >= 0)) {
            at++;
        }
        if (at == start) {
            throw invalid();
        }
        return text.substring(start, at);
    }

    private Object bracket() {
        int end = text.indexOf(']', at);
        if (end < 0) {
            throw invalid();
        }
        String inside = text.substring(at, end).strip();
        at = end + 1;
        if (inside.length() >= 2 && (inside.startsWith("'") || inside.startsWith("\""))) {
            return inside.substring(1, inside.length() - 1);
        }
        try {
            return Integer.parseUnsignedInt(inside);
        } catch (NumberFormatException e) {
            throw invalid();
        }
    }

    private String value() {
        if (at < text.length() && text.charAt(at) == '"') {
            int end = text.indexOf('"', at + 1);
            if (end < 0) {
                throw invalid();
            }
            String value = text.substring(at + 1, end);
            at = end + 1;
            return value;
        }
        int start = at;
        while (at < text.length()
                && !Character.isWhitespace(text.charAt(at))
                && ")&|".indexOf(text.charAt(at)) < 0) {
            at++;
        }
        if (at == start) {
            throw invalid();
        }
        return text.substring(start, at);
    }

    private void space() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }

    private boolean take(String token) {
        space();
        if (text.startsWith(token, at)) {
            at += token.length();
            return true;
        }
        return false;
    }

    private boolean takeWord(String word) {
        space();
        int end = at + word.length();
        if (text.regionMatches(true, at, word, 0, word.length())
                && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)))) {
            at = end;
            return true;
        }
        return false;
    }

    private void expect(String token) {
        if (!take(token)) {
            throw invalid();
        }
    }

    private void expectWord(String word) {
        if (!takeWord(word)) {
            throw invalid();
        }
    }
}
