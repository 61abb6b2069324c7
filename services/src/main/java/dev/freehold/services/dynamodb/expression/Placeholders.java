package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.dynamodb.value.ValueChecks;
import dev.freehold.services.dynamodb.value.Values;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The names and values that a request's expressions refer to, and which of them none has used yet.
public final class Placeholders {
    private final Map<String, String> names;
    private final Map<String, AttributeValue> values;
    private final Set<String> unusedNames;
    private final Set<String> unusedValues;

    private Placeholders(Map<String, String> names, Map<String, AttributeValue> values) {
        this.names = names;
        this.values = values;
        this.unusedNames = new LinkedHashSet<>(names.keySet());
        this.unusedValues = new LinkedHashSet<>(values.keySet());
    }

    /// Checks what a request gives.
    ///
    /// @throws CommonError when a key or a value is none
    public static Placeholders of(
            @Nullable Map<String, String> names, @Nullable Map<String, AttributeValue> values) {
        if (names != null) {
            checkKeys("ExpressionAttributeNames", names, '#');
        }
        Map<String, AttributeValue> checked = Map.of();
        if (values != null) {
            checkKeys("ExpressionAttributeValues", values, ':');
            checked = checked(values);
        }
        return new Placeholders(names == null ? Map.of() : names, checked);
    }

    private static void checkKeys(String parameter, Map<String, ?> map, char first) {
        if (map.isEmpty()) {
            throw Values.invalid(parameter + " must not be empty");
        }
        for (String key : map.keySet()) {
            if (!isPlaceholder(key, first)) {
                throw Values.invalid(
                        parameter + " contains invalid key: Syntax error; key: \"" + key + "\"");
            }
        }
    }

    private static boolean isPlaceholder(String key, char first) {
        if (key.length() < 2 || key.charAt(0) != first) {
            return false;
        }
        return key.chars().skip(1).allMatch(Tokens::isWord);
    }

    private static Map<String, AttributeValue> checked(Map<String, AttributeValue> values) {
        Map<String, AttributeValue> checked = LinkedHashMap.newLinkedHashMap(values.size());
        values.forEach((key, value) -> {
            try {
                checked.put(key, ValueChecks.value(value));
            } catch (CommonError e) {
                throw Values.invalid(
                        "ExpressionAttributeValues contains invalid value: "
                                + e.getMessage()
                                + " for key "
                                + key);
            }
        });
        return checked;
    }

    @Nullable String name(String key) {
        unusedNames.remove(key);
        return names.get(key);
    }

    @Nullable AttributeValue value(String key) {
        unusedValues.remove(key);
        return values.get(key);
    }

    /// Whether there are none.
    boolean isEmpty() {
        return names.isEmpty() && values.isEmpty();
    }

    /// @throws CommonError when a name or a value is used by no expression
    public void checkUnused() {
        if (!unusedNames.isEmpty()) {
            throw unused("ExpressionAttributeNames", unusedNames);
        }
        if (!unusedValues.isEmpty()) {
            throw unused("ExpressionAttributeValues", unusedValues);
        }
    }

    private static CommonError unused(String parameter, Set<String> keys) {
        return Values.invalid(
                "Value provided in "
                        + parameter
                        + " unused in expressions: keys: {"
                        + String.join(", ", keys)
                        + "}");
    }
}
