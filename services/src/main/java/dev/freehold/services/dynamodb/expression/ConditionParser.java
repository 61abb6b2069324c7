package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.expression.Faults.Fault;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads conditions by recursive descent: OR, AND, NOT, comparisons, functions.
///
/// Parentheses may hold an operand as well as a condition, and only what follows tells which, so a
/// primary is read as a [Node] that may turn out to be either.
///
/// See
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html>.
public final class ConditionParser {
    private static final Set<String> TYPES =
            Set.of("S", "N", "B", "NULL", "SS", "BOOL", "L", "BS", "NS", "M");
    private static final List<Fault> OF_ONE =
            List.of(
                    Fault.UNDEFINED_NAME,
                    Fault.UNDEFINED_VALUE,
                    Fault.NESTING,
                    Fault.OPERAND,
                    Fault.DISTINCT,
                    Fault.FUNCTION);
    private static final List<Fault> ORDER =
            List.of(
                    Fault.PARENTHESES,
                    Fault.UNKNOWN_FUNCTION,
                    Fault.MISUSED_FUNCTION,
                    Fault.RESERVED);

    private final Tokens tokens;
    private final Set<Path> paths = new LinkedHashSet<>();
    private @Nullable String firstFault;

    private ConditionParser(Tokens tokens) {
        this.tokens = tokens;
    }

    /// A condition and what it refers to.
    ///
    /// @param paths all paths in it
    public record Parsed(Condition condition, Set<Path> paths) {}

    /// Reads a condition.
    ///
    /// @param expression the parameter's name, for messages
    /// @throws dev.freehold.protocol.CommonError when it is none
    public static Parsed parse(String expression, String text, Placeholders placeholders) {
        Tokens tokens = new Tokens(expression, text, placeholders);
        ConditionParser parser = new ConditionParser(tokens);
        Condition condition = parser.condition(parser.or());
        tokens.expectEnd();
        tokens.check(ORDER);
        if (parser.firstFault != null) {
            throw tokens.error(parser.firstFault);
        }
        return new Parsed(condition, parser.paths);
    }

    /// What was read: a condition, an operand, or a function, which may be used as one or the
    /// other.
    private sealed interface Node {
        record OfCondition(Condition condition, boolean inParentheses) implements Node {}

        record OfOperand(Operand operand, boolean inParentheses) implements Node {}

        record OfFunction(String name, List<Operand> arguments, boolean inParentheses)
                implements Node {}

        boolean inParentheses();

        default Node parenthesized() {
            return switch (this) {
                case OfCondition(Condition condition, boolean _) ->
                        new OfCondition(condition, true);
                case OfOperand(Operand operand, boolean _) -> new OfOperand(operand, true);
                case OfFunction(String name, List<Operand> arguments, boolean _) ->
                        new OfFunction(name, arguments, true);
            };
        }
    }

    private Node or() {
        tokens.deeper();
        Node left = and();
        while (tokens.take("OR")) {
            tokens.countOperator();
            Condition first = condition(left);
            left = new Node.OfCondition(new Condition.Or(first, condition(and())), false);
        }
        tokens.shallower();
        return left;
    }

    private Node and() {
        Node left = not();
        while (tokens.take("AND")) {
            tokens.countOperator();
            Condition first = condition(left);
            left = new Node.OfCondition(new Condition.And(first, condition(not())), false);
        }
        return left;
    }

    private Node not() {
        if (!tokens.take("NOT")) {
            return comparison();
        }
        tokens.countOperator();
        tokens.deeper();
        Condition inner = condition(not());
        tokens.shallower();
        return new Node.OfCondition(new Condition.Not(inner), false);
    }

    private Node comparison() {
        Node left = primary();
        Comparison operator = Comparison.ofSign(tokens.peek());
        if (operator != null) {
            tokens.next();
            tokens.countOperator();
            Operand first = operand(left);
            Operand second = operand(primary());
            checkDistinct(operator.sign(), List.of(first, second));
            checkOrdered(operator, first, second);
            noteFault();
            return new Node.OfCondition(new Condition.Compare(first, operator, second), false);
        }
        if (tokens.take("BETWEEN")) {
            tokens.countOperator();
            return between(operand(left));
        }
        if (tokens.take("IN")) {
            tokens.countOperator();
            Operand of = operand(left);
            tokens.expect("(");
            List<Operand> all = new ArrayList<>();
            do {
                all.add(operand(primary()));
            } while (tokens.take(","));
            tokens.expect(")");
            noteFault();
            return new Node.OfCondition(new Condition.In(of, all), false);
        }
        return left;
    }

