package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.api.dynamodb.AttributeValueUpdate;
import dev.freehold.api.dynamodb.ExpectedAttributeValue;
import dev.freehold.services.dynamodb.value.ValueChecks;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The parameters that say without an expression what expressions say: Expected, KeyConditions,
/// QueryFilter, ScanFilter, AttributeUpdates, ConditionalOperator.
///
/// See
/// <https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.html>.
public final class Legacy {
    private static final Set<String> SCALARS = Set.of("S", "N", "B");
    private static final Set<String> SCALARS_AND_SETS = Set.of("S", "N", "B", "SS", "NS", "BS");

    private Legacy() {}

    /// The condition that `Expected` demands, or null when it is absent.
    public static @Nullable Condition expected(
            @Nullable Map<String, ExpectedAttributeValue> expected,
            @Nullable String conditionalOperator) {
        checkConditionalOperator(conditionalOperator, expected);
        if (expected == null) {
            return null;
        }
        List<Condition> all = new ArrayList<>();
        expected.forEach((attribute, one) -> all.add(expected(attribute, one)));
        return joined(all, conditionalOperator);
    }

    private static void checkConditionalOperator(
            @Nullable String conditionalOperator, @Nullable Map<String, ?> conditions) {
        if (conditionalOperator == null) {
            return;
        }
        if (conditions == null || conditions.isEmpty()) {
            throw Values.invalid("ConditionalOperator cannot be used without Filter or Expected");
        }
        if (conditions.size() == 1) {
            throw Values.invalid(
                    "ConditionalOperator can only be used when Filter or Expected has two or more"
                            + " elements");
        }
    }

    private static @Nullable Condition joined(
            List<Condition> all, @Nullable String conditionalOperator) {
        boolean or = "OR".equals(conditionalOperator);
        Condition joined = null;
        for (Condition one : all) {
            joined =
                    joined == null
                            ? one
                            : or ? new Condition.Or(joined, one) : new Condition.And(joined, one);
        }
        return joined;
    }

    private static Condition expected(String attribute, ExpectedAttributeValue expected) {
        List<AttributeValue> list = expected.attributeValueList();
        AttributeValue value = expected.value();
        String operator = expected.comparisonOperator();
        if (list != null && value != null) {
            throw Values.invalidParameter(
                    "Value and AttributeValueList cannot be used together for Attribute: "
                            + attribute);
        }
        if (operator != null) {
            if (expected.exists() != null) {
                throw Values.invalidParameter(
                        "Exists and ComparisonOperator cannot be used together for Attribute: "
                                + attribute);
            }
            boolean none = list == null && value == null;
            if (none && !operator.equals("NULL") && !operator.equals("NOT_NULL")) {
                throw Values.invalidParameter(
                        "Value or AttributeValueList must be used with ComparisonOperator: "
                                + operator
                                + " for Attribute: "
                                + attribute);
            }
            List<AttributeValue> values =
                    list != null ? list : value == null ? List.of() : List.of(value);
            return condition(attribute, checked(operator, values));
        }
        if (list != null) {
            throw Values.invalidParameter(
                    "AttributeValueList can only be used with a ComparisonOperator for Attribute: "
                            + attribute);
        }
        return exists(attribute, expected.exists(), value);
    }

    private static Condition exists(
            String attribute, @Nullable Boolean exists, @Nullable AttributeValue value) {
        boolean wanted = exists == null || exists;
        if (wanted && value == null) {
            throw Values.invalidParameter(
                    "Value must be provided when Exists is "
                            + exists
                            + " for Attribute: "
                            + attribute);
        }
        if (!wanted && value != null) {
            throw Values.invalidParameter(
                    "Value cannot be used when Exists is false for Attribute: " + attribute);
        }
        Operand at = new Operand.At(Path.of(attribute));
        if (value == null) {
            return new Condition.Missing(at);
        }
        Operand literal = new Operand.Literal(ValueChecks.value(value));
        return new Condition.Compare(at, Comparison.EQ, literal);
    }

    /// The condition of a QueryFilter or ScanFilter, or null when it is absent or empty.
    public static @Nullable Condition filter(
            @Nullable Map<String, dev.freehold.api.dynamodb.Condition> filter,
            @Nullable String conditionalOperator) {
        checkConditionalOperator(conditionalOperator, filter);
        if (filter == null) {
            return null;
        }
        List<Condition> all = new ArrayList<>();
        predicates(filter)
                .forEach((attribute, predicate) -> all.add(condition(attribute, predicate)));
        return joined(all, conditionalOperator);
    }

    /// Conditions by attribute, checked.
    public static Map<String, KeyPredicate> predicates(
            Map<String, dev.freehold.api.dynamodb.Condition> conditions) {
        Map<String, KeyPredicate> predicates = new LinkedHashMap<>();
        conditions.forEach((attribute, condition) -> {
            List<AttributeValue> values = condition.attributeValueList();
            predicates.put(
                    attribute,
                    checked(condition.comparisonOperator(), values == null ? List.of() : values));
        });
        return predicates;
    }

