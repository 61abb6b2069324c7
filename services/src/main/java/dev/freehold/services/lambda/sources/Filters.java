package dev.freehold.services.lambda.sources;

import dev.freehold.api.lambda.Filter;
import dev.freehold.api.lambda.FilterCriteria;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.rules.Errors;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.event.ruler.RuleCompiler;
import software.amazon.event.ruler.Ruler;

/// The filters of a mapping: patterns of which one must match. None lets everything pass.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html>.
final class Filters {
    private final List<String> patterns;

    private Filters(List<String> patterns) {
        this.patterns = patterns;
    }

    /// @throws dev.freehold.protocol.ServiceError when a pattern is none
    static Filters of(@Nullable FilterCriteria criteria) {
        List<String> patterns = new ArrayList<>();
        if (criteria != null && criteria.filters() != null) {
            for (Filter filter : criteria.filters()) {
                if (filter.pattern() != null) {
                    check(filter.pattern());
                    patterns.add(filter.pattern());
                }
            }
        }
        return new Filters(patterns);
    }

    private static void check(String pattern) {
        try {
            if (Json.read(pattern) instanceof Map<?, ?> members) {
                if (!members.isEmpty()) {
                    RuleCompiler.compile(pattern);
                }
                return;
            }
        } catch (IllegalArgumentException | IOException e) {
            // refused below, like what is no object
        }
        throw Errors.invalid("Invalid filter pattern definition.");
    }

    boolean isEmpty() {
        return patterns.isEmpty();
    }

    /// Whether an event passes.
    ///
    /// @param event its members; those that patterns look into as JSON are texts of JSON
    /// @param parsed the names of those
    boolean matches(Map<String, @Nullable Object> event, List<String> parsed) {
        if (patterns.isEmpty()) {
            return true;
        }
        Map<String, @Nullable Object> seen = new LinkedHashMap<>(event);
        for (String name : parsed) {
            seen.computeIfPresent(name, (_, text) -> tree(String.valueOf(text)));
        }
        String json = Json.write(seen);
        return patterns.stream().anyMatch(pattern -> matches(json, pattern));
    }

    private static Object tree(String text) {
        try {
            Object value = Json.read(text);
            return value instanceof Map<?, ?> ? value : text;
        } catch (IllegalArgumentException e) {
            return text;
        }
    }

    private static boolean matches(String event, String pattern) {
        try {
            return pattern.strip().equals("{}") || Ruler.matchesRule(event, pattern);
        } catch (Exception e) {
            // AWS: an event that can't be looked into is dropped
            return false;
        }
    }
}
