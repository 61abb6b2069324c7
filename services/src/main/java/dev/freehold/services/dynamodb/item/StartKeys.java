package dev.freehold.services.dynamodb.item;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.dynamodb.expression.KeyPredicate;
import dev.freehold.services.dynamodb.table.KeyChecks;
import dev.freehold.services.dynamodb.table.TableSchema;
import dev.freehold.services.dynamodb.table.TableSchema.Index;
import dev.freehold.services.dynamodb.table.TableSchema.KeyAttribute;
import dev.freehold.services.dynamodb.value.ValueChecks;
import dev.freehold.services.dynamodb.value.Values;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Whether a query or scan may go on after an `ExclusiveStartKey`.
final class StartKeys {
    private static final String INVALID = "The provided starting key is invalid";

    /// AWS: what is wrong with a value is said as it is for these, and after the words above for
    /// others.
    private static final Pattern PLAIN =
            Pattern.compile(
                    "contains duplicates|number set|numeric value|significant digits"
                            + "|number with magnitude");

    private StartKeys() {}

    /// The key with its values checked, or null.
    static @Nullable Map<String, AttributeValue> checked(
            @Nullable Map<String, AttributeValue> start) {
        if (start == null) {
            return null;
        }
        try {
            return ValueChecks.item(start);
        } catch (CommonError e) {
            String message = String.valueOf(e.getMessage());
            throw PLAIN.matcher(message).find() ? e : Values.invalid(INVALID + ": " + message);
        }
    }

    /// How many attributes a start key has.
    static void checkCount(
            TableSchema table,
            @Nullable Index index,
            Map<String, AttributeValue> start,
            String more) {
        Set<String> names = new LinkedHashSet<>(table.own().names());
        if (index != null) {
            names.addAll(index.key().names());
        }
        if (start.size() != names.size()) {
            throw Values.invalid(INVALID + more);
        }
    }

    /// An attribute of the key that is walked.
    static void checkPart(Map<String, AttributeValue> start, KeyAttribute part, boolean hash) {
        if (!start.containsKey(part.name())) {
            throw Values.invalid(INVALID);
        }
        KeyChecks.keyPart(start, part, hash);
    }

    /// The table's key in it.
    static void checkOwn(TableSchema table, Map<String, AttributeValue> start) {
        try {
            KeyChecks.key(table, table.keyOf(start));
        } catch (CommonError e) {
            throw Values.invalid(INVALID + ": " + e.getMessage());
        }
    }

    /// A query's start must be something that the query could have answered.
    static void checkInside(
            TableSchema.Key key,
            Map<String, KeyPredicate> predicates,
            Map<String, AttributeValue> start) {
        boolean sorted = false;
        for (KeyAttribute part : key.range()) {
            KeyPredicate predicate = predicates.get(part.name());
            AttributeValue value = start.get(part.name());
            sorted |= predicate != null;
            if (predicate != null && value != null && !predicate.holds(value)) {
                throw Values.invalid(
                        "The provided starting key does not match the range key predicate");
            }
        }
        for (KeyAttribute part : key.hash()) {
            KeyPredicate predicate = predicates.get(part.name());
            AttributeValue value = start.get(part.name());
            if (predicate != null && value != null && !predicate.holds(value)) {
                throw Values.invalid(
                        sorted
                                ? "The query can return at most one row and cannot be restarted"
                                : "The provided starting key is outside query boundaries based on"
                                        + " provided conditions");
            }
        }
    }
}