    private Node between(Operand of) {
        Operand low = operand(primary());
        tokens.expect("AND");
        Operand high = operand(primary());
        if (low instanceof Operand.Literal(AttributeValue a)
                && high instanceof Operand.Literal(AttributeValue b)) {
            checkBounds(a, b);
        }
        noteFault();
        return new Node.OfCondition(new Condition.Between(of, low, high), false);
    }

    private void checkBounds(AttributeValue low, AttributeValue high) {
        String bounds =
                "lower bound operand: AttributeValue: "
                        + Values.shown(low)
                        + ", upper bound operand: AttributeValue: "
                        + Values.shown(high);
        if (Values.type(low).isEmpty() || Values.type(high).isEmpty()) {
            return;
        }
        if (!Values.type(low).equals(Values.type(high))) {
            tokens.faults.add(
                    Fault.FUNCTION,
                    "The BETWEEN operator requires same data type for lower and upper bounds; "
                            + bounds);
        } else if (Comparison.GT.holds(low, high)) {
            tokens.faults.add(
                    Fault.FUNCTION,
                    "The BETWEEN operator requires upper bound to be greater than or equal to lower"
                            + " bound; "
                            + bounds);
        } else if (!"SNB".contains(Values.type(low))) {
            wrongType("operator", "BETWEEN", Values.type(low));
        }
    }

    private void checkOrdered(Comparison operator, Operand first, Operand second) {
        if (operator == Comparison.EQ || operator == Comparison.NE) {
            return;
        }
        for (Operand operand : List.of(first, second)) {
            String type = type(operand);
            if (type != null && !"SNB".contains(type)) {
                wrongType("operator", operator.sign(), type);
            }
        }
    }

    private Node primary() {
        if (tokens.take("(")) {
            Node inner = or();
            tokens.expect(")");
            if (inner.inParentheses()) {
                tokens.faults.add(Fault.PARENTHESES, "The expression has redundant parentheses;");
            }
            return inner.parenthesized();
        }
        if (tokens.atCall()) {
            return function();
        }
        if (tokens.atValue()) {
            return new Node.OfOperand(new Operand.Literal(tokens.value()), false);
        }
        Path path = tokens.path();
        paths.add(path);
        return new Node.OfOperand(new Operand.At(path), false);
    }

    private Node function() {
        String name = tokens.next();
        tokens.expect("(");
        tokens.deeper();
        List<Operand> arguments = new ArrayList<>();
        do {
            arguments.add(operand(primary()));
        } while (tokens.take(","));
        tokens.shallower();
        tokens.expect(")");
        checkFunction(name, arguments);
        return new Node.OfFunction(name, arguments, false);
    }

    /// The node as an operand: only of functions, `size` is one.
    private Operand operand(Node node) {
        return switch (node) {
            case Node.OfOperand(Operand operand, boolean _) -> operand;
            case Node.OfFunction(String name, List<Operand> arguments, boolean _)
                    when name.equals("size") ->
                    new Operand.Size(arguments.getFirst());
            case Node.OfFunction(String name, List<Operand> arguments, boolean _) -> {
                misused(name);
                yield arguments.getFirst();
            }
            case Node.OfCondition _ -> throw tokens.syntax();
        };
    }

    private Condition condition(Node node) {
        return switch (node) {
            case Node.OfCondition(Condition condition, boolean _) -> condition;
            case Node.OfOperand _ -> throw tokens.syntax();
            case Node.OfFunction(String name, List<Operand> arguments, boolean _) -> {
                noteFault();
                yield condition(name, arguments);
            }
        };
    }

