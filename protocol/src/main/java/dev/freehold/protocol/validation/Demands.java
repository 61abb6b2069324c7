package dev.freehold.protocol.validation;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Constraints;
import dev.freehold.protocol.Schema;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What schemas demand of values, in AWS's words.
public final class Demands {
    /// How many buckets the hash table has from which AWS lists an enumeration.
    private static final int BUCKETS = 32;

    private Demands() {}

    /// The demands on a text itself that it does not meet; none for other values.
    public static List<String> unmetByText(Object value, Schema schema) {
        Constraints demands = schema.constraints();
        List<String> unmet = new ArrayList<>(0);
        if (value instanceof String text) {
            if (demands.pattern() != null && !demands.pattern().matcher(text).matches()) {
                unmet.add(pattern(demands));
            }
            if (!demands.values().isEmpty() && !demands.values().contains(text)) {
                unmet.add(values(demands));
            }
        }
        return unmet;
    }

    /// The demands on a number, or on how long something is, that it does not meet.
    public static List<String> unmetBySize(Object value, Schema schema) {
        Constraints demands = schema.constraints();
        List<String> unmet = new ArrayList<>(0);
        Double size = size(value);
        if (size != null && demands.max() != null && size > demands.max().doubleValue()) {
            unmet.add(most(schema, demands.max()));
        }
        if (size != null && demands.min() != null && size < demands.min().doubleValue()) {
            unmet.add(least(schema, demands.min()));
        }
        return unmet;
    }

    /// Every demand of a schema, in the order in which AWS lists those on keys of maps.
    public static List<String> of(Schema schema) {
        Constraints demands = schema.constraints();
        List<String> all = new ArrayList<>();
        if (demands.max() != null) {
            all.add(most(schema, demands.max()));
        }
        if (demands.min() != null) {
            all.add(least(schema, demands.min()));
        }
        if (demands.pattern() != null) {
            all.add(pattern(demands));
        }
        if (!demands.values().isEmpty()) {
            all.add(values(demands));
        }
        return all;
    }

    /// Every demand on elements of lists and values of maps. Those with a least length of 0 may be
    /// null there.
    public static List<String> ofElement(Schema schema) {
        List<String> all = of(schema);
        Number min = schema.constraints().min();
        boolean text = schema.type() == Schema.Type.STRING;
        if (!text || min == null || min.longValue() != 0) {
            all.add("Member must not be null");
        }
        return all;
    }

    private static String most(Schema schema, Number max) {
        return bound(schema, "less than or equal to ", max);
    }

    private static String least(Schema schema, Number min) {
        return bound(schema, "greater than or equal to ", min);
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
}
