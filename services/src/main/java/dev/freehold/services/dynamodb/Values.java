package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Attribute values: what is a value, how large it is, which is less.
final class Values {
    static final int MAX_ITEM = 400 * 1024;
    private static final int MAX_DEPTH = 32;
    private static final BigDecimal LARGEST =
            new BigDecimal("9.9999999999999999999999999999999999999E+125");
    private static final BigDecimal SMALLEST = new BigDecimal("1E-130");

    private Values() {}

    static CommonError invalid(String message) {
        return new CommonError("ValidationException", 400, message);
    }

    /// The name of a value's type, as expressions write it.
    static String type(AttributeValue value) {
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
            default -> "";
        };
    }

    /// The item with all numbers in their plain form.
    ///
    /// @throws CommonError when something in it is no value
    static Map<String, AttributeValue> checked(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> out = new LinkedHashMap<>();
        item.forEach((name, value) -> out.put(name, checked(value, 1)));
        return out;
    }

    static AttributeValue checked(AttributeValue value, int depth) {
        if (depth > MAX_DEPTH) {
            throw invalid("Nesting Levels have exceeded supported limits");
        }
        return switch (value) {
            case AttributeValue.None() ->
                    throw invalid(
                            "Supplied AttributeValue is empty, must contain exactly one of the supported"
                                    + " datatypes");
            case AttributeValue.Several() ->
                    throw invalid(
                            "Supplied AttributeValue has more than one datatypes set, must contain exactly"
                                    + " one of the supported datatypes");
            case AttributeValue.OfN(String text) -> new AttributeValue.OfN(number(text));
            case AttributeValue.OfNULL(Boolean flag) when !flag ->
                    throw invalid(
                            "One or more parameter values were invalid: Null attribute value types must"
                                    + " have the value of true");
            case AttributeValue.OfSS(List<String> set) ->
                    new AttributeValue.OfSS(set(set, "string"));
            case AttributeValue.OfNS(List<String> set) ->
                    new AttributeValue.OfNS(
                            set(set.stream().map(Values::number).toList(), "number"));
            case AttributeValue.OfBS(List<Blob> set) -> new AttributeValue.OfBS(set(set, "binary"));
            case AttributeValue.OfL(List<AttributeValue> list) ->
                    new AttributeValue.OfL(list.stream().map(v -> checked(v, depth + 1)).toList());
            case AttributeValue.OfM(Map<String, AttributeValue> map) -> {
                Map<String, AttributeValue> out = new LinkedHashMap<>();
                map.forEach((name, v) -> out.put(name, checked(v, depth + 1)));
                yield new AttributeValue.OfM(out);
            }
            default -> value;
        };
    }

    private static <T> List<T> set(List<T> elements, String kind) {
        if (elements.isEmpty()) {
            throw invalid(
                    "One or more parameter values were invalid: An "
                            + kind
                            + " set  may not be empty");
        }
        if (new HashSet<>(elements).size() != elements.size()) {
            throw invalid(
                    "One or more parameter values were invalid: Input collection "
                            + elements
                            + " contains duplicates.");
        }
        return elements;
    }

    /// A number's plain form: 38 digits at most, within DynamoDB's range.
    static String number(String text) {
        BigDecimal number;
        try {
            number = new BigDecimal(text.strip());
        } catch (NumberFormatException e) {
            throw invalid(
                    text.isEmpty()
                            ? "The parameter cannot be converted to a numeric value"
                            : "The parameter cannot be converted to a numeric value: " + text);
        }
        return plain(number);
    }

    static String plain(BigDecimal number) {
        if (number.signum() == 0) {
            return "0";
        }
        BigDecimal stripped = number.stripTrailingZeros();
        if (stripped.precision() > 38) {
            throw invalid("Attempting to store more than 38 significant digits in a Number");
        }
        if (stripped.abs().compareTo(LARGEST) > 0) {
            throw invalid(
                    "Number overflow. Attempting to store a number with magnitude larger than supported"
                            + " range");
        }
        if (stripped.abs().compareTo(SMALLEST) < 0) {
            throw invalid(
                    "Number underflow. Attempting to store a number with magnitude smaller than supported"
                            + " range");
        }
        return stripped.toPlainString();
    }

    static BigDecimal sum(String a, String b, boolean minus) {
        BigDecimal other = new BigDecimal(b);
        return new BigDecimal(a).add(minus ? other.negate() : other, new MathContext(39));
    }

    static int size(Map<String, AttributeValue> item) {
        int size = 0;
        for (Map.Entry<String, AttributeValue> entry : item.entrySet()) {
            size += utf8(entry.getKey()) + size(entry.getValue());
        }
        return size;
    }

    private static int utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    static int size(AttributeValue value) {
        return switch (value) {
            case AttributeValue.OfS(String text) -> utf8(text);
            case AttributeValue.OfN(String number) -> numberSize(number);
            case AttributeValue.OfB(Blob blob) -> blob.length();
            case AttributeValue.OfSS(List<String> set) -> set.stream().mapToInt(Values::utf8).sum();
            case AttributeValue.OfNS(List<String> set) ->
                    set.stream().mapToInt(Values::numberSize).sum();
            case AttributeValue.OfBS(List<Blob> set) -> set.stream().mapToInt(Blob::length).sum();
            case AttributeValue.OfL(List<AttributeValue> list) ->
                    3 + list.stream().mapToInt(v -> 1 + size(v)).sum();
            case AttributeValue.OfM(Map<String, AttributeValue> map) -> 3 + map.size() + size(map);
            default -> 1;
        };
    }

    private static int numberSize(String number) {
        return new BigDecimal(number).precision() / 2 + 2;
    }

    /// The order of two values of one type, or null when they have none.
    static @Nullable Integer compare(AttributeValue a, AttributeValue b) {
        if (a instanceof AttributeValue.OfS(String x)
                && b instanceof AttributeValue.OfS(String y)) {
            return java.util.Arrays.compareUnsigned(
                    x.getBytes(StandardCharsets.UTF_8), y.getBytes(StandardCharsets.UTF_8));
        }
        if (a instanceof AttributeValue.OfN(String x)
                && b instanceof AttributeValue.OfN(String y)) {
            return new BigDecimal(x).compareTo(new BigDecimal(y));
        }
        if (a instanceof AttributeValue.OfB(Blob x) && b instanceof AttributeValue.OfB(Blob y)) {
            return x.compareTo(y);
        }
        return null;
    }

    /// Whether two values are the same; sets have no order.
    static boolean same(AttributeValue a, AttributeValue b) {
        Set<?> left = setOf(a);
        Set<?> right = setOf(b);
        if (left != null && right != null && a.getClass() == b.getClass()) {
            return left.equals(right);
        }
        Integer order = compare(a, b);
        return order == null ? a.equals(b) : order == 0;
    }

    static @Nullable Set<?> setOf(AttributeValue value) {
        Collection<?> elements =
                switch (value) {
                    case AttributeValue.OfSS(List<String> set) -> set;
                    case AttributeValue.OfNS(List<String> set) -> set;
                    case AttributeValue.OfBS(List<Blob> set) -> set;
                    default -> null;
                };
        return elements == null ? null : new HashSet<>(elements);
    }
}