    private Condition condition(String name, List<Operand> arguments) {
        Operand first = arguments.getFirst();
        Operand last = arguments.getLast();
        return switch (name) {
            case "attribute_exists" -> new Condition.Exists(first);
            case "attribute_not_exists" -> new Condition.Missing(first);
            case "attribute_type" -> new Condition.HasType(first, last);
            case "begins_with" -> new Condition.BeginsWith(first, last);
            case "contains" -> new Condition.Contains(first, last);
            default -> {
                if (name.equals("size")) {
                    misused(name);
                }
                yield new Condition.Exists(first);
            }
        };
    }

    private void misused(String name) {
        tokens.faults.add(
                Fault.MISUSED_FUNCTION,
                "The function is not allowed to be used this way in an expression; function: "
                        + name);
    }

    /// After each comparison and function: what is wrong with the first that is wrong is named.
    private void noteFault() {
        if (firstFault == null) {
            firstFault = tokens.faults.first(OF_ONE);
        }
    }

    private void checkFunction(String name, List<Operand> arguments) {
        int wanted =
                switch (name) {
                    case "attribute_exists", "attribute_not_exists", "size" -> 1;
                    case "attribute_type", "begins_with", "contains" -> 2;
                    default -> 0;
                };
        if (wanted == 0) {
            tokens.faults.add(Fault.UNKNOWN_FUNCTION, "Invalid function name; function: " + name);
            return;
        }
        if (arguments.size() != wanted) {
            tokens.faults.add(
                    Fault.OPERAND,
                    "Incorrect number of operands for operator or function; operator or function: "
                            + name
                            + ", number of operands: "
                            + arguments.size());
            return;
        }
        checkDistinct(name, arguments);
        checkTypes(name, arguments);
    }

    private void checkTypes(String name, List<Operand> arguments) {
        switch (name) {
            case "attribute_exists", "attribute_not_exists" -> {
                if (!(arguments.getFirst() instanceof Operand.At)) {
                    tokens.faults.add(
                            Fault.FUNCTION,
                            "Operator or function requires a document path; operator or function: "
                                    + name);
                }
            }
            case "begins_with" -> {
                for (Operand argument : arguments) {
                    String type = type(argument);
                    if (type != null && !type.equals("S") && !type.equals("B")) {
                        wrongType("operator or function", name, type);
                    }
                }
            }
            case "attribute_type" -> checkTypeName(arguments.get(1));
            case "size" -> {
                String type = type(arguments.getFirst());
                if (type != null && Set.of("N", "BOOL", "NULL").contains(type)) {
                    wrongType("operator or function", name, type);
                }
            }
            default -> {
                // contains takes any value
            }
        }
    }

    private void checkTypeName(Operand operand) {
        if (!(operand instanceof Operand.Literal(AttributeValue.OfS(String name)))) {
            String type = type(operand);
            String shown = type == null ? "{NS,SS,L,BS,N,M,B,BOOL,NULL,S}" : type;
            wrongType("operator or function", "attribute_type", shown);
        } else if (!TYPES.contains(name)) {
            tokens.faults.add(
                    Fault.FUNCTION,
                    "Invalid attribute type name found; type: "
                            + name
                            + ", valid types: {B,NULL,SS,BOOL,L,BS,N,NS,S,M}");
        }
    }

    private void wrongType(String kind, String name, String type) {
        tokens.faults.add(
                Fault.FUNCTION,
                "Incorrect operand type for operator or function; "
                        + kind
                        + ": "
                        + name
                        + ", operand type: "
                        + type);
    }

    /// The type that an operand always has, or null when it isn't known.
    private static @Nullable String type(Operand operand) {
        return switch (operand) {
            case Operand.At _ -> null;
            case Operand.Size _ -> "N";
            case Operand.Literal(AttributeValue value) ->
                    Values.type(value).isEmpty() ? null : Values.type(value);
        };
    }

    private void checkDistinct(String name, List<Operand> operands) {
        if (operands.size() == 2
                && operands.get(0) instanceof Operand.At(Path one)
                && operands.get(1) instanceof Operand.At(Path two)
                && one.equals(two)) {
            tokens.faults.add(
                    Fault.DISTINCT,
                    "The first operand must be distinct from the remaining operands for this"
                            + " operator or function; operator: "
                            + name
                            + ", first operand: "
                            + one);
        }
    }
}
