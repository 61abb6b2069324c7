package dev.freehold.services.dynamodb.value;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.Blob;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Checks values as they come from a client. What it returns has all numbers in their plain form,
/// which the rest of the service relies on.
public final class ValueChecks {
    private static final int MAX_DEPTH = 32;
    private static final int MAX_NAME = 65_535;

    private ValueChecks() {}

    /// The item, checked.
    ///
    /// @throws dev.freehold.protocol.CommonError when something in it is no value
    public static Map<String, AttributeValue> item(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> out = LinkedHashMap.newLinkedHashMap(item.size());
        item.forEach((name, value) -> {
            if (name.isEmpty()) {
                throw Values.invalidParameter("Empty attribute name");
            }
            if (name.length() > MAX_NAME) {
                throw Values.invalidParameter(
                        "Attribute name is too large, must be less than 65536 bytes");
            }
            out.put(name, value(value, 1));
        });
        return out;
    }

    /// The value, checked.
    public static AttributeValue value(AttributeValue value) {
        return value(value, 1);
    }

    private static AttributeValue value(AttributeValue value, int depth) {
        return switch (value) {
            case AttributeValue.OfS s -> s;
            case AttributeValue.OfN n -> number(n);
            case AttributeValue.OfB b -> b;
            case AttributeValue.OfBOOL b -> b;
            case AttributeValue.OfNULL(Boolean flag) -> {
                if (!flag) {
                    throw Values.invalidParameter(
                            "Null attribute value types must have the value of true");
                }
                yield value;
            }
            case AttributeValue.OfSS(List<String> set) -> {
                strings(set);
                yield value;
            }
            case AttributeValue.OfNS(List<String> set) -> numbers(set);
            case AttributeValue.OfBS(List<Blob> set) -> {
                binaries(set);
                yield value;
            }
            case AttributeValue.OfL(List<AttributeValue> list) -> {
                checkDepth(depth);
                List<AttributeValue> out = new ArrayList<>(list.size());
                for (AttributeValue element : list) {
                    out.add(value(element, depth + 1));
                }
                yield new AttributeValue.OfL(out);
            }
            case AttributeValue.OfM(Map<String, AttributeValue> map) -> {
                checkDepth(depth);
                Map<String, AttributeValue> out = LinkedHashMap.newLinkedHashMap(map.size());
                map.forEach((name, v) -> out.put(name, value(v, depth + 1)));
                yield new AttributeValue.OfM(out);
            }
            case AttributeValue.None none ->
                    throw Values.invalid(
                            "Supplied AttributeValue is empty, must contain exactly one of the"
                                    + " supported datatypes");
            case AttributeValue.Several(List<AttributeValue> all) -> {
                all.forEach(one -> value(one, depth));
                throw Values.invalid(
                        "Supplied AttributeValue has more than one datatypes set, must contain"
                                + " exactly one of the supported datatypes");
            }
        };
    }

    private static AttributeValue number(AttributeValue.OfN value) {
        String plain = Numbers.plain(value.value());
        return plain.equals(value.value()) ? value : new AttributeValue.OfN(plain);
    }

    /// AWS: the innermost value may stand 32 deep, so that a container may stand 31 deep.
    private static void checkDepth(int depth) {
        if (depth > MAX_DEPTH) {
            throw Values.invalid("Nesting Levels have exceeded supported limits");
        }
    }

    private static void strings(List<String> set) {
        if (set.isEmpty()) {
            throw Values.invalidParameter("An string set  may not be empty");
        }
        if (new HashSet<>(set).size() != set.size()) {
            throw Values.invalidParameter("Input collection " + set + " contains duplicates.");
        }
    }

    private static AttributeValue numbers(List<String> set) {
        if (set.isEmpty()) {
            throw Values.invalidParameter("An number set  may not be empty");
        }
        List<String> plain = new ArrayList<>(set.size());
        for (String number : set) {
            plain.add(Numbers.plain(number));
        }
        if (new HashSet<>(plain).size() != plain.size()) {
            throw Values.invalid("Input collection contains duplicates");
        }
        return new AttributeValue.OfNS(plain);
    }

    private static void binaries(List<Blob> set) {
        if (set.isEmpty()) {
            throw Values.invalidParameter("Binary sets should not be empty");
        }
        if (new HashSet<>(set).size() != set.size()) {
            List<String> shown = set.stream().map(Blob::base64).toList();
            throw Values.invalidParameter(
                    "Input collection " + shown + "of type BS contains duplicates.");
        }
    }
}
