package dev.freehold.services.apigateway;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A route's key: `GET /pets/{id}`, `ANY /{proxy+}` or `$default`.
///
/// See <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html>.
///
/// @param text as written
/// @param method the method, or `ANY`; empty for `$default`
/// @param segments the path's segments; empty for `$default`
public record RouteKey(String text, String method, List<String> segments) {
    /// The key of the route that takes what no other does.
    public static final String DEFAULT = "$default";

    private static final Set<String> METHODS =
            Set.of("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT");

    public RouteKey {
        segments = List.copyOf(segments);
    }

    /// The key that a text spells, or null when it spells none.
    public static @Nullable RouteKey parse(String text) {
        if (text.equals(DEFAULT)) {
            return new RouteKey(text, "", List.of());
        }
        String[] parts = text.split(" ", -1);
        if (parts.length != 2 || !METHODS.contains(parts[0]) || !parts[1].startsWith("/")) {
            return null;
        }
        List<String> segments = segments(parts[1]);
        for (int i = 0; i < segments.size(); i++) {
            if (!valid(segments.get(i), i == segments.size() - 1)) {
                return null;
            }
        }
        return new RouteKey(text, parts[0], segments);
    }

    /// A segment is text, `{name}`, or, as the last one, `{name+}`.
    private static boolean valid(String segment, boolean last) {
        boolean variable = segment.startsWith("{") && segment.endsWith("}");
        if (!variable) {
            return segment.indexOf('{') < 0 && segment.indexOf('}') < 0;
        }
        String name = segment.substring(1, segment.length() - 1);
        boolean greedy = name.endsWith("+");
        String plain = greedy ? name.substring(0, name.length() - 1) : name;
        return (last || !greedy) && plain.matches("[a-zA-Z0-9._:-]+");
    }

    static List<String> segments(String path) {
        List<String> segments = new ArrayList<>(List.of(path.split("/", -1)));
        segments.removeFirst();
        if (!segments.isEmpty() && segments.getLast().isEmpty()) {
            segments.removeLast();
        }
        return segments;
    }

    boolean isDefault() {
        return method.isEmpty();
    }

    /// The path variables of a request that this key takes, or null when it does not take it.
    ///
    /// @param path the decoded segments of the request's path
    @Nullable Map<String, String> match(String requestMethod, List<String> path) {
        if (isDefault()) {
            return Map.of();
        }
        if (!method.equals("ANY") && !method.equals(requestMethod)) {
            return null;
        }
        Map<String, String> variables = new LinkedHashMap<>();
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (segment.endsWith("+}") && i < path.size()) {
                String rest = String.join("/", path.subList(i, path.size()));
                variables.put(segment.substring(1, segment.length() - 2), rest);
                return variables;
            }
            if (i >= path.size()) {
                return null;
            }
            if (segment.startsWith("{")) {
                variables.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return null;
            }
        }
        return path.size() == segments.size() ? variables : null;
    }

    /// Whether this key is to be preferred over another that takes the same request: text before a
    /// variable before the rest of the path, segment by segment; then a method before `ANY`.
    boolean precedes(RouteKey other) {
        if (isDefault() != other.isDefault()) {
            return other.isDefault();
        }
        int common = Math.min(segments.size(), other.segments.size());
        for (int i = 0; i < common; i++) {
            int difference = rank(segments.get(i)) - rank(other.segments.get(i));
            if (difference != 0) {
                return difference < 0;
            }
        }
        return !method.equals("ANY") && other.method.equals("ANY");
    }

    private static int rank(String segment) {
        if (!segment.startsWith("{")) {
            return 0;
        }
        return segment.endsWith("+}") ? 2 : 1;
    }
}
