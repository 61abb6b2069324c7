package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.expression.Faults.Fault;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads updates: sections SET, REMOVE, ADD and DELETE, each once.
///
/// See
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html>.
public final class UpdateParser {
    private static final List<Fault> ORDER =
            List.of(
                    Fault.RESERVED,
                    Fault.UNKNOWN_FUNCTION,
                    Fault.SECTION,
                    Fault.UNDEFINED_NAME,
                    Fault.UNDEFINED_VALUE,
                    Fault.NESTING,
                    Fault.OVERLAP,
                    Fault.CONFLICT,
                    Fault.OPERAND,
                    Fault.FUNCTION);

    /// How ADD and DELETE call the types that they don't take.
    private static final Map<String, String> TYPE_NAMES =
            Map.of(
                    "S", "STRING", "N", "NUMBER", "B", "BINARY", "NULL", "NULL", "BOOL", "BOOLEAN",
                    "L", "LIST", "M", "MAP");

    private final Tokens tokens;

    private UpdateParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /// Reads an update.
    ///
    /// @throws dev.freehold.protocol.CommonError when it is none
    public static Update parse(String text, Placeholders placeholders) {
        Tokens tokens = new Tokens("UpdateExpression", text, placeholders);
        UpdateParser parser = new UpdateParser(tokens);
        List<Update.Action> actions = new ArrayList<>();
        Set<String> sections = new HashSet<>();
        do {
            parser.section(sections, actions);
        } while (!tokens.atEnd());
        tokens.checkOverlaps(actions.stream().map(Update.Action::path).toList());
        tokens.check(ORDER);
        return new Update(actions);
    }

    private void section(Set<String> sections, List<Update.Action> actions) {
        String section = tokens.peek().toUpperCase(Locale.ROOT);
        if (!Set.of("SET", "REMOVE", "ADD", "DELETE").contains(section)) {
            throw tokens.syntax();
        }
        tokens.next();
        if (!sections.add(section)) {
            tokens.faults.add(
                    Fault.SECTION,
                    "The \""
                            + section
                            + "\" section can only be used once in an update expression;");
        }
        do {
            actions.add(action(section));
        } while (tokens.take(","));
    }

    private Update.Action action(String section) {
        tokens.countOperator();
        Path path = tokens.path();
        return switch (section) {
            case "SET" -> {
                tokens.expect("=");
                yield new Update.Set(path, term());
            }
            case "REMOVE" -> new Update.Remove(path);
            case "ADD" -> new Update.Add(path, element("ADD"));
            default -> new Update.Delete(path, element("DELETE"));
        };
    }

    private AttributeValue element(String section) {
        AttributeValue value = tokens.value();
        String type = Values.type(value);
        String name = TYPE_NAMES.get(type);
        if (name != null && !(section.equals("ADD") && type.equals("N"))) {
            tokens.faults.add(
                    Fault.OPERAND,
                    "Incorrect operand type for operator or function; operator: "
                            + section
                            + ", operand type: "
                            + name);
        }
        return value;
    }

    private Update.Term term() {
        Update.Term left = factor();
        boolean minus = tokens.peek().equals("-");
        if (!minus && !tokens.peek().equals("+")) {
            return left;
        }
        String operator = tokens.next();
        tokens.countOperator();
        Update.Term right = factor();
        checkTypes(operator, "N", left, right);
        return new Update.Sum(left, right, minus);
    }

    private Update.Term factor() {
        if (tokens.take("(")) {
            tokens.deeper();
            Update.Term inner = term();
            tokens.shallower();
            tokens.expect(")");
            return inner;
        }
        if (tokens.atCall()) {
            return function();
        }
        if (tokens.atValue()) {
            return new Update.Value(tokens.value());
        }
        return new Update.At(tokens.path());
    }

    private Update.Term function() {
        String name = tokens.next();
        tokens.expect("(");
        tokens.deeper();
        tokens.countOperator();
        List<Update.Term> arguments = new ArrayList<>();
        do {
            arguments.add(factor());
        } while (tokens.take(","));
        tokens.shallower();
        tokens.expect(")");
        boolean known = name.equals("if_not_exists") || name.equals("list_append");
        if (!known) {
            tokens.faults.add(Fault.UNKNOWN_FUNCTION, "Invalid function name; function: " + name);
            return arguments.getFirst();
        }
        if (arguments.size() != 2) {
            tokens.faults.add(
                    Fault.FUNCTION,
                    "Incorrect number of operands for operator or function; operator or function: "
                            + name
                            + ", number of operands: "
                            + arguments.size());
            return arguments.getFirst();
        }
        return known(name, arguments.get(0), arguments.get(1));
    }

    private Update.Term known(String name, Update.Term first, Update.Term second) {
        if (name.equals("list_append")) {
            checkTypes(name, "L", first, second);
            return new Update.ListAppend(first, second);
        }
        if (first instanceof Update.At(Path path)) {
            return new Update.IfNotExists(path, second);
        }
        tokens.faults.add(
                Fault.FUNCTION,
                "Operator or function requires a document path; operator or function: " + name);
        return first;
    }

    private void checkTypes(String name, String wanted, Update.Term... terms) {
        for (Update.Term term : terms) {
            String type = type(term);
            if (type != null && !type.equals(wanted)) {
                tokens.faults.add(
                        Fault.FUNCTION,
                        "Incorrect operand type for operator or function; operator or function: "
                                + name
                                + ", operand type: "
                                + type);
            }
        }
    }

    /// The type of a value in the request, or null.
    private static @Nullable String type(Update.Term term) {
        if (term instanceof Update.Value(AttributeValue value)) {
            String type = Values.type(value);
            return type.isEmpty() ? null : type;
        }
        return null;
    }
}
