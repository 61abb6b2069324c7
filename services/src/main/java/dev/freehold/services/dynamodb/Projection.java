package dev.freehold.services.dynamodb;

import dev.freehold.api.dynamodb.AttributeValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parts of items that an answer shows.
final class Projection {
    private Projection() {}

    /// What the paths lead to, in its place; the whole item when there are none.
    static Map<String, AttributeValue> of(
            Map<String, AttributeValue> item, @Nullable List<Path> paths) {
        if (paths == null) {
            return item;
        }
        Map<String, AttributeValue> shown = new LinkedHashMap<>();
        for (Path path : paths) {
            AttributeValue value = path.find(item);
            if (value != null) {
                put(shown, path.steps(), value);
            }
        }
        return shown;
    }

    private static void put(
            Map<String, AttributeValue> shown, List<Object> steps, AttributeValue value) {
        String name = (String) steps.getFirst();
        shown.put(name, merged(shown.get(name), steps.subList(1, steps.size()), value));
    }

    private static AttributeValue merged(
            @Nullable AttributeValue there, List<Object> steps, AttributeValue value) {
        if (steps.isEmpty()) {
            return value;
        }
        if (steps.getFirst() instanceof String) {
            Map<String, AttributeValue> map =
                    new LinkedHashMap<>(there instanceof AttributeValue.OfM(var m) ? m : Map.of());
            put(map, steps, value);
            return new AttributeValue.OfM(map);
        }
        List<AttributeValue> list =
                new ArrayList<>(there instanceof AttributeValue.OfL(var l) ? l : List.of());
        list.add(merged(null, steps.subList(1, steps.size()), value));
        return new AttributeValue.OfL(list);
    }

    /// What an update returns.
    static @Nullable Map<String, AttributeValue> returned(
            @Nullable String wanted,
            @Nullable Map<String, AttributeValue> before,
            @Nullable Map<String, AttributeValue> after,
            List<Update.Action> actions) {
        List<Path> paths = actions.stream().map(Update.Action::path).toList();
        return switch (wanted == null ? "NONE" : wanted) {
            case "ALL_OLD" -> before;
            case "ALL_NEW" -> after;
            case "UPDATED_OLD" -> before == null ? null : emptyToNull(of(before, paths));
            case "UPDATED_NEW" -> after == null ? null : emptyToNull(of(after, paths));
            default -> null;
        };
    }

    private static @Nullable Map<String, AttributeValue> emptyToNull(
            Map<String, AttributeValue> item) {
        return item.isEmpty() ? null : item;
    }
}
