package dev.freehold.services.lambda.rules;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Constraints;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checks input against the model in Lambda's own words: unlike most services it names a list or
/// map as a whole, and what each element of it must satisfy.
///
/// Lambda looks at the runtime of a function itself, later, with another error: see [RuntimeNames].
public final class LambdaValidation {
    private static final int MAX_SHOWN = 1024;

    /// The hash table whose order fits most of the answers that were recorded.
    private static final int TABLE_SIZE = 48;

    private final List<String> errors = new ArrayList<>();

    private LambdaValidation() {}

    /// @throws CommonError when the input violates the model's constraints
    public static void check(Structure input) {
        LambdaValidation validation = new LambdaValidation();
        validation.structure(input, "");
        int count = validation.errors.size();
        if (count > 0) {
            throw CommonError.validation(
                    count
                            + " validation error"
                            + (count == 1 ? "" : "s")
                            + " detected: "
                            + String.join("; ", validation.errors));
        }
    }

    private void structure(Structure value, String path) {
        for (Member member : value.schema().members()) {
            Object inner = value.member(member.index());
            String at = path + lower(member.name());
            if (inner != null) {
                value(inner, member, at);
            } else if (member.required() && value.schema().type() != Schema.Type.UNION) {
                errors.add(
                        "Value null at '"
                                + at
                                + "' failed to satisfy constraint: Member must not be null");
            }
        }
    }

    private static String lower(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private void value(Object value, Member member, String path) {
        Schema schema = member.target();
        for (String demand : violated(value, schema)) {
            add(value, member, path, demand);
        }
        switch (value) {
            case Structure structure -> structure(structure, path + ".");
            case List<?> list -> elements(list, member, path);
            case Map<?, ?> map when schema.type() == Schema.Type.MAP -> entries(map, member, path);
            default -> {}
        }
    }

    private void elements(List<?> list, Member member, String path) {
        Member element = member.target().element();
        for (int i = 0; i < list.size(); i++) {
            if (list.get(i) instanceof Structure structure) {
                structure(structure, path + "." + (i + 1) + ".member.");
            }
        }
        if (element.target().name().equals("Runtime")) {
            if (!list.stream().allMatch(runtime -> RuntimeNames.known(String.valueOf(runtime)))) {
                add(list, member, path, RuntimeNames.demand());
            }
            return;
        }
        if (list.stream().anyMatch(e -> !violated(e, element.target()).isEmpty())) {
            add(list, member, path, "Member must satisfy constraint: " + all(element.target()));
        }
    }

    private void entries(Map<?, ?> map, Member member, String path) {
        Schema keys = member.target().key().target();
        Schema values = member.target().value().target();
        if (map.keySet().stream().anyMatch(k -> !violated(k, keys).isEmpty())) {
            String demands = String.join(", ", demands(keys));
            add(map, member, path, "Map keys must satisfy constraint: [" + demands + "]");
        }
        if (map.values().stream().anyMatch(v -> !violated(v, values).isEmpty())) {
            add(map, member, path, "Map value must satisfy constraint: " + all(values));
        }
    }

    private void add(Object value, Member member, String path, String demand) {
        String shown = member.sensitive() || value instanceof Blob ? "***" : String.valueOf(value);
        if (value instanceof String text && text.length() > MAX_SHOWN) {
            shown = text.substring(0, MAX_SHOWN) + "...";
        }
        errors.add(
                "Value '" + shown + "' at '" + path + "' failed to satisfy constraint: " + demand);
    }

    private static String all(Schema schema) {
        List<String> demands = new ArrayList<>(demands(schema));
        demands.add("Member must not be null");
        return demands.toString();
    }

    /// The demands that a value does not meet.
    private static List<String> violated(@Nullable Object value, Schema schema) {
        Constraints demands = schema.constraints();
        if (value == null || demands.equals(Constraints.NONE)) {
            return List.of();
        }
        List<String> violated = new ArrayList<>();
        BigDecimal size = size(value);
        if (size != null && demands.max() != null && over(size, demands.max().longValue())) {
            violated.add(most(schema));
        }
        if (size != null
                && demands.min() != null
                && over(BigDecimal.valueOf(demands.min().longValue()), size)) {
            violated.add(least(schema));
        }
        if (!(value instanceof String text)) {
            return violated;
        }
        if (demands.pattern() != null && !demands.pattern().matcher(text).matches()) {
            violated.add(pattern(demands));
        }
        boolean open = schema.name().equals("Runtime");
        if (!open && !demands.values().isEmpty() && !demands.values().contains(text)) {
            violated.add(values(demands));
        }
        return violated;
    }

    private static boolean over(BigDecimal value, long limit) {
        return over(value, BigDecimal.valueOf(limit));
    }

    private static boolean over(BigDecimal value, BigDecimal limit) {
        return value.compareTo(limit) > 0;
    }

    private static List<String> demands(Schema schema) {
        Constraints demands = schema.constraints();
        List<String> all = new ArrayList<>();
        if (demands.max() != null) {
            all.add(most(schema));
        }
        if (demands.min() != null) {
            all.add(least(schema));
        }
        if (demands.pattern() != null) {
            all.add(pattern(demands));
        }
        if (!demands.values().isEmpty()) {
            all.add(values(demands));
        }
        return all;
    }

    private static String most(Schema schema) {
        return "Member must have " + kind(schema) + " less than or equal to " + max(schema);
    }

    private static String least(Schema schema) {
        return "Member must have " + kind(schema) + " greater than or equal to " + min(schema);
    }

    private static String max(Schema schema) {
        return bound(schema, String.valueOf(schema.constraints().max()));
    }

    private static String min(Schema schema) {
        return bound(schema, String.valueOf(schema.constraints().min()));
    }

    private static String bound(Schema schema, String number) {
        return schema.type() == Schema.Type.DOUBLE ? number + ".0" : number;
    }

    private static String kind(Schema schema) {
        return switch (schema.type()) {
            case INTEGER, LONG, DOUBLE, FLOAT -> "value";
            default -> "length";
        };
    }

    private static String pattern(Constraints demands) {
        return "Member must satisfy regular expression pattern: " + demands.pattern();
    }

    /// AWS names the values in the order of a Java hash set, not of the model.
    private static String values(Constraints demands) {
        Set<String> values = new HashSet<>(TABLE_SIZE);
        values.addAll(demands.values());
        return "Member must satisfy enum value set: " + values;
    }

    private static @Nullable BigDecimal size(Object value) {
        return switch (value) {
            case String text -> BigDecimal.valueOf(text.codePointCount(0, text.length()));
            case Blob blob -> BigDecimal.valueOf(blob.length());
            case List<?> list -> BigDecimal.valueOf(list.size());
            case Map<?, ?> map -> BigDecimal.valueOf(map.size());
            case Double number -> BigDecimal.valueOf(number);
            case Number number -> BigDecimal.valueOf(number.longValue());
            default -> null;
        };
    }
}
