package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import dev.freehold.protocol.CommonError;
import dev.freehold.services.dynamodb.value.Values;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A document path: names, and indexes into lists.
///
/// @param steps a `String` for a name, an `Integer` for an index; the first is a name
public record Path(List<Object> steps) {
    public Path {
        steps = List.copyOf(steps);
    }

    /// The path of an attribute.
    public static Path of(String attribute) {
        return new Path(List.of(attribute));
    }

    /// The attribute that it begins with.
    public String first() {
        return (String) steps.getFirst();
    }

    /// Whether it leads into an attribute.
    public boolean isNested() {
        return steps.size() > 1;
    }

    /// What it leads to, or null.
    public @Nullable AttributeValue find(Map<String, AttributeValue> item) {
        AttributeValue current = item.get(first());
        for (int i = 1; i < steps.size() && current != null; i++) {
            Object step = steps.get(i);
            if (step instanceof String name && current instanceof AttributeValue.OfM(var map)) {
                current = map.get(name);
            } else if (step instanceof Integer index
                    && current instanceof AttributeValue.OfL(var list)
                    && index < list.size()) {
                current = list.get(index);
            } else {
                return null;
            }
        }
        return current;
    }

    /// True when one leads through the other; false when they disagree about what is a list and
    /// what is a map; null when neither.
    @Nullable Boolean overlaps(Path other) {
        int common = Math.min(steps.size(), other.steps.size());
        for (int i = 0; i < common; i++) {
            Object mine = steps.get(i);
            Object others = other.steps.get(i);
            if (mine.getClass() != others.getClass()) {
                return false;
            }
            if (!mine.equals(others)) {
                return null;
            }
        }
        return true;
    }

    /// Sets (or, with null, removes) what the path leads to.
    ///
    /// @throws CommonError when it leads through what isn't there
    void set(Map<String, AttributeValue> item, @Nullable AttributeValue value) {
        if (steps.size() == 1) {
            if (value == null) {
                item.remove(first());
            } else {
                item.put(first(), value);
            }
            return;
        }
        AttributeValue root = item.get(first());
        if (root == null) {
            throw noSuchPath();
        }
        item.put(first(), changed(root, 1, value));
    }

    private static CommonError noSuchPath() {
        return Values.invalid(
                "The document path provided in the update expression is invalid for update");
    }

    private AttributeValue changed(
            @Nullable AttributeValue at, int depth, @Nullable AttributeValue value) {
        Object step = steps.get(depth);
        if (step instanceof String name && at instanceof AttributeValue.OfM(var map)) {
            return new AttributeValue.OfM(inMap(map, name, depth, value));
        }
        if (step instanceof Integer index && at instanceof AttributeValue.OfL(var list)) {
            return new AttributeValue.OfL(inList(list, index, depth, value));
        }
        throw noSuchPath();
    }

    private Map<String, AttributeValue> inMap(
            Map<String, AttributeValue> map,
            String name,
            int depth,
            @Nullable AttributeValue value) {
        Map<String, AttributeValue> copy = new LinkedHashMap<>(map);
        if (depth < steps.size() - 1) {
            copy.put(name, changed(map.get(name), depth + 1, value));
        } else if (value == null) {
            copy.remove(name);
        } else {
            copy.put(name, value);
        }
        return copy;
    }

    private List<AttributeValue> inList(
            List<AttributeValue> list, int index, int depth, @Nullable AttributeValue value) {
        List<AttributeValue> copy = new ArrayList<>(list);
        boolean there = index < list.size();
        if (depth < steps.size() - 1) {
            if (!there) {
                throw noSuchPath();
            }
            copy.set(index, changed(list.get(index), depth + 1, value));
        } else if (value == null) {
            if (there) {
                copy.remove(index);
            }
        } else if (there) {
            copy.set(index, value);
        } else {
            copy.add(value);
        }
        return copy;
    }

    /// As messages show it: `[a, [1], b]`.
    @Override
    public String toString() {
        return steps.stream()
                .map(step -> step instanceof Integer ? "[" + step + "]" : step.toString())
                .collect(Collectors.joining(", ", "[", "]"));
    }
}
