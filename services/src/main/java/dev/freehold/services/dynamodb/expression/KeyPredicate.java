package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.dynamodb.value.Values;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a query demands of one key attribute.
///
/// @param operator an operator's older name: `EQ`, `BETWEEN`, `BEGINS_WITH`, ...
public record KeyPredicate(String operator, List<AttributeValue> values) {
    /// The predicates of a key condition expression, by attribute.
    ///
    /// @throws CommonError when it is more than one predicate a key joined by AND
    public static Map<String, KeyPredicate> of(Condition condition) {
        Map<String, KeyPredicate> predicates = new LinkedHashMap<>();
        collect(condition, predicates);
        return predicates;
    }

    private static void collect(Condition condition, Map<String, KeyPredicate> predicates) {
        switch (condition) {
            case Condition.And(Condition left, Condition right) -> {
                collect(left, predicates);
                collect(right, predicates);
            }
            case Condition.Compare(Operand left, Comparison operator, Operand right) -> {
                if (operator == Comparison.NE) {
                    throw wrongOperator("<>");
                }
                compare(left, operator, right, predicates);
            }
            case Condition.Between(Operand of, Operand low, Operand high) -> {
                requireFirst("BETWEEN", of);
                add("BETWEEN", List.of(of, low, high), predicates);
            }
            case Condition.BeginsWith(Operand of, Operand prefix) -> {
                requireFirst("begins_with", of);
                add("BEGINS_WITH", List.of(of, prefix), predicates);
            }
            case Condition.Or _ -> throw wrongOperator("OR");
            case Condition.Not _ -> throw wrongOperator("NOT");
            case Condition.In _ -> throw wrongOperator("IN");
            case Condition.Exists _ -> throw wrongOperator("attribute_exists");
            case Condition.Missing _ -> throw wrongOperator("attribute_not_exists");
            case Condition.HasType _ -> throw wrongOperator("attribute_type");
            case Condition.Contains _ -> throw wrongOperator("contains");
        }
    }

    private static CommonError wrongOperator(String operator) {
        return Values.invalid("Invalid operator used in KeyConditionExpression: " + operator);
    }

    private static CommonError wrongCondition(String message) {
        return Values.invalid("Invalid condition in KeyConditionExpression: " + message);
    }

    private static void requireFirst(String operator, Operand operand) {
        if (operand instanceof Operand.Literal) {
            throw wrongCondition(
                    operator + " operator must have the key attribute as its first operand");
        }
    }

    private static void compare(
            Operand left,
            Comparison operator,
            Operand right,
            Map<String, KeyPredicate> predicates) {
        boolean turned = left instanceof Operand.Literal && right instanceof Operand.At;
        if (turned) {
            add(operator.turned().name(), List.of(right, left), predicates);
        } else {
            add(operator.name(), List.of(left, right), predicates);
        }
    }

    /// Adds a predicate; the first operand is the attribute, if there is one.
    private static void add(
            String operator, List<Operand> operands, Map<String, KeyPredicate> predicates) {
        String attribute = null;
        for (Operand operand : operands) {
            if (operand instanceof Operand.Size) {
                throw Values.invalid("KeyConditionExpressions cannot contain nested operations");
            }
            if (operand instanceof Operand.At(Path path)) {
                attribute = attribute(path, attribute);
            }
        }
        if (attribute == null) {
            throw wrongCondition("No key attribute specified");
        }
        List<AttributeValue> values =
                operands.stream()
                        .filter(Operand.Literal.class::isInstance)
                        .map(operand -> ((Operand.Literal) operand).literal())
                        .toList();
        if (predicates.put(attribute, new KeyPredicate(operator, values)) != null) {
            throw Values.invalid("KeyConditionExpressions must only contain one condition per key");
        }
    }

    private static String attribute(Path path, @Nullable String other) {
        if (other != null) {
            throw wrongCondition("Multiple attribute names used in one condition");
        }
        if (path.isNested()) {
            throw Values.invalid(
                    "KeyConditionExpressions cannot have conditions on nested attributes");
        }
        return path.first();
    }

    /// Whether a key attribute's value fulfils it.
    public boolean holds(AttributeValue value) {
        return switch (operator) {
            case "BETWEEN" ->
                    Comparison.GE.holds(value, values.get(0))
                            && Comparison.LE.holds(value, values.get(1));
            case "BEGINS_WITH" ->
                    new Condition.BeginsWith(
                                    new Operand.Literal(value),
                                    new Operand.Literal(values.getFirst()))
                            .holds(Map.of());
            default -> Comparison.valueOf(operator).holds(value, values.getFirst());
        };
    }
}
