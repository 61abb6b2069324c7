package dev.freehold.services.dynamodb;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Constraints;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Service;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks inputs against the model in DynamoDB's own words, before a service sees them. These
/// differ from what other services say of maps, of enumerations, and of tables' names, for which
/// the model only has the rule of ARNs.
public record ModelChecks(Service service) implements Service {
    private static final int MAX_ERRORS = 10;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_.-]+");
    private static final int MIN_NAME = 3;
    private static final int MAX_NAME = 255;

    /// Operations on a table itself say that its name is missing, or of a wrong length, before
    /// anything else, and otherwise.
    private static final Set<String> ON_TABLES =
            Set.of(
                    "CreateTable",
                    "UpdateTable",
                    "DescribeTable",
                    "DeleteTable",
                    "DescribeTimeToLive",
                    "UpdateTimeToLive");

    /// Their inputs are checked step by step by the operations.
    private static final Set<String> UNCHECKED =
            Set.of("TagResource", "UntagResource", "ListTagsOfResource");

    /// AWS names the values of these enumerations in orders of its own.
    private static final List<List<String>> ORDERS =
            List.of(
                    List.of("ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW"),
                    List.of(
                            "IN",
                            "NULL",
                            "BETWEEN",
                            "LT",
                            "NOT_CONTAINS",
                            "EQ",
                            "GT",
                            "NOT_NULL",
                            "NE",
                            "LE",
                            "BEGINS_WITH",
                            "GE",
                            "CONTAINS"),
                    List.of(
                            "SPECIFIC_ATTRIBUTES",
                            "COUNT",
                            "ALL_ATTRIBUTES",
                            "ALL_PROJECTED_ATTRIBUTES"),
                    List.of("OR", "AND"),
                    List.of("B", "N", "S"),
                    List.of("ALL", "INCLUDE", "KEYS_ONLY"));

    @Override
    public ServiceModel model() {
        return service.model();
    }

    @Override
    public Structure call(Operation operation, Structure input, Caller caller) {
        check(operation, input);
        return service.call(operation, input, caller);
    }

    private static void check(Operation operation, Structure input) {
        if (UNCHECKED.contains(operation.name())) {
            return;
        }
        if (ON_TABLES.contains(operation.name())) {
            tableName(input);
        }
        Walk walk = new Walk();
        walk.structure(input);
        int count = walk.errors.size();
        if (count > 0) {
            throw Values.invalid(
                    count
                            + " validation error"
                            + (count == 1 ? "" : "s")
                            + " detected: "
                            + String.join("; ", walk.errors));
        }
    }

    private static void tableName(Structure input) {
        Member member = input.schema().member("TableName");
        Object name = member == null ? null : input.member(member.index());
        if (name == null) {
            throw Values.invalid(
                    "The parameter 'TableName' is required but was not present in the request");
        }
        int length = name.toString().length();
        if (!isArn(name) && (length < MIN_NAME || length > MAX_NAME)) {
            throw Values.invalid(
                    "TableName must be at least 3 characters long and at most 255 characters"
                            + " long");
        }
    }

    private static boolean isArn(Object name) {
        return name instanceof String text && text.startsWith("arn:");
    }

    /// Walks an input, and knows where it is.
    private static final class Walk {
        private final List<String> errors = new ArrayList<>();
        private final Deque<String> path = new ArrayDeque<>();

        void structure(Structure value) {
            Schema schema = value.schema();
            boolean union = schema.type() == Schema.Type.UNION;
            for (Member member : schema.members()) {
                Object inner = value.member(member.index());
                if (inner == null && (union || !member.required())) {
                    continue;
                }
                path.addLast(lower(member.name()));
                if (inner == null) {
                    violation("null", "Member must not be null");
                } else if (isTable(member)) {
                    table(inner);
                } else {
                    value(inner, member.target());
                }
                path.removeLast();
            }
        }

        private static String lower(String name) {
            return Character.toLowerCase(name.charAt(0)) + name.substring(1);
        }

        private static boolean isTable(Member member) {
            String target = member.target().name();
            return target.equals("TableArn") || target.equals("TableName");
        }

        private void table(Object name) {
            if (isArn(name)) {
                return;
            }
            String text = String.valueOf(name);
            if (!NAME.matcher(text).matches()) {
                violation(quoted(text), "Member must satisfy regular expression pattern: " + NAME);
            }
            if (text.length() < MIN_NAME) {
                violation(quoted(text), tooShort(MIN_NAME));
            }
            if (text.length() > MAX_NAME) {
                violation(quoted(text), tooLong(MAX_NAME));
            }
        }

        private static String tooShort(long min) {
            return "Member must have length greater than or equal to " + min;
        }

        private static String tooLong(long max) {
            return "Member must have length less than or equal to " + max;
        }

        private static String quoted(Object value) {
            return "'" + value + "'";
        }

        private void value(Object value, Schema schema) {
            constraints(value, schema.constraints());
            switch (value) {
                case Structure structure when !structure.schema().name().equals("AttributeValue") ->
                        structure(structure);
                case List<?> list -> {
                    for (int i = 0; i < list.size(); i++) {
                        Object element = list.get(i);
                        if (element != null) {
                            path.addLast((i + 1) + ".member");
                            value(element, schema.element().target());
                            path.removeLast();
                        }
                    }
                }
                case Map<?, ?> map when schema.type() == Schema.Type.MAP -> map(map, schema);
                default -> {
                    // attribute values have no constraints, and simple values no members
                }
            }
        }

        private void map(Map<?, ?> map, Schema schema) {
            Schema values = schema.value().target();
            boolean tables = isTable(schema.key());
            for (Object key : map.keySet()) {
                if (tables && !isArn(key) && !isName(String.valueOf(key))) {
                    violation(
                            quoted(shown(map)),
                            "Map keys must satisfy constraint: ["
                                    + tooLong(MAX_NAME)
                                    + ", "
                                    + tooShort(MIN_NAME)
                                    + ", Member must satisfy regular expression pattern: "
                                    + NAME
                                    + "]");
                }
            }
            map.forEach((key, entry) -> {
                if (entry == null) {
                    return;
                }
                if (entry instanceof List<?> list && outside(list.size(), values.constraints())) {
                    violation(
                            quoted(shown(map)),
                            "Map value must satisfy constraint: ["
                                    + tooLong(orZero(values.constraints().max()))
                                    + ", "
                                    + tooShort(orZero(values.constraints().min()))
                                    + "]");
                    return;
                }
                path.addLast(key + ".member");
                value(entry, values);
                path.removeLast();
            });
        }

        private static long orZero(@Nullable Number bound) {
            return bound == null ? 0 : bound.longValue();
        }

        private static boolean outside(int size, Constraints demands) {
            Number min = demands.min();
            Number max = demands.max();
            return min != null && size < min.longValue() || max != null && size > max.longValue();
        }

        private static boolean isName(String text) {
            return text.length() >= MIN_NAME
                    && text.length() <= MAX_NAME
                    && NAME.matcher(text).matches();
        }

        private void constraints(Object value, Constraints demands) {
            if (demands.equals(Constraints.NONE)) {
                return;
            }
            Pattern pattern = demands.pattern();
            if (value instanceof String text) {
                if (pattern != null && !pattern.matcher(text).matches()) {
                    violation(
                            quoted(text),
                            "Member must satisfy regular expression pattern: " + pattern.pattern());
                }
                if (!demands.values().isEmpty() && !demands.values().contains(text)) {
                    violation(
                            quoted(text),
                            "Member must satisfy enum value set: ["
                                    + String.join(", ", ordered(demands.values()))
                                    + "]");
                }
            }
            bounds(value, demands);
        }

        private void bounds(Object value, Constraints demands) {
            Long size = size(value);
            if (size == null) {
                return;
            }
            String kind = value instanceof Number ? "value" : "length";
            Number min = demands.min();
            Number max = demands.max();
            if (min != null && size < min.longValue()) {
                violation(
                        quoted(shown(value)),
                        "Member must have " + kind + " greater than or equal to " + min);
            }
            if (max != null && size > max.longValue()) {
                violation(
                        quoted(shown(value)),
                        "Member must have " + kind + " less than or equal to " + max);
            }
        }

        private static List<String> ordered(java.util.Collection<String> values) {
            Set<String> all = new HashSet<>(values);
            for (List<String> order : ORDERS) {
                if (all.equals(new HashSet<>(order))) {
                    return order;
                }
            }
            return List.copyOf(values);
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

        private static String shown(Object value) {
            String text = String.valueOf(value);
            return text.length() > 1024 ? text.substring(0, 1024) + "..." : text;
        }

        private void violation(String value, String demand) {
            if (errors.size() < MAX_ERRORS) {
                errors.add(
                        "Value "
                                + value
                                + " at '"
                                + String.join(".", path)
                                + "' failed to satisfy constraint: "
                                + demand);
            }
        }
    }
}
