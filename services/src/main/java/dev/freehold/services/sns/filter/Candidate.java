package dev.freehold.services.sns.filter;

import dev.freehold.services.json.Json;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A message as filter policies see it: the values at each path. A name with dots is a path, too.
public final class Candidate {
    private final Map<String, List<@Nullable Object>> values = new HashMap<>();

    /// A message with no values, which only policies want that want nothing to exist.
    public Candidate() {}

    /// A message by its body; a body that is no JSON object has no values, and null is answered.
    public static @Nullable Candidate ofBody(String body) {
        try {
            Candidate candidate = new Candidate();
            candidate.flatten(List.of(), Json.readObject(body));
            return candidate;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// Adds a message attribute. Binary ones can't be filtered by.
    ///
    /// @param type such as `String.Array`
    public Candidate attribute(String name, String type, String value) {
        List<String> path = List.of(name);
        switch (type) {
            case "String.Array" -> array(path, value);
            case "Number" -> add(path, new BigDecimal(value));
            default -> {
                if (type.startsWith("String")) {
                    add(path, value);
                }
            }
        }
        return this;
    }

    private void array(List<String> path, String value) {
        try {
            Object elements = Json.read(value);
            if (elements instanceof List<?> list) {
                list.forEach(element -> add(path, element));
            } else {
                add(path, elements);
            }
        } catch (IllegalArgumentException e) {
            add(path, value);
        }
    }

    private void flatten(List<String> path, @Nullable Object value) {
        switch (value) {
            case Map<?, ?> members ->
                    members.forEach((name, member) -> {
                        List<String> below = new ArrayList<>(path);
                        below.add(String.valueOf(name));
                        flatten(below, member);
                    });
            case List<?> elements -> elements.forEach(element -> flatten(path, element));
            case null, default -> add(path, value);
        }
    }

    private void add(List<String> path, @Nullable Object value) {
        Object plain = value instanceof Number number ? new BigDecimal(number.toString()) : value;
        values.computeIfAbsent(String.join(".", path), _ -> new ArrayList<>()).add(plain);
    }

    List<@Nullable Object> values(List<String> path) {
        return values.getOrDefault(String.join(".", path), List.of());
    }
}
