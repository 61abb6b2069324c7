package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import dev.freehold.services.dynamodb.Conditions.Condition;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Splits a key condition into the partition and what the sort key must fulfil.
record KeyCondition(Blob hash, @Nullable Condition sort) {
    static KeyCondition of(Condition condition, TableKeys.Key key) {
        if (condition instanceof Conditions.And(Condition left, Condition right)) {
            Blob hash = hash(left, key);
            if (hash != null) {
                return new KeyCondition(hash, sort(right, key));
            }
            Blob other = hash(right, key);
            if (other != null) {
                return new KeyCondition(other, sort(left, key));
            }
        } else {
            Blob hash = hash(condition, key);
            if (hash != null) {
                return new KeyCondition(hash, null);
            }
        }
        throw Values.invalid("Query condition missed key schema element: " + key.hash());
    }

    private static @Nullable Blob hash(Condition condition, TableKeys.Key key) {
        if (condition instanceof Conditions.Compare(var left, String operator, var right)
                && operator.equals("=")
                && left instanceof Conditions.At(Path path)
                && path.steps().equals(java.util.List.of(key.hash()))) {
            AttributeValue value = right.value(Map.of());
            if (value == null || !Values.type(value).equals(key.hashType())) {
                throw Values.invalid(
                        "One or more parameter values were invalid: Condition parameter type does not match"
                                + " schema type");
            }
            return Blob.wrap(KeyBytes.of(value));
        }
        return null;
    }

    private static Condition sort(Condition condition, TableKeys.Key key) {
        Conditions.Operand operand =
                switch (condition) {
                    case Conditions.Compare compare when !compare.operator().equals("<>") ->
                            compare.left();
                    case Conditions.Between between -> between.of();
                    case Conditions.Function function when function.name().equals("begins_with") ->
                            function.arguments().getFirst();
                    default ->
                            throw Values.invalid(
                                    "Invalid KeyConditionExpression: Invalid operator used in"
                                            + " KeyConditionExpression");
                };
        if (operand instanceof Conditions.At(Path path)
                && key.range() != null
                && path.steps().equals(java.util.List.of(key.range()))) {
            return condition;
        }
        throw Values.invalid("Query key condition not supported");
    }
}