    /// A predicate with values that fit its operator.
    ///
    /// @throws dev.freehold.protocol.CommonError when they don't
    public static KeyPredicate checked(String operator, List<AttributeValue> given) {
        List<AttributeValue> values = given.stream().map(ValueChecks::value).toList();
        int count = values.size();
        boolean fits =
                switch (operator) {
                    case "NULL", "NOT_NULL" -> count == 0;
                    case "IN" -> count >= 1;
                    case "BETWEEN" -> count == 2;
                    default -> count == 1;
                };
        if (!fits) {
            throw Values.invalidParameter(
                    "Invalid number of argument(s) for the " + operator + " ComparisonOperator");
        }
        checkTypes(operator, values);
        return new KeyPredicate(operator, values);
    }

    private static void checkTypes(String operator, List<AttributeValue> values) {
        for (AttributeValue value : values) {
            if (!Values.type(value).equals(Values.type(values.getFirst()))) {
                throw Values.invalidParameter(
                        "AttributeValues inside AttributeValueList must be of same type");
            }
        }
        Set<String> allowed =
                switch (operator) {
                    case "LE", "LT", "GE", "GT", "CONTAINS", "NOT_CONTAINS", "IN", "BETWEEN" ->
                            SCALARS;
                    case "BEGINS_WITH" -> Set.of("S", "B");
                    default -> Set.of();
                };
        for (AttributeValue value : values) {
            String type = Values.type(value);
            if (!allowed.isEmpty() && !allowed.contains(type)) {
                throw Values.invalidParameter(
                        "ComparisonOperator "
                                + operator
                                + " is not valid for "
                                + type
                                + " AttributeValue type");
            }
        }
        if (operator.equals("BETWEEN") && Comparison.GT.holds(values.get(0), values.get(1))) {
            throw Values.invalid(
                    "The BETWEEN condition was provided a range where the lower bound is greater"
                            + " than the upper bound");
        }
    }

    /// Key conditions must compare with values that keys can have.
    public static void checkKeyTypes(Map<String, KeyPredicate> predicates) {
        predicates
                .values()
                .forEach(predicate -> {
                    for (AttributeValue value : predicate.values()) {
                        String type = Values.type(value);
                        if (!SCALARS_AND_SETS.contains(type)) {
                            throw Values.invalidParameter(
                                    "ComparisonOperator "
                                            + predicate.operator()
                                            + " is not valid for "
                                            + type
                                            + " AttributeValue type");
                        }
                    }
                });
    }

    private static Condition condition(String attribute, KeyPredicate predicate) {
        Operand at = new Operand.At(Path.of(attribute));
        List<Operand> operands =
                predicate.values().stream().<Operand>map(Operand.Literal::new).toList();
        return switch (predicate.operator()) {
            case "NULL" -> new Condition.Missing(at);
            case "NOT_NULL" -> new Condition.Exists(at);
            case "CONTAINS" -> new Condition.Contains(at, operands.getFirst());
            case "NOT_CONTAINS" ->
                    new Condition.And(
                            new Condition.Exists(at),
                            new Condition.Not(new Condition.Contains(at, operands.getFirst())));
            case "BEGINS_WITH" -> new Condition.BeginsWith(at, operands.getFirst());
            case "IN" -> new Condition.In(at, operands);
            case "BETWEEN" -> new Condition.Between(at, operands.get(0), operands.get(1));
            default ->
                    new Condition.Compare(
                            at, Comparison.valueOf(predicate.operator()), operands.getFirst());
        };
    }

    /// The update that `AttributeUpdates` asks for.
    public static Update updates(Map<String, AttributeValueUpdate> updates) {
        List<Update.Action> actions = new ArrayList<>();
        updates.forEach((attribute, update) -> actions.add(action(Path.of(attribute), update)));
        return new Update(actions);
    }

    private static Update.Action action(Path path, AttributeValueUpdate update) {
        String action = update.action() == null ? "PUT" : update.action();
        AttributeValue given = update.value();
        if (given == null) {
            if (!action.equals("DELETE")) {
                throw Values.invalidParameter(
                        "Only DELETE action is allowed when no attribute value is specified");
            }
            return new Update.Remove(path);
        }
        AttributeValue value = ValueChecks.value(given);
        String type = Values.type(value);
        boolean set = Values.setOf(value) != null;
        if (action.equals("DELETE")) {
            if (!set) {
                throw Values.invalidParameter(
                        "DELETE action with value is not supported for the type " + type);
            }
            return new Update.LegacyDelete(path, value);
        }
        if (action.equals("ADD")) {
            if (!set && !type.equals("N") && !type.equals("L")) {
                throw Values.invalidParameter("ADD action is not supported for the type " + type);
            }
            return new Update.LegacyAdd(path, value);
        }
        return new Update.Set(path, new Update.Value(value));
    }
}
