package dev.freehold.protocol.validation;

import dev.freehold.protocol.Constraints;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Checks a value against its schema and says what is wrong in AWS's words.
public final class Validation {
    /// The most violations that one answer names.
    private static final int MAX_ERRORS = 10;

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
                String demands = String.join(", ", Demands.ofElement(element));
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
                String demands = String.join(", ", Demands.of(key));
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
                String demands = String.join(", ", Demands.ofElement(value));
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
        if (schema.constraints() == Constraints.NONE) {
            return List.of();
        }
        List<String> unmet = new ArrayList<>(Demands.unmetByText(value, schema));
        unmet.addAll(Demands.unmetBySize(value, schema));
        return unmet;
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
