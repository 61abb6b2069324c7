package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.dynamodb.Conditions.Condition;
import dev.freehold.services.dynamodb.Conditions.Operand;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Parses expressions by recursive descent. One for all expressions of a request, so that it knows
/// which names and values none of them uses.
///
/// See
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html>.
final class ExpressionParser {
    private static final int MAX_LENGTH = 4096;
    private static final int MAX_DEPTH = 100;
    private static final Pattern TOKEN =
            Pattern.compile(
                    "\\s*(#[A-Za-z0-9_]+|:[A-Za-z0-9_]+|[A-Za-z_][A-Za-z0-9_]*|\\d+|<>|<=|>=|[=<>(),.\\[\\]+-])");

    private final Map<String, String> names;
    private final Map<String, AttributeValue> values;
    private final Set<String> usedNames = new HashSet<>();
    private final Set<String> usedValues = new HashSet<>();
    private String kind = "";
    private List<String> tokens = List.of();
    private int at;
    private int depth;

    ExpressionParser(
            @Nullable Map<String, String> names, @Nullable Map<String, AttributeValue> values) {
        this.names = names == null ? Map.of() : names;
        this.values = values == null ? Map.of() : Values.checked(values);
    }

    private void start(String expressionKind, String text) {
        kind = expressionKind;
        if (text.isBlank()) {
            throw error("The expression can not be empty;");
        }
        if (text.length() > MAX_LENGTH) {
            throw error("Expression size has exceeded the maximum allowed size;");
        }
        tokens = new ArrayList<>();
        at = 0;
        Matcher matcher = TOKEN.matcher(text.stripTrailing());
        int position = 0;
        while (position < matcher.regionEnd()) {
            if (!matcher.region(position, text.stripTrailing().length()).lookingAt()) {
                String rest = text.substring(position).strip();
                throw error(
                        "Syntax error; token: \""
                                + rest.charAt(0)
                                + "\", near: \""
                                + near(rest)
                                + "\"");
            }
            tokens.add(matcher.group(1));
            position = matcher.end();
        }
    }

    private static String near(String rest) {
        return rest.substring(0, Math.min(rest.length(), 10));
    }

    private CommonError error(String message) {
        return Values.invalid("Invalid " + kind + ": " + message);
    }

    private CommonError syntax() {
        if (at >= tokens.size()) {
            return error(
                    "Syntax error; token: \"<EOF>\", near: \""
                            + (tokens.isEmpty() ? "" : tokens.getLast())
                            + "\"");
        }
        int from = Math.max(0, at - 1);
        String near = String.join(" ", tokens.subList(from, Math.min(tokens.size(), at + 2)));
        return error("Syntax error; token: \"" + tokens.get(at) + "\", near: \"" + near + "\"");
    }

    private String peek() {
        return at < tokens.size() ? tokens.get(at) : "";
    }

    private boolean take(String token) {
        if (peek().equalsIgnoreCase(token)) {
            at++;
            return true;
        }
        return false;
    }

    private void expect(String token) {
        if (!take(token)) {
            throw syntax();
        }
    }

    private void end() {
        if (at < tokens.size()) {
            throw syntax();
        }
    }

    /// A condition, such as a filter.
    Condition condition(String expressionKind, String text) {
        start(expressionKind, text);
        Condition condition = or();
        end();
        return condition;
    }

    private Condition or() {
        if (++depth > MAX_DEPTH) {
            throw error("The expression has too many operators;");
        }
        Condition left = and();
        while (take("OR")) {
            left = new Conditions.Or(left, and());
        }
        depth--;
        return left;
    }

    private Condition and() {
        Condition left = not();
        while (take("AND")) {
            left = new Conditions.And(left, not());
        }
        return left;
    }

    private Condition not() {
        return take("NOT") ? new Conditions.Not(not()) : primary();
    }

    private Condition primary() {
        if (peek().equals("(")) {
            at++;
            Condition inner = or();
            expect(")");
            return inner;
        }
        String name = peek();
        boolean call = at + 1 < tokens.size() && tokens.get(at + 1).equals("(");
        if (call && !name.equals("size")) {
            return function(name);
        }
        Operand left = operand();
        if (take("BETWEEN")) {
            Operand low = operand();
            expect("AND");
            return new Conditions.Between(left, low, operand());
        }
        if (take("IN")) {
            expect("(");
            List<Operand> all = new ArrayList<>();
            do {
                all.add(operand());
            } while (take(","));
            expect(")");
            return new Conditions.In(left, all);
        }
        for (String operator : List.of("=", "<>", "<=", ">=", "<", ">")) {
            if (take(operator)) {
                return new Conditions.Compare(left, operator, operand());
            }
        }
        throw syntax();
    }

    private Condition function(String name) {
        at += 2;
        List<Operand> arguments = new ArrayList<>();
        do {
            arguments.add(operand());
        } while (take(","));
        expect(")");
        int wanted =
                switch (name) {
                    case "attribute_exists", "attribute_not_exists" -> 1;
                    case "attribute_type", "begins_with", "contains" -> 2;
                    default -> throw error("Invalid function name; function: " + name);
                };
        if (arguments.size() != wanted) {
            throw error(
                    "Incorrect number of operands for operator or function; operator or function: "
                            + name
                            + ", number of operands: "
                            + arguments.size());
        }
        if (wanted == 1 && !(arguments.getFirst() instanceof Conditions.At)) {
            throw error(
                    "Operator or function requires a document path; operator or function: " + name);
        }
        return new Conditions.Function(name, arguments);
    }

