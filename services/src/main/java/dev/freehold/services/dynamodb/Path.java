package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A document path: names, and indexes into lists.
record Path(List<Object> steps) {
    Path {
        steps = List.copyOf(steps);
    }

    String first() {
        return (String) steps.getFirst();
    }

    @Nullable AttributeValue find(Map<String, AttributeValue> item) {
        AttributeValue current = item.get(first());
        for (Object step : steps.subList(1, steps.size())) {
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

    /// Whether one leads through the other.
    boolean overlaps(Path other) {
        int common = Math.min(steps.size(), other.steps.size());
        return steps.subList(0, common).equals(other.steps.subList(0, common));
    }

    /// Sets (or, with null, removes) what the path leads to.
    ///
    /// @throws dev.freehold.protocol.CommonError when it leads through what isn't there
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

    private static dev.freehold.protocol.CommonError noSuchPath() {
        return Values.invalid(
                "The document path provided in the update expression is invalid for update");
    }

    private AttributeValue changed(
            @Nullable AttributeValue at, int depth, @Nullable AttributeValue value) {
        if (depth == steps.size()) {
            throw new IllegalStateException();
        }
        boolean last = depth == steps.size() - 1;
        Object step = steps.get(depth);
        if (step instanceof String name && at instanceof AttributeValue.OfM(var map)) {
            Map<String, AttributeValue> copy = new LinkedHashMap<>(map);
            if (!last) {
                copy.put(name, changed(map.get(name), depth + 1, value));
            } else if (value == null) {
                copy.remove(name);
            } else {
                copy.put(name, value);
            }
            return new AttributeValue.OfM(copy);
        }
        if (step instanceof Integer index && at instanceof AttributeValue.OfL(var list)) {
            List<AttributeValue> copy = new ArrayList<>(list);
            if (!last) {
                if (index >= list.size()) {
                    throw noSuchPath();
                }
                copy.set(index, changed(list.get(index), depth + 1, value));
            } else if (value == null) {
                if (index < copy.size()) {
                    copy.remove((int) index);
                }
            } else if (index < copy.size()) {
                copy.set(index, value);
            } else {
                copy.add(value);
            }
            return new AttributeValue.OfL(copy);
        }
        throw noSuchPath();
    }
}
