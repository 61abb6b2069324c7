package dev.freehold.services.dynamodb.expression;

import dev.freehold.services.dynamodb.value.Values;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is wrong with an expression beside its syntax: the first fault of each kind.
final class Faults {
    /// The kinds of faults.
    enum Fault {
        PARENTHESES,
        UNKNOWN_FUNCTION,
        MISUSED_FUNCTION,
        RESERVED,
        SECTION,
        UNDEFINED_NAME,
        UNDEFINED_VALUE,
        NESTING,
        OVERLAP,
        CONFLICT,
        OPERAND,
        DISTINCT,
        FUNCTION
    }

    private final Map<Fault, String> found = new EnumMap<>(Fault.class);

    void add(Fault fault, String message) {
        found.putIfAbsent(fault, message);
    }

    boolean has(Fault fault) {
        return found.containsKey(fault);
    }

    /// The message of the first of these kinds that was found, or null.
    @Nullable String first(List<Fault> order) {
        if (found.isEmpty()) {
            return null;
        }
        for (Fault fault : order) {
            String message = found.get(fault);
            if (message != null) {
                return message;
            }
        }
        return null;
    }

    /// @throws dev.freehold.protocol.CommonError when one of these kinds was found
    void check(String expression, List<Fault> order) {
        String message = first(order);
        if (message != null) {
            throw Values.invalid("Invalid " + expression + ": " + message);
        }
    }
}