    private Operand operand() {
        String token = peek();
        if (token.equals("size") && at + 1 < tokens.size() && tokens.get(at + 1).equals("(")) {
            at += 2;
            Operand inner = operand();
            expect(")");
            return new Conditions.Size(inner);
        }
        if (token.startsWith(":")) {
            return new Conditions.Literal(value());
        }
        return new Conditions.At(path());
    }

    private AttributeValue value() {
        String token = peek();
        if (!token.startsWith(":")) {
            throw syntax();
        }
        at++;
        usedValues.add(token);
        AttributeValue value = values.get(token);
        if (value == null) {
            throw error(
                    "An expression attribute value used in expression is not defined; attribute value: "
                            + token);
        }
        return value;
    }

    private Path path() {
        List<Object> steps = new ArrayList<>();
        steps.add(name());
        while (true) {
            if (take(".")) {
                steps.add(name());
            } else if (take("[")) {
                String index = peek();
                if (!index.matches("\\d{1,9}")) {
                    throw syntax();
                }
                at++;
                steps.add(Integer.valueOf(index));
                expect("]");
            } else {
                return new Path(steps);
            }
        }
    }

    private String name() {
        String token = peek();
        if (token.startsWith("#")) {
            at++;
            usedNames.add(token);
            String name = names.get(token);
            if (name == null) {
                throw error(
                        "An expression attribute name used in the document path is not defined; attribute"
                                + " name: "
                                + token);
            }
            return name;
        }
        if (!token.matches("[A-Za-z_][A-Za-z0-9_]*")) {
            throw syntax();
        }
        if (ReservedWords.contains(token)) {
            throw error("Attribute name is a reserved keyword; reserved keyword: " + token);
        }
        at++;
        return token;
    }

    /// The paths of a projection.
    List<Path> projection(String text) {
        start("ProjectionExpression", text);
        List<Path> paths = new ArrayList<>();
        do {
            Path path = path();
            for (Path other : paths) {
                if (path.overlaps(other)) {
                    throw error(
                            "Two document paths overlap with each other; must remove or rewrite one of"
                                    + " these paths; path one: "
                                    + other.steps()
                                    + ", path two: "
                                    + path.steps());
                }
            }
            paths.add(path);
        } while (take(","));
        end();
        return paths;
    }

    /// The actions of an update.
    List<Update.Action> update(String text) {
        start("UpdateExpression", text);
        List<Update.Action> actions = new ArrayList<>();
        Set<String> sections = new HashSet<>();
        while (at < tokens.size()) {
            String section = peek().toUpperCase(Locale.ROOT);
            if (!Set.of("SET", "REMOVE", "ADD", "DELETE").contains(section)) {
                throw syntax();
            }
            if (!sections.add(section)) {
                throw error(
                        "The \""
                                + section
                                + "\" section can only be used once in an update expression;");
            }
            at++;
            do {
                actions.add(action(section));
            } while (take(","));
        }
        checkOverlaps(actions);
        return actions;
    }

    private void checkOverlaps(List<Update.Action> actions) {
        for (int i = 0; i < actions.size(); i++) {
            for (int j = i + 1; j < actions.size(); j++) {
                if (actions.get(i).path().overlaps(actions.get(j).path())) {
                    throw error(
                            "Two document paths overlap with each other; must remove or rewrite one of"
                                    + " these paths; path one: "
                                    + actions.get(i).path().steps()
                                    + ", path two: "
                                    + actions.get(j).path().steps());
                }
            }
        }
    }

    private Update.Action action(String section) {
        Path path = path();
        return switch (section) {
            case "SET" -> {
                expect("=");
                yield new Update.Set(path, term());
            }
            case "REMOVE" -> new Update.Remove(path);
            case "ADD" -> new Update.Add(path, value());
            default -> new Update.Delete(path, value());
        };
    }

    private Update.Term term() {
        Update.Term left = factor();
        if (take("+")) {
            return new Update.Sum(left, factor(), false);
        }
        return take("-") ? new Update.Sum(left, factor(), true) : left;
    }

    private Update.Term factor() {
        String token = peek();
        boolean call = at + 1 < tokens.size() && tokens.get(at + 1).equals("(");
        if (token.equals("(")) {
            at++;
            Update.Term inner = term();
            expect(")");
            return inner;
        }
        if (!call) {
            return new Update.Plain(operand());
        }
        at += 2;
        if (token.equals("if_not_exists")) {
            Path path = path();
            expect(",");
            Update.Term other = factor();
            expect(")");
            return new Update.IfNotExists(path, other);
        }
        if (token.equals("list_append")) {
            Update.Term first = factor();
            expect(",");
            Update.Term second = factor();
            expect(")");
            return new Update.ListAppend(first, second);
        }
        throw error("Invalid function name; function: " + token);
    }

    /// @throws CommonError when a name or a value is used by no expression
    void checkUnused() {
        for (String name : names.keySet()) {
            if (!usedNames.contains(name)) {
                throw Values.invalid(
                        "Value provided in ExpressionAttributeNames unused in expressions: keys: {"
                                + name
                                + "}");
            }
        }
        for (String name : values.keySet()) {
            if (!usedValues.contains(name)) {
                throw Values.invalid(
                        "Value provided in ExpressionAttributeValues unused in expressions: keys: {"
                                + name
                                + "}");
            }
        }
    }
}
