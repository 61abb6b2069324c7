package dev.freehold.services.lambda.rules;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Constraints;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.validation.Demands;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks input against the model in Lambda's own words: unlike most services it names a list or
/// map as a whole, and what each element of it must satisfy.
///
/// Lambda looks at the runtime of a function itself, later, with another error: see [RuntimeNames].
public final class LambdaValidation {
    private static final int MAX_SHOWN = 1024;

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
            add(
                    list,
                    member,
                    path,
                    "Member must satisfy constraint: " + Demands.ofElement(element.target()));
        }
    }

    private void entries(Map<?, ?> map, Member member, String path) {
        Schema keys = member.target().key().target();
        Schema values = member.target().value().target();
        if (map.keySet().stream().anyMatch(k -> !violated(k, keys).isEmpty())) {
            String demands = String.join(", ", Demands.of(keys));
            add(map, member, path, "Map keys must satisfy constraint: [" + demands + "]");
        }
        if (map.values().stream().anyMatch(v -> !violated(v, values).isEmpty())) {
            add(
                    map,
                    member,
                    path,
                    "Map value must satisfy constraint: " + Demands.ofElement(values));
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

    /// The demands that a value does not meet. Lambda looks at those on sizes first.
    private static List<String> violated(@Nullable Object value, Schema schema) {
        if (value == null || schema.constraints().equals(Constraints.NONE)) {
            return List.of();
        }
        List<String> violated = new ArrayList<>(Demands.unmetBySize(value, schema));
        if (!schema.name().equals("Runtime")) {
            violated.addAll(Demands.unmetByText(value, schema));
        }
        return violated;
    }
}
