package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.dynamodb.expression.Faults.Fault;
import dev.freehold.services.dynamodb.value.Sizes;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// An expression's tokens, and what all expressions are made of.
final class Tokens {
    /// The most bytes of an expression.
    private static final int MAX_BYTES = 4096;

    /// How deep parentheses and functions may stand in each other.
    private static final int MAX_DEPTH = 150;

    /// The most operators of an expression.
    private static final int MAX_OPERATORS = 300;

    /// How many steps a path may have.
    private static final int MAX_STEPS = 32;

    /// A grammar's peculiarities.
    ///
    /// @param expression the parameter's name, for messages
    /// @param keywords words that are no names
    /// @param oneUndefined whether names and values that aren't defined are faults of one kind, so
    ///   that the first is named
    record Grammar(String expression, Set<String> keywords, boolean oneUndefined) {}

    final Faults faults = new Faults();
    private final Grammar grammar;
    private final Placeholders placeholders;
    private final List<String> tokens = new ArrayList<>();
    private int at;
    private int depth;
    private int operators;

    Tokens(Grammar grammar, String text, Placeholders placeholders) {
        this.grammar = grammar;
        this.placeholders = placeholders;
        if (text.isEmpty()) {
            throw error("The expression can not be empty;");
        }
        if (Sizes.utf8(text) > MAX_BYTES) {
            throw error(
                    "Expression size has exceeded the maximum allowed size; expression size: "
                            + Sizes.utf8(text));
        }
        cut(text);
    }

    static boolean isWord(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_';
    }

    private void cut(String text) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') {
                i++;
                continue;
            }
            int end = tokenEnd(text, i);
            if (end < 0) {
                String near = text.substring(Math.max(0, i - 5), Math.min(text.length(), i + 5));
                throw syntax(String.valueOf(c), near);
            }
            tokens.add(text.substring(i, end));
            i = end;
        }
    }

    private static int tokenEnd(String text, int start) {
        char c = text.charAt(start);
        int end = start + 1;
        if (c == '#' || c == ':' || isWord(c)) {
            while (end < text.length() && isWord(text.charAt(end))) {
                end++;
            }
            return end == start + 1 && (c == '#' || c == ':') ? -1 : end;
        }
        if ((c == '<' || c == '>') && end < text.length()) {
            char next = text.charAt(end);
            return next == '=' || c == '<' && next == '>' ? end + 1 : end;
        }
        return "=<>(),.[]+-".indexOf(c) < 0 ? -1 : end;
    }

    CommonError error(String message) {
        return Values.invalid("Invalid " + grammar.expression + ": " + message);
    }

    private CommonError syntax(String token, String near) {
        return error("Syntax error; token: \"" + token + "\", near: \"" + near + "\"");
    }

    /// The error of a token that can't stand where it stands.
    CommonError syntax() {
        int from = Math.max(0, at - 1);
        String near = String.join(" ", tokens.subList(from, Math.min(tokens.size(), at + 2)));
        return syntax(at >= tokens.size() ? "<EOF>" : tokens.get(at), near);
    }

    /// @throws CommonError the fault that AWS would name
    void check(List<Fault> order) {
        faults.check(grammar.expression, order);
    }

    boolean atEnd() {
        return at >= tokens.size();
    }

    void expectEnd() {
        if (!atEnd()) {
            throw syntax();
        }
    }

    String peek() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    String next() {
        if (atEnd()) {
            throw syntax();
        }
        return tokens.get(at++);
    }

    /// Whether the next token is a name before an opening parenthesis.
    boolean atCall() {
        return at + 1 < tokens.size() && tokens.get(at + 1).equals("(") && isName(peek());
    }

    boolean take(String token) {
        if (at < tokens.size() && tokens.get(at).equalsIgnoreCase(token)) {
            at++;
            return true;
        }
        return false;
    }

    void expect(String token) {
        if (!take(token)) {
            throw syntax();
        }
    }

    void deeper() {
        if (++depth > MAX_DEPTH) {
            throw error("The expression is nested too deeply;");
        }
    }

    void shallower() {
        depth--;
    }

    void countOperator() {
        if (++operators > MAX_OPERATORS) {
            throw error(
                    "The expression has too many operators; the maximum allowed number of operators"
                            + " is "
                            + MAX_OPERATORS);
        }
    }

    private static boolean isName(String token) {
        return !token.isEmpty()
                && isWord(token.charAt(0))
                && !Character.isDigit(token.charAt(0))
                && token.charAt(0) != '_';
    }

    boolean atValue() {
        return peek().startsWith(":");
    }

    /// A value; [AttributeValue.None] where it isn't defined, which is a fault.
    AttributeValue value() {
        String token = next();
        if (!token.startsWith(":")) {
            at--;
            throw syntax();
        }
        AttributeValue value = placeholders.value(token);
        if (value == null) {
            faults.add(
                    grammar.oneUndefined ? Fault.UNDEFINED_NAME : Fault.UNDEFINED_VALUE,
                    "An expression attribute value used in expression is not defined; attribute"
                            + " value: "
                            + token);
            return new AttributeValue.None();
        }
        return value;
    }

    Path path() {
        List<Object> steps = new ArrayList<>(2);
        steps.add(name());
        return path(steps);
    }

    /// A path that goes on where a path in parentheses leads.
    Path path(Path head) {
        return path(new ArrayList<>(head.steps()));
    }

    private Path path(List<Object> steps) {
        while (true) {
            if (take(".")) {
                steps.add(name());
            } else if (take("[")) {
                steps.add(index());
                expect("]");
            } else {
                break;
            }
        }
        if (steps.size() > MAX_STEPS) {
            faults.add(
                    Fault.NESTING,
                    "The document path has too many nesting elements; nesting levels: "
                            + steps.size());
        }
        return new Path(steps);
    }

    private Integer index() {
        String token = next();
        boolean digits = token.length() <= 9 && token.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits) {
            at--;
            throw token.chars().allMatch(c -> c >= '0' && c <= '9')
                    ? error("List index is not within the allowable range; index: [" + token + "]")
                    : syntax();
        }
        return Integer.valueOf(token);
    }

    private String name() {
        String token = next();
        if (token.startsWith("#")) {
            String name = placeholders.name(token);
            if (name == null) {
                faults.add(
                        Fault.UNDEFINED_NAME,
                        "An expression attribute name used in the document path is not defined;"
                                + " attribute name: "
                                + token);
            }
            return name == null ? token : name;
        }
        if (!isName(token) || grammar.keywords.contains(token.toUpperCase(Locale.ROOT))) {
            at--;
            throw syntax();
        }
        if (ReservedWords.contains(token)) {
            faults.add(
                    Fault.RESERVED,
                    "Attribute name is a reserved keyword; reserved keyword: " + token);
        }
        return token;
    }

    /// Notes when one path leads through another.
    void checkOverlaps(List<Path> paths) {
        for (int i = 1; i < paths.size(); i++) {
            for (int j = 0; j < i && !faults.has(Fault.OVERLAP); j++) {
                Path one = paths.get(j);
                Path two = paths.get(i);
                @Nullable Boolean overlap = one.overlaps(two);
                if (overlap != null) {
                    faults.add(
                            overlap ? Fault.OVERLAP : Fault.CONFLICT,
                            "Two document paths "
                                    + (overlap ? "overlap" : "conflict")
                                    + " with each other; must remove or rewrite one of these"
                                    + " paths; path one: "
                                    + one
                                    + ", path two: "
                                    + two);
                }
            }
        }
    }
}
