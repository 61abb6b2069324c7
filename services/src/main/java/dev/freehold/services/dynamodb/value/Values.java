package dev.freehold.services.dynamodb.value;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Attribute values: their types, their order, whether two are the same.
public final class Values {
    private Values() {}

    /// The error that most of what a client gets wrong is answered with.
    public static CommonError invalid(String message) {
        return CommonError.validation(message);
    }

    /// [#invalid(String)] with the words that most of DynamoDB's messages begin with.
    public static CommonError invalidParameter(String message) {
        return invalid("One or more parameter values were invalid: " + message);
    }

    /// The name of a value's type, as expressions write it; empty when it is no value.
    public static String type(AttributeValue value) {
        return switch (value) {
            case AttributeValue.OfS v -> "S";
            case AttributeValue.OfN v -> "N";
            case AttributeValue.OfB v -> "B";
            case AttributeValue.OfSS v -> "SS";
            case AttributeValue.OfNS v -> "NS";
            case AttributeValue.OfBS v -> "BS";
            case AttributeValue.OfM v -> "M";
            case AttributeValue.OfL v -> "L";
            case AttributeValue.OfNULL v -> "NULL";
            case AttributeValue.OfBOOL v -> "BOOL";
            case AttributeValue.None v -> "";
            case AttributeValue.Several v -> "";
        };
    }

    /// The order of two values of one type, or null when they have none.
    public static @Nullable Integer compare(AttributeValue a, AttributeValue b) {
        return switch (a) {
            case AttributeValue.OfS(String x) when b instanceof AttributeValue.OfS(String y) ->
                    Arrays.compareUnsigned(
                            x.getBytes(StandardCharsets.UTF_8), y.getBytes(StandardCharsets.UTF_8));
            case AttributeValue.OfN(String x) when b instanceof AttributeValue.OfN(String y) ->
                    new BigDecimal(x).compareTo(new BigDecimal(y));
            case AttributeValue.OfB(Blob x) when b instanceof AttributeValue.OfB(Blob y) ->
                    x.compareTo(y);
            default -> null;
        };
    }

    /// Whether two checked values are the same; sets have no order.
    public static boolean same(AttributeValue a, AttributeValue b) {
        return switch (a) {
            case AttributeValue.OfSS(var x) when b instanceof AttributeValue.OfSS(var y) ->
                    sameSet(x, y);
            case AttributeValue.OfNS(var x) when b instanceof AttributeValue.OfNS(var y) ->
                    sameSet(x, y);
            case AttributeValue.OfBS(var x) when b instanceof AttributeValue.OfBS(var y) ->
                    sameSet(x, y);
            case AttributeValue.OfL(var x) when b instanceof AttributeValue.OfL(var y) ->
                    sameList(x, y);
            case AttributeValue.OfM(var x) when b instanceof AttributeValue.OfM(var y) ->
                    sameMap(x, y);
            default -> a.equals(b);
        };
    }

    private static boolean sameSet(List<?> a, List<?> b) {
        return a.size() == b.size() && new HashSet<>(a).equals(new HashSet<>(b));
    }

    private static boolean sameList(List<AttributeValue> a, List<AttributeValue> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (int i = 0; i < a.size(); i++) {
            if (!same(a.get(i), b.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean sameMap(Map<String, AttributeValue> a, Map<String, AttributeValue> b) {
        if (a.size() != b.size()) {
            return false;
        }
        for (Map.Entry<String, AttributeValue> entry : a.entrySet()) {
            AttributeValue other = b.get(entry.getKey());
            if (other == null || !same(entry.getValue(), other)) {
                return false;
            }
        }
        return true;
    }

    /// The elements of a set, or null when the value is none.
    public static @Nullable Set<?> setOf(AttributeValue value) {
        Collection<?> elements =
                switch (value) {
                    case AttributeValue.OfSS(List<String> set) -> set;
                    case AttributeValue.OfNS(List<String> set) -> set;
                    case AttributeValue.OfBS(List<Blob> set) -> set;
                    default -> null;
                };
        return elements == null ? null : new HashSet<>(elements);
    }

    /// A value as messages show it: `{S:abc}`.
    public static String shown(AttributeValue value) {
        return "{" + type(value) + ":" + text(value) + "}";
    }

    private static String text(AttributeValue value) {
        for (int i = 0; i < value.schema().members().size(); i++) {
            Object member = value.member(i);
            if (member != null) {
                return member instanceof Blob blob ? blob.base64() : String.valueOf(member);
            }
        }
        return "";
    }
}
