package dev.freehold.protocol.rest;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Member.Location;
import dev.freehold.protocol.Member.TimestampFormat;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.QueryParameter;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.protocol.Timestamps;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a REST message carries outside its body.
final class Bindings {
    private Bindings() {}

    /// Reads labels, query parameters and headers into `builder`.
    static void read(Operation operation, Request request, StructureBuilder builder) {
        Map<String, String> labels =
                new PathPattern(operation.http().uri()).match(request.rawPath());
        List<QueryParameter> query = request.query();
        for (Member member : operation.input().members()) {
            Object value =
                    switch (member.location()) {
                        case LABEL -> label(member, labels);
                        case QUERY -> queryValue(member, query);
                        case QUERY_PARAMS -> all(member, query);
                        case HEADER -> header(member, request.headers());
                        case PREFIX_HEADERS -> prefixed(member, request.headers());
                        default -> null;
                    };
            if (value != null) {
                builder.set(member.index(), value);
            }
        }
    }

    private static @Nullable Object label(Member member, @Nullable Map<String, String> labels) {
        String text = labels == null ? null : labels.get(member.wireName());
        return text == null ? null : parse(text, member, TimestampFormat.DATE_TIME);
    }

    private static @Nullable Object queryValue(Member member, List<QueryParameter> query) {
        if (member.target().type() == Schema.Type.LIST) {
            Member element = member.target().element();
            List<Object> values = new ArrayList<>();
            for (QueryParameter parameter : query) {
                if (parameter.name().equals(member.wireName())) {
                    values.add(parse(parameter.value(), element, TimestampFormat.DATE_TIME));
                }
            }
            return values.isEmpty() ? null : List.copyOf(values);
        }
        String text = QueryParameter.first(query, member.wireName());
        return text == null ? null : parse(text, member, TimestampFormat.DATE_TIME);
    }

    private static @Nullable Object header(Member member, Headers headers) {
        List<String> texts = headers.all(member.wireName());
        if (texts.isEmpty()) {
            return null;
        }
        if (member.target().type() != Schema.Type.LIST) {
            return parse(texts.getFirst(), member, TimestampFormat.HTTP_DATE);
        }
        Member element = member.target().element();
        boolean dates =
                element.target().type() == Schema.Type.TIMESTAMP
                        && (element.timestampFormat() == null
                                || element.timestampFormat() == TimestampFormat.HTTP_DATE);
        List<Object> values = new ArrayList<>();
        for (String text : texts) {
            for (String part : HeaderLists.split(text, dates)) {
                values.add(parse(part, element, TimestampFormat.HTTP_DATE));
            }
        }
        return List.copyOf(values);
    }

    private static @Nullable Object prefixed(Member member, Headers headers) {
        Map<String, String> values = new LinkedHashMap<>();
        String prefix = member.wireName().toLowerCase(java.util.Locale.ROOT);
        for (String name : headers.names()) {
            if (name.startsWith(prefix)) {
                values.put(name.substring(prefix.length()), String.join(",", headers.all(name)));
            }
        }
        return values.isEmpty() ? null : values;
    }

    /// All parameters, those that other members bind too; null when there is none.
    private static @Nullable Map<String, Object> all(Member member, List<QueryParameter> query) {
        boolean lists = member.target().value().target().type() == Schema.Type.LIST;
        Map<String, List<String>> all = new LinkedHashMap<>();
        for (QueryParameter parameter : query) {
            all.computeIfAbsent(parameter.name(), _ -> new ArrayList<>()).add(parameter.value());
        }
        Map<String, Object> values = new LinkedHashMap<>();
        all.forEach((name, texts) -> values.put(name, lists ? texts : texts.getFirst()));
        return values.isEmpty() ? null : values;
    }

    /// The value that a text spells.
    ///
    /// @throws CommonError when it spells none
    private static Object parse(String text, Member member, TimestampFormat fallback) {
        try {
            return switch (member.target().type()) {
                case STRING -> member.jsonValue() ? unpacked(text) : text;
                case BOOLEAN -> bool(text);
                case BYTE -> Byte.valueOf(text);
                case SHORT -> Short.valueOf(text);
                case INTEGER -> Integer.valueOf(text);
                case LONG -> Long.valueOf(text);
                case FLOAT -> (float) floating(text);
                case DOUBLE -> floating(text);
                case BLOB -> Blob.ofBase64(text);
                case TIMESTAMP -> timestamp(text, member, fallback);
                default -> throw malformed(member, text);
            };
        } catch (IllegalArgumentException e) {
            throw malformed(member, text);
        }
    }

    private static String unpacked(String base64) {
        return Blob.ofBase64(base64).utf8();
    }

    private static boolean bool(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new IllegalArgumentException(text);
        };
    }

    private static double floating(String text) {
        return switch (text) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> {
                if (!text.matches("[-+0-9.eE]+")) {
                    throw new IllegalArgumentException(text);
                }
                yield Double.parseDouble(text);
            }
        };
    }

    private static Instant timestamp(String text, Member member, TimestampFormat fallback) {
        TimestampFormat format =
                member.timestampFormat() == null ? fallback : member.timestampFormat();
        Instant time = Timestamps.parse(text, format);
        if (time == null) {
            throw new IllegalArgumentException(text);
        }
        return time;
    }

    private static CommonError malformed(Member member, String text) {
        String shown = member.sensitive() ? "***" : text;
        return CommonError.serialization(
                "The value '"
                        + shown
                        + "' of "
                        + member.wireName()
                        + " can not be converted to "
                        + member.target().type().name().toLowerCase(java.util.Locale.ROOT));
    }

    /// Writes the members that travel in headers.
    static void write(Structure output, Headers.Builder headers) {
        for (Member member : output.schema().members()) {
            Object value = output.member(member.index());
            if (value == null) {
                continue;
            }
            if (member.location() == Location.HEADER) {
                String text = text(value, member);
                if (!text.isEmpty()) {
                    headers.set(member.wireName(), text);
                }
            } else if (member.location() == Location.PREFIX_HEADERS) {
                ((Map<?, ?>) value)
                        .forEach((name, text) ->
                                headers.set(member.wireName() + name, String.valueOf(text)));
            }
        }
    }

    private static String text(Object value, Member member) {
        return switch (member.target().type()) {
            case LIST -> HeaderLists.join((List<?>) value, e -> text(e, member.target().element()));
            case TIMESTAMP ->
                    Timestamps.format(
                            (Instant) value,
                            member.timestampFormat() == null
                                    ? TimestampFormat.HTTP_DATE
                                    : member.timestampFormat());
            case BLOB -> ((Blob) value).base64();
            case STRING ->
                    member.jsonValue()
                            ? Base64.getEncoder()
                                    .encodeToString(
                                            ((String) value).getBytes(StandardCharsets.UTF_8))
                            : (String) value;
            default -> value.toString();
        };
    }
}
