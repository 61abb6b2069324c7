package dev.freehold.protocol;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a model demands of a value: length (of strings, blobs, lists, maps) or range (of numbers),
/// a pattern, an enumeration.
///
/// @param min the least length or number, or null
/// @param max the greatest length or number, or null
/// @param pattern what the whole string must match, or null
/// @param values the enumeration in model order, or empty
public record Constraints(
        @Nullable Number min,
        @Nullable Number max,
        @Nullable Pattern pattern,
        List<String> values) {
    /// No demands.
    public static final Constraints NONE = new Constraints(null, null, null, List.of());

    public Constraints {
        values = List.copyOf(values);
    }
}
