package dev.freehold.protocol.rest;

import dev.freehold.protocol.QueryParameter;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The pattern of a REST operation's path: literal segments, `{Label}`s, one greedy `{Label+}`, and
/// literal query parameters.
final class PathPattern {
    private final List<String> segments = new ArrayList<>();
    private final List<QueryParameter> literals;
    private final int literalSegments;

    PathPattern(String uri) {
        int mark = uri.indexOf('?');
        String path = mark < 0 ? uri : uri.substring(0, mark);
        for (String segment : trimmed(path).split("/", -1)) {
            segments.add(segment);
        }
        this.literals =
                QueryParameter.parse(mark < 0 ? "" : uri.substring(mark + 1)).stream()
                        .filter(parameter -> !parameter.name().equals("x-id"))
                        .toList();
        this.literalSegments = (int) segments.stream().filter(s -> !s.startsWith("{")).count();
    }

    /// Without the first slash, and without a last one.
    private static String trimmed(String path) {
        String rest = path.startsWith("/") ? path.substring(1) : path;
        return rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
    }

    List<QueryParameter> literals() {
        return literals;
    }

    /// How many of its segments are literal: more is more specific.
    int literalSegments() {
        return literalSegments;
    }

    /// The labels of a raw path, decoded, or null when it does not match.
    @Nullable Map<String, String> match(String rawPath) {
        String first = segments.getFirst();
        if (!first.startsWith("{") && !rawPath.startsWith(first, rawPath.startsWith("/") ? 1 : 0)) {
            return null;
        }
        String path = rawPath.startsWith("/") ? rawPath.substring(1) : rawPath;
        Map<String, String> labels = new LinkedHashMap<>();
        int at = 0;
        for (int i = 0; i < segments.size(); i++) {
            String segment = segments.get(i);
            if (at > path.length()) {
                return null;
            }
            int end = segment.endsWith("+}") ? greedyEnd(path, i) : slashOrEnd(path, at);
            if (end < at) {
                return null;
            }
            String part = path.substring(at, end);
            if (!take(segment, part, labels)) {
                return null;
            }
            at = end + 1;
        }
        boolean all = at >= path.length() || (at == path.length() && path.endsWith("/"));
        return all ? labels : null;
    }

    private static int slashOrEnd(String path, int from) {
        int slash = path.indexOf('/', from);
        return slash < 0 ? path.length() : slash;
    }

    /// Where a greedy label ends: before the literals that follow it.
    private int greedyEnd(String path, int index) {
        if (index == segments.size() - 1) {
            return path.length();
        }
        String rest = "/" + String.join("/", segments.subList(index + 1, segments.size()));
        return path.endsWith(rest) ? path.length() - rest.length() : -1;
    }

    private static boolean take(String segment, String part, Map<String, String> labels) {
        if (!segment.startsWith("{")) {
            return segment.equals(part);
        }
        if (part.isEmpty()) {
            return false;
        }
        String name = segment.substring(1, segment.length() - (segment.endsWith("+}") ? 2 : 1));
        labels.put(name, decode(part));
        return true;
    }

    /// A path's `+` is a plus.
    private static String decode(String part) {
        try {
            return URLDecoder.decode(part.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return part;
        }
    }
}
