package dev.freehold.protocol.query;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Member.TimestampFormat;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.protocol.Timestamps;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/// Reads a form's parameters, whose names are paths such as `Tags.member.1.Key`, to values of
/// schemas.
final class FormReader {
    /// The most elements of a list and the deepest nesting; more is no API's.
    private static final int MAX_ELEMENTS = 10_000;

    private static final int MAX_DEPTH = 32;

    private final NavigableMap<String, String> parameters;

    FormReader(NavigableMap<String, String> parameters) {
        this.parameters = parameters;
    }

    void members(String prefix, Schema schema, StructureBuilder builder, int depth) {
        if (depth > MAX_DEPTH) {
            throw malformed(prefix);
        }
        for (Member member : schema.members()) {
            String name = member.queryName() == null ? member.wireName() : member.queryName();
            Object value = value(prefix.isEmpty() ? name : prefix + "." + name, member, depth);
            if (value != null) {
                builder.set(member.index(), value);
            }
        }
    }

    private @Nullable Object value(String path, Member member, int depth) {
        Schema schema = member.target();
        return switch (schema.type()) {
            case STRUCTURE, UNION -> {
                if (!below(path)) {
                    yield null;
                }
                StructureBuilder builder = schema.newBuilder();
                members(path, schema, builder, depth + 1);
                yield builder.build();
            }
            case LIST -> list(path, member, depth);
            case MAP -> map(path, member, depth);
            default -> {
                String text = parameters.get(path);
                yield text == null ? null : simple(path, text, member);
            }
        };
    }

    /// Whether a parameter's name goes on after that path.
    private boolean below(String path) {
        String next = parameters.ceilingKey(path + ".");
        return next != null && next.startsWith(path + ".");
    }

    private boolean at(String path) {
        return parameters.containsKey(path) || below(path);
    }

    private @Nullable List<Object> list(String path, Member member, int depth) {
        Member element = member.target().element();
        String base = base(path, elementName(element), member.flattened());
        if (base == null) {
            return "".equals(parameters.get(path)) ? List.of() : null;
        }
        List<Object> elements = new ArrayList<>();
        for (int i = 1; at(base + "." + i); i++) {
            Object value = value(base + "." + i, element, depth + 1);
            if (value != null) {
                elements.add(value);
            }
            if (i > MAX_ELEMENTS) {
                throw malformed(path);
            }
        }
        return elements;
    }

    private static String elementName(Member element) {
        return element.wireName();
    }

    /// Where the numbers follow: some clients flatten what the model does not, and the reverse.
    private @Nullable String base(String path, String element, boolean flattened) {
        String wrapped = path + "." + element;
        if (flattened) {
            return at(path + ".1") ? path : at(wrapped + ".1") ? wrapped : null;
        }
        if (at(wrapped + ".1")) {
            return wrapped;
        }
        if (at(path + ".member.1")) {
            return path + ".member";
        }
        return at(path + ".1") ? path : null;
    }

    private @Nullable Map<String, Object> map(String path, Member member, int depth) {
        Schema schema = member.target();
        String base = base(path, "entry", member.flattened());
        if (base == null && member.flattened() && path.endsWith("s")) {
            // SQS's older clients name the element, its model of today the map: Tag, Tags.
            base = base(path.substring(0, path.length() - 1), "entry", true);
        }
        if (base == null) {
            return "".equals(parameters.get(path)) ? Map.of() : null;
        }
        Map<String, Object> entries = new LinkedHashMap<>();
        for (int i = 1; at(base + "." + i); i++) {
            String entry = base + "." + i + ".";
            String key = parameters.get(entry + name(schema.key()));
            Object value = value(entry + name(schema.value()), schema.value(), depth + 1);
            if (key == null || value == null || i > MAX_ELEMENTS) {
                throw malformed(path);
            }
            entries.put(key, value);
        }
        return entries;
    }

    private static String name(Member member) {
        return member.queryName() == null ? member.wireName() : member.queryName();
    }

    private static Object simple(String path, String text, Member member) {
        try {
            return switch (member.target().type()) {
                case STRING -> text;
                case BOOLEAN -> bool(path, text);
                case BYTE -> Byte.valueOf(text);
                case SHORT -> Short.valueOf(text);
                case INTEGER -> Integer.valueOf(text);
                case LONG -> Long.valueOf(text);
                case FLOAT -> Float.valueOf(text);
                case DOUBLE -> Double.valueOf(text);
                case BLOB -> Blob.ofBase64(text);
                case TIMESTAMP -> {
                    TimestampFormat format = member.timestampFormat();
                    Object time =
                            Timestamps.parseLeniently(
                                    text, format == null ? TimestampFormat.DATE_TIME : format);
                    if (time == null) {
                        throw malformed(path);
                    }
                    yield time;
                }
                default -> throw malformed(path);
            };
        } catch (IllegalArgumentException e) {
            throw malformed(path);
        }
    }

    private static boolean bool(String path, String text) {
        return switch (text.toLowerCase(java.util.Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw malformed(path);
        };
    }

    private static CommonError malformed(String path) {
        return new CommonError("MalformedInput", 400, "The value of " + path + " can't be read");
    }
}
