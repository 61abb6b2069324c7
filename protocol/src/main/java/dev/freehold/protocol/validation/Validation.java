package dev.freehold.protocol.validation;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Constraints;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks a value against its schema and says what is wrong in AWS's words.
public final class Validation {
    /// The most violations that one answer names.
    private static final int MAX_ERRORS = 10;

    private final List<String> errors = new ArrayList<>();

    private Validation() {}

    /// What is wrong with `input`, or null when nothing is.
    public static @Nullable String check(Structure input) {
        Validation validation = new Validation();
        validation.structure(input, "");
        int count = validation.errors.size();
        if (count == 0) {
            return null;
        }
        return count
                + " validation error"
                + (count == 1 ? "" : "s")
                + " detected: "
                + String.join("; ", validation.errors);
    }

    private void structure(Structure value, String path) {
        for (Member member : value.schema().members()) {
            Object inner = value.member(member.index());
            String at = path + lower(member.name());
            if (inner != null) {
                value(inner, member, at);
            } else if (member.required() && value.schema().type() != Schema.Type.UNION) {
                add(
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
        constraints(value, schema.constraints(), member, path);
        switch (value) {
            case Structure structure -> structure(structure, path + ".");
            case List<?> list -> {
                for (int i = 0; i < list.size(); i++) {
                    Object element = list.get(i);
                    if (element != null) {
                        value(element, schema.element(), path + "." + (i + 1) + ".member");
                    }
                }
            }
            case Map<?, ?> map when schema.type() == Schema.Type.MAP ->
                    map.forEach((key, entry) -> {
                        value(String.valueOf(key), schema.key(), path);
                        if (entry != null) {
                            value(entry, schema.value(), path + "." + key + ".member");
                        }
                    });
            default -> {}
        }
    }

    private void constraints(Object value, Constraints demands, Member member, String path) {
        if (demands.equals(Constraints.NONE)) {
            return;
        }
        String kind = value instanceof Number ? "value" : "length";
        Long size = size(value);
        Long min = demands.min();
        Long max = demands.max();
        if (size != null && max != null && size > max) {
            violation(
                    value,
                    member,
                    path,
                    "Member must have " + kind + " less than or equal to " + max);
        }
        if (size != null && min != null && size < min) {
            violation(
                    value,
                    member,
                    path,
                    "Member must have " + kind + " greater than or equal to " + min);
        }
        if (!(value instanceof String text)) {
            return;
        }
        if (demands.pattern() != null && !demands.pattern().matcher(text).matches()) {
            violation(
                    value,
                    member,
                    path,
                    "Member must satisfy regular expression pattern: "
                            + demands.pattern().pattern());
        }
        if (!demands.values().isEmpty() && !demands.values().contains(text)) {
            violation(
                    value,
                    member,
                    path,
                    "Member must satisfy enum value set: ["
                            + String.join(", ", demands.values())
                            + "]");
        }
    }

    private static @Nullable Long size(Object value) {
        return switch (value) {
            case String text -> (long) text.codePointCount(0, text.length());
            case Blob blob -> (long) blob.length();
            case List<?> list -> (long) list.size();
            case Map<?, ?> map -> (long) map.size();
            case Double number -> (long) Math.floor(number);
            case Number number -> number.longValue();
            default -> null;
        };
    }

    private void violation(Object value, Member member, String path, String demand) {
        String shown = member.sensitive() || value instanceof Blob ? "***" : String.valueOf(value);
        if (value instanceof String text && text.length() > 1024) {
            shown = text.substring(0, 1024) + "...";
        }
        add("Value '" + shown + "' at '" + path + "' failed to satisfy constraint: " + demand);
    }

    private void add(String error) {
        if (errors.size() < MAX_ERRORS) {
            errors.add(error);
        }
    }

    private static final Pattern VALUE = Pattern.compile("Value '.*?' at '", Pattern.DOTALL);
    private static final Pattern SET = Pattern.compile("enum value set: \\[.*?]");

    /// The message as IAM gives it: it does not repeat what was sent, nor list what is accepted.
    public static String withoutValues(String message) {
        String unquoted = VALUE.matcher(message).replaceAll("Value at '");
        return SET.matcher(unquoted).replaceAll("enum value set");
    }
}
