package dev.freehold.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// HTTP headers: names without case, each with its values in order. Immutable.
public final class Headers {
    public static final Headers EMPTY = new Headers(new TreeMap<>());

    private final Map<String, List<String>> values;

    private Headers(Map<String, List<String>> values) {
        this.values = values;
    }

    public static Builder builder() {
        return new Builder();
    }

    /// The first value of that name, or null.
    public @Nullable String first(String name) {
        List<String> all = values.get(lower(name));
        return all == null ? null : all.getFirst();
    }

    /// All values of that name, in order.
    public List<String> all(String name) {
        return values.getOrDefault(lower(name), List.of());
    }

    public boolean contains(String name) {
        return values.containsKey(lower(name));
    }

    /// The names, lower case and in order.
    public Iterable<String> names() {
        return values.keySet();
    }

    /// Calls `action` with each name (lower case) and value.
    public void forEach(BiConsumer<String, String> action) {
        values.forEach((name, all) -> all.forEach(value -> action.accept(name, value)));
    }

    /// A builder that holds these headers.
    public Builder toBuilder() {
        Builder builder = new Builder();
        forEach(builder::add);
        return builder;
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
        return values.keySet().toString();
    }

    /// Collects headers.
    public static final class Builder {
        private final Map<String, List<String>> values = new TreeMap<>();

        /// Adds a value beside those that are there.
        public Builder add(String name, String value) {
            values.computeIfAbsent(lower(name), _ -> new ArrayList<>(1)).add(value);
            return this;
        }

        /// Sets the only value.
        public Builder set(String name, String value) {
            List<String> one = new ArrayList<>(1);
            one.add(value);
            values.put(lower(name), one);
            return this;
        }

        public boolean contains(String name) {
            return values.containsKey(lower(name));
        }

        public Builder remove(String name) {
            values.remove(lower(name));
            return this;
        }

        public Headers build() {
            return new Headers(new TreeMap<>(values));
        }
    }
}
