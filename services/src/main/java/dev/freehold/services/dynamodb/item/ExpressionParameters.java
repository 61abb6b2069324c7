package dev.freehold.services.dynamodb.item;

import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which parameters may stand beside each other: a request uses expressions, or the older
/// parameters.
final class ExpressionParameters {
    private ExpressionParameters() {}

    /// A parameter.
    record Parameter(String name, @Nullable Object value) {}

    /// @param expressions those that are expressions
    /// @param older those that expressions replaced
    /// @param names `ExpressionAttributeNames`
    /// @param values `ExpressionAttributeValues`
    static void check(
            List<Parameter> expressions,
            List<Parameter> older,
            @Nullable Object names,
            @Nullable Object values) {
        List<String> given = given(expressions);
        if (!given.isEmpty()) {
            List<String> olderGiven = given(older);
            if (!olderGiven.isEmpty()) {
                throw Values.invalid(
                        "Can not use both expression and non-expression parameters in the same"
                                + " request: Non-expression parameters: {"
                                + String.join(", ", olderGiven)
                                + "} Expression parameters: {"
                                + String.join(", ", given)
                                + "}");
            }
        } else if (names != null) {
            throw Values.invalid(
                    "ExpressionAttributeNames can only be specified when using expressions");
        }
        if (values != null) {
            checkValues(expressions);
        }
    }

    private static void checkValues(List<Parameter> expressions) {
        List<Parameter> using =
                expressions.stream()
                        .filter(one -> !one.name.equals("ProjectionExpression"))
                        .toList();
        if (!using.isEmpty() && given(using).isEmpty()) {
            List<String> all = using.stream().map(Parameter::name).toList();
            throw Values.invalid(
                    "ExpressionAttributeValues can only be specified when using expressions: "
                            + String.join(" and ", all)
                            + (all.size() > 1 ? " are null" : " is null"));
        }
    }

    private static List<String> given(List<Parameter> parameters) {
        List<String> given = new ArrayList<>(2);
        for (Parameter parameter : parameters) {
            if (parameter.value != null) {
                given.add(parameter.name);
            }
        }
        return given;
    }

    /// Names and values in turn, as a list.
    static List<Parameter> list(@Nullable Object... namesAndValues) {
        List<Parameter> list = new ArrayList<>(namesAndValues.length / 2);
        for (int i = 0; i < namesAndValues.length; i += 2) {
            list.add(new Parameter(String.valueOf(namesAndValues[i]), namesAndValues[i + 1]));
        }
        return list;
    }

    /// AttributesToGet must not name an attribute twice.
    static void checkAttributesToGet(@Nullable List<String> attributes) {
        if (attributes == null) {
            return;
        }
        String[] sorted = attributes.toArray(String[]::new);
        Arrays.sort(sorted);
        for (int i = 1; i < sorted.length; i++) {
            if (sorted[i].equals(sorted[i - 1])) {
                throw Values.invalidParameter("Duplicate value in attribute name: " + sorted[i]);
            }
        }
    }
}
