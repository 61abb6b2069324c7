package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.services.dynamodb.expression.KeyPredicate;
import dev.freehold.services.dynamodb.table.TableSchema.Key;
import dev.freehold.services.dynamodb.table.TableSchema.KeyAttribute;
import dev.freehold.services.dynamodb.value.Sizes;
import dev.freehold.services.dynamodb.value.Values;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Whether a query's predicates fit the key that it walks: equality for all of the partition key;
/// for the sort key equality from its first attribute on, and another operator for the last at
/// most.
///
/// @param start the key that it goes on after, or null
record KeyConditionChecks(
        Key key,
        Map<String, KeyPredicate> predicates,
        @Nullable Map<String, AttributeValue> start) {
    private static final Set<String> NOT_INDEXABLE =
            Set.of("NULL", "NOT_NULL", "NE", "CONTAINS", "NOT_CONTAINS", "IN");

    void check() {
        for (KeyAttribute part : key.hash()) {
            check(part, true);
        }
        boolean open = true;
        for (KeyAttribute part : key.range()) {
            check(part, false);
            KeyPredicate predicate = predicates.get(part.name());
            if (predicate != null && !open) {
                throw Values.invalid("Query key condition not supported");
            }
            open = open && predicate != null && predicate.operator().equals("EQ");
        }
        for (String attribute : predicates.keySet()) {
            if (!key.names().contains(attribute)) {
                throw Values.invalid("Query key condition not supported");
            }
        }
    }

    private void check(KeyAttribute part, boolean hash) {
        if (start != null) {
            StartKeys.checkPart(start, part, hash);
        }
        if (hash && key.all().size() == 1 && predicates.size() > 1) {
            throw Values.invalid("Query key condition not supported");
        }
        KeyPredicate predicate = predicates.get(part.name());
        if (predicate == null) {
            boolean strange = !key.names().containsAll(predicates.keySet());
            if (hash || strange) {
                throw Values.invalid("Query condition missed key schema element: " + part.name());
            }
            return;
        }
        if (NOT_INDEXABLE.contains(predicate.operator())) {
            throw Values.invalid("Attempted conditional constraint is not an indexable operation");
        }
        for (AttributeValue value : predicate.values()) {
            checkValue(part, value);
        }
        if (hash && !predicate.operator().equals("EQ")) {
            throw Values.invalid("Query key condition not supported");
        }
    }

    private static void checkValue(KeyAttribute part, AttributeValue value) {
        if (!Values.type(value).equals(part.type())) {
            throw Values.invalidParameter("Condition parameter type does not match schema type");
        }
        if (!part.type().equals("N") && Sizes.of(value) == 0) {
            throw Values.invalid(
                    "One or more parameter values are not valid. The AttributeValue for a key"
                            + " attribute cannot contain an empty "
                            + (part.type().equals("S") ? "string" : "binary")
                            + " value. Key: "
                            + part.name());
        }
    }
}
