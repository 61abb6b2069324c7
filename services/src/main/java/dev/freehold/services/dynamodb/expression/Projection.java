package dev.freehold.services.dynamodb.expression;

import dev.freehold.api.dynamodb.AttributeValue;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The parts of items that an answer shows: paths, as a tree.
public final class Projection {
    private final Map<String, Projection> names = new LinkedHashMap<>();
    private final Map<Integer, Projection> indexes = new TreeMap<>();
    private boolean whole;

    private Projection() {}

    /// What these paths lead to.
    public static Projection of(Collection<Path> paths) {
        Projection root = new Projection();
        for (Path path : paths) {
            Projection at = root;
            for (Object step : path.steps()) {
                at =
                        step instanceof Integer index
                                ? at.indexes.computeIfAbsent(index, i -> new Projection())
                                : at.names.computeIfAbsent((String) step, n -> new Projection());
            }
            at.whole = true;
        }
        return root;
    }

    /// The attributes of these names.
    public static Projection ofAttributes(Collection<String> attributes) {
        return of(attributes.stream().map(Path::of).toList());
    }

    /// The attributes that it shows, or parts of them.
    public Collection<String> attributes() {
        return names.keySet();
    }

    /// The item's parts that it shows, in their places; elements of lists close ranks.
    public Map<String, AttributeValue> apply(Map<String, AttributeValue> item) {
        Map<String, AttributeValue> shown = LinkedHashMap.newLinkedHashMap(names.size());
        for (Map.Entry<String, Projection> entry : names.entrySet()) {
            AttributeValue value = item.get(entry.getKey());
            AttributeValue part = value == null ? null : entry.getValue().part(value);
            if (part != null) {
                shown.put(entry.getKey(), part);
            }
        }
        return shown;
    }

    private @Nullable AttributeValue part(AttributeValue value) {
        if (whole) {
            return value;
        }
        if (value instanceof AttributeValue.OfM(var map)) {
            Map<String, AttributeValue> shown = apply(map);
            return shown.isEmpty() ? null : new AttributeValue.OfM(shown);
        }
        if (value instanceof AttributeValue.OfL(var list)) {
            List<AttributeValue> shown = new ArrayList<>();
            indexes.forEach((index, inner) -> {
                AttributeValue part = index < list.size() ? inner.part(list.get(index)) : null;
                if (part != null) {
                    shown.add(part);
                }
            });
            return shown.isEmpty() ? null : new AttributeValue.OfL(shown);
        }
        return null;
    }
}
