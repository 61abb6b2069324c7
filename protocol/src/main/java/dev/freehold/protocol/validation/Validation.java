package dev.freehold.protocol.validation;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Constraints;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Checks a value against its schema and says what is wrong in AWS's words.
public final class Validation {
    /// The most violations that one answer names.
    private static final int MAX_ERRORS = 10;

    /// How many buckets the hash table has from which AWS lists an enumeration.
    private static final int BUCKETS = 32;

    private final List<Violation> violations = new ArrayList<>();

    private Validation() {}

    /// What is wrong with `input`; empty when nothing is.
    public static List<Violation> check(Structure input) {
        Validation validation = new Validation();
        validation.structure(input, "");
        return validation.violations;
    }

    private void structure(Structure value, String path) {
        boolean union = value.schema().type() == Schema.Type.UNION;
        for (Member member : value.schema().members()) {
            Object inner = value.member(member.index());
            if (inner != null) {
                value(inner, member, path + lower(member.name()));
            } else if (member.required() && !union) {
                String at = path + lower(member.name());
                String text =
                        "Value null at '"
                                + at
                                + "' failed to satisfy constraint: Member must not be null";
                add(new Violation(member, true, text));
            }
        }
    }

    private static String lower(String name) {
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private void value(Object value, Member member, String path) {
        Schema schema = member.target();
        for (String demand : unmet(value, schema)) {
            violation(value, member, path, demand);
        }
        switch (value) {
            case Structure structure -> structure(structure, path + ".");
            case List<?> list when schema.type() == Schema.Type.LIST -> list(list, member, path);
            case Map<?, ?> map when schema.type() == Schema.Type.MAP -> map(map, member, path);
            default -> {}
        }
    }

    /// AWS names the list where a plain element is wrong, and the element where it has members.
    private void list(List<?> list, Member member, String path) {
        Schema element = member.target().element().target();
        boolean plain = !holdsMembers(element);
        int number = 0;
        for (Object inner : list) {
            number++;
            if (inner == null) {
                continue;
            }
            if (!plain) {
                value(inner, member.target().element(), path + "." + number + ".member");
            } else if (!unmet(inner, element).isEmpty()) {
                String demands = all(element, true);
                violation(list, member, path, "Member must satisfy constraint: [" + demands + "]");
                return;
            }
        }
    }

    private void map(Map<?, ?> map, Member member, String path) {
        Schema key = member.target().key().target();
        Schema value = member.target().value().target();
        boolean plain = !holdsMembers(value);
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            Object inner = entry.getValue();
            if (!unmet(String.valueOf(entry.getKey()), key).isEmpty()) {
                String demands = all(key, false);
                violation(map, member, path, "Map keys must satisfy constraint: [" + demands + "]");
                return;
            }
            if (inner == null) {
                continue;
            }
            if (!plain) {
                String at = path + "." + entry.getKey() + ".member";
                value(inner, member.target().value(), at);
            } else if (!unmet(inner, value).isEmpty()) {
                String demands = all(value, true);
                violation(
                        map, member, path, "Map value must satisfy constraint: [" + demands + "]");
                return;
            }
        }
    }

    private static boolean holdsMembers(Schema schema) {
        return switch (schema.type()) {
            case STRUCTURE, UNION, LIST, MAP -> true;
            default -> false;
        };
    }

    /// The demands of a schema that a value does not meet.
    private static List<String> unmet(Object value, Schema schema) {
        Constraints demands = schema.constraints();
        if (demands == Constraints.NONE) {
            return List.of();
        }
        List<String> unmet = new ArrayList<>(0);
        if (value instanceof String text) {
            if (demands.pattern() != null && !demands.pattern().matcher(text).matches()) {
                unmet.add(pattern(demands));
            }
            if (!demands.values().isEmpty() && !demands.values().contains(text)) {
                unmet.add(values(demands));
            }
        }
        Double size = size(value);
        if (size != null && demands.max() != null && size > demands.max().doubleValue()) {
            unmet.add(bound(schema, "less than or equal to ", demands.max()));
        }
        if (size != null && demands.min() != null && size < demands.min().doubleValue()) {
            unmet.add(bound(schema, "greater than or equal to ", demands.min()));
        }
        return unmet;
    }

    /// Every demand of a schema, as AWS lists them for elements of lists and maps. Elements with a
    /// least length of 0 may be null there.
    private static String all(Schema schema, boolean value) {
        Constraints demands = schema.constraints();
        List<String> all = new ArrayList<>();
        if (demands.max() != null) {
            all.add(bound(schema, "less than or equal to ", demands.max()));
        }
        if (demands.min() != null) {
            all.add(bound(schema, "greater than or equal to ", demands.min()));
        }
        if (demands.pattern() != null) {
            all.add(pattern(demands));
        }
        if (!demands.values().isEmpty()) {
            all.add(values(demands));
        }
        boolean text = schema.type() == Schema.Type.STRING;
        boolean nullable = text && demands.min() != null && demands.min().longValue() == 0;
        if (value && !nullable) {
            all.add("Member must not be null");
        }
        return String.join(", ", all);
    }

    private static String bound(Schema schema, String how, Number bound) {
        return switch (schema.type()) {
            case FLOAT, DOUBLE -> "Member must have value " + how + bound.doubleValue();
            case BYTE, SHORT, INTEGER, LONG -> "Member must have value " + how + bound;
            default -> "Member must have length " + how + bound;
        };
    }

    private static String pattern(Constraints demands) {
        return "Member must satisfy regular expression pattern: " + demands.pattern();
    }

    /// AWS lists an enumeration as it lies in its hash table: by bucket, the last put in first.
    private static String values(Constraints demands) {
        List<String> values =
                demands.values().reversed().stream()
                        .sorted(Comparator.comparingInt(value -> value.hashCode() & BUCKETS - 1))
                        .toList();
        return "Member must satisfy enum value set: [" + String.join(", ", values) + "]";
    }

    private static @Nullable Double size(Object value) {
        return switch (value) {
            case String text -> (double) text.codePointCount(0, text.length());
            case Blob blob -> (double) blob.length();
            case List<?> list -> (double) list.size();
            case Map<?, ?> map -> (double) map.size();
            case Number number -> number.doubleValue();
            default -> null;
        };
    }

    private void violation(Object value, Member member, String path, String demand) {
        String shown = member.sensitive() ? "" : " '" + ValueText.of(value) + "'";
        String text =
                "Value" + shown + " at '" + path + "' failed to satisfy constraint: " + demand;
        add(new Violation(member, false, text));
    }

    private void add(Violation violation) {
        if (violations.size() < MAX_ERRORS) {
            violations.add(violation);
        }
    }
}
