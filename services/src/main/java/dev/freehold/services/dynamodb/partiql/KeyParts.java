package dev.freehold.services.dynamodb.partiql;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.expression.Comparison;
import dev.freehold.services.dynamodb.expression.Condition;
import dev.freehold.services.dynamodb.expression.KeyPredicate;
import dev.freehold.services.dynamodb.expression.Operand;
import dev.freehold.services.dynamodb.expression.Path;
import dev.freehold.services.dynamodb.table.TableSchema.Key;
import dev.freehold.services.dynamodb.table.TableSchema.KeyAttribute;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a WHERE clause says of a key: the conditions that must all hold and that compare a key
/// attribute with a value.
///
/// @param predicates at most one an attribute
/// @param rest what else must hold, or null
record KeyParts(Map<String, KeyPredicate> predicates, @Nullable Condition rest) {
    static KeyParts of(@Nullable Condition where, Key key) {
        Map<String, KeyPredicate> predicates = new LinkedHashMap<>();
        Condition rest = null;
        for (Condition part : conjuncts(where)) {
            KeyAttribute attribute = attribute(part, key);
            KeyPredicate predicate = attribute == null ? null : predicate(part);
            if (attribute != null
                    && predicate != null
                    && predicate.values().stream()
                            .allMatch(v -> Values.type(v).equals(attribute.type()))
                    && !predicates.containsKey(attribute.name())) {
                predicates.put(attribute.name(), predicate);
            } else {
                rest = rest == null ? part : new Condition.And(rest, part);
            }
        }
        return new KeyParts(predicates, rest);
    }

    private static boolean fits(KeyPredicate predicate, String type) {
        return predicate.values().stream().allMatch(v -> Values.type(v).equals(type));
    }

    private static List<Condition> conjuncts(@Nullable Condition where) {
        List<Condition> all = new ArrayList<>();
        collect(where, all);
        return all;
    }

    private static void collect(@Nullable Condition where, List<Condition> all) {
        if (where instanceof Condition.And(Condition left, Condition right)) {
            collect(left, all);
            collect(right, all);
        } else if (where != null) {
            all.add(where);
        }
    }

    private static @Nullable KeyAttribute attribute(Condition part, Key key) {
        Operand operand =
                switch (part) {
                    case Condition.Compare compare -> compare.left();
                    case Condition.Between between -> between.of();
                    case Condition.BeginsWith begins -> begins.of();
                    default -> null;
                };
        if (operand instanceof Operand.At(Path path) && !path.isNested()) {
            for (KeyAttribute attribute : key.all()) {
                if (attribute.name().equals(path.first())) {
                    return attribute;
                }
            }
        }
        return null;
    }

    private static @Nullable KeyPredicate predicate(Condition part) {
        return switch (part) {
            case Condition.Compare(var _, Comparison operator, Operand.Literal(var value))
                    when operator != Comparison.NE ->
                    new KeyPredicate(operator.name(), List.of(value));
            case Condition.Between(var _, Operand.Literal(var low), Operand.Literal(var high)) ->
                    new KeyPredicate("BETWEEN", List.of(low, high));
            case Condition.BeginsWith(var _, Operand.Literal(var prefix)) ->
                    new KeyPredicate("BEGINS_WITH", List.of(prefix));
            default -> null;
        };
    }

    private boolean isEqual(KeyAttribute attribute) {
        KeyPredicate predicate = predicates.get(attribute.name());
        return predicate != null && predicate.operator().equals("EQ");
    }

    /// Whether it names one partition.
    boolean namesPartition(Key key) {
        return key.hash().stream().allMatch(this::isEqual);
    }

    /// The whole key of one item.
    ///
    /// @throws dev.freehold.protocol.CommonError when it names no single item
    Map<String, AttributeValue> exact(Key key) {
        Map<String, AttributeValue> exact = new LinkedHashMap<>();
        for (KeyAttribute attribute : key.all()) {
            KeyPredicate predicate = predicates.get(attribute.name());
            if (predicate == null || !isEqual(attribute)) {
                throw Values.invalid(
                        "Where clause does not contain a mandatory equality on all key attributes");
            }
            exact.put(attribute.name(), predicate.values().getFirst());
        }
        return exact;
    }
}
