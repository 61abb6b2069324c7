package dev.freehold.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Writes the expressions that build schemas, and the table of a service's schemas, which makes
/// each when it is first asked for.
final class SchemaSource {
    /// How many cases one method has, so that none gets too large for the compiler.
    private static final int CHUNK = 100;

    private final Model model;
    private final boolean xml;

    SchemaSource(Model model) {
        this.model = model;
        String protocol = (String) model.metadata.get("protocol");
        this.xml = protocol.equals("rest-xml") || protocol.equals("query");
    }

    /// The class `XxxShapes`.
    String table() {
        List<Model.Shape> shapes = List.copyOf(model.shapes.values());
        StringBuilder out = new StringBuilder(Source.head(model.id, List.of()));
        String name = model.prefix + "Shapes";
        out.append(
                """
                import dev.freehold.protocol.Constraints;
                import dev.freehold.protocol.Member;
                import dev.freehold.protocol.Schema;
                import java.util.List;
                import java.util.function.Supplier;

                /// The schemas of the service's shapes by number, each made on its first use.
                final class %s {
                    private static final Schema[] MADE = new Schema[%d];

                    private %s() {}

                    /// Names a schema that may not be made yet.
                    record Ref(int number) implements Supplier<Schema> {
                        @Override
                        public Schema get() {
                            return schema(number);
                        }
                    }

                    static synchronized Schema schema(int number) {
                        Schema made = MADE[number];
                        if (made == null) {
                            made = make(number);
                            MADE[number] = made;
                        }
                        return made;
                    }

                    private static Constraints constraints(
                            long min, long max, String pattern, String... values) {
                        return new Constraints(
                                min == Long.MIN_VALUE ? null : (Long) min,
                                max == Long.MAX_VALUE ? null : (Long) max,
                                pattern.isEmpty() ? null : java.util.regex.Pattern.compile(pattern),
                                List.of(values));
                    }

                    private static Schema make(int number) {
                        return switch (number / %d) {
                """
                        .formatted(name, shapes.size(), name, CHUNK));
        for (int i = 0; i * CHUNK < shapes.size(); i++) {
            out.append("            case %d -> make%d(number);\n".formatted(i, i));
        }
        out.append(
                "            default -> throw new IllegalArgumentException();\n        };\n    }\n");
        for (int i = 0; i * CHUNK < shapes.size(); i++) {
            out.append("\n    private static Schema make%d(int number) {\n".formatted(i));
            out.append("        return switch (number) {\n");
            int end = Math.min(shapes.size(), (i + 1) * CHUNK);
            for (Model.Shape shape : shapes.subList(i * CHUNK, end)) {
                out.append("            case %d -> %s;\n".formatted(shape.number(), schema(shape)));
            }
            out.append("            default -> throw new IllegalArgumentException();\n");
            out.append("        };\n    }\n");
        }
        return out.append("}\n").toString();
    }

    /// The expression that makes, or finds, a shape's schema.
    private String schema(Model.Shape shape) {
        String name = Names.literal(shape.wire());
        if (shape.document()) {
            return "Schema.simple(" + name + ", Schema.Type.DOCUMENT, Constraints.NONE)";
        }
        return switch (shape.type()) {
            case "structure" ->
                    shape.error() ? shape.java() + ".Members.SCHEMA" : shape.java() + ".SCHEMA";
            case "list" ->
                    "Schema.list(%s, %s, %s, false)"
                            .formatted(
                                    name, part(0, "member", shape, "member"), constraints(shape));
            case "map" ->
                    "Schema.map(%s, %s, %s, %s, false)"
                            .formatted(
                                    name,
                                    part(0, "key", shape, "key"),
                                    part(1, "value", shape, "value"),
                                    constraints(shape));
            default ->
                    "Schema.simple(%s, Schema.Type.%s, %s)"
                            .formatted(name, type(shape), constraints(shape));
        };
    }

    private String part(int index, String name, Model.Shape shape, String fact) {
        Map<String, Object> reference = Model.castReference(shape.facts().get(fact));
        return member(index, name, reference, false, false);
    }

    private static String type(Model.Shape shape) {
        return shape.type().equals("character") ? "STRING" : shape.type().toUpperCase(Locale.ROOT);
    }

    private static String constraints(Model.Shape shape) {
        Object min = shape.facts().get("min");
        Object max = shape.facts().get("max");
        String pattern = (String) shape.facts().getOrDefault("pattern", "");
        List<?> values = shape.facts().get("enum") instanceof List<?> list ? list : List.of();
        if (min == null && max == null && pattern.isEmpty() && values.isEmpty()) {
            return "Constraints.NONE";
        }
        StringBuilder out = new StringBuilder("constraints(");
        out.append(min == null ? "Long.MIN_VALUE" : ((Number) min).longValue() + "L").append(", ");
        out.append(max == null ? "Long.MAX_VALUE" : ((Number) max).longValue() + "L").append(", ");
        out.append(Names.literal(compilable(pattern)));
        values.forEach(value -> out.append(", ").append(Names.literal(String.valueOf(value))));
        return out.append(")").toString();
    }

    /// Java's expressions differ from the models' in a few places; what they can't say is left out.
    private static String compilable(String pattern) {
        try {
            java.util.regex.Pattern.compile(pattern);
            return pattern;
        } catch (java.util.regex.PatternSyntaxException e) {
            return "";
        }
    }

    /// The expression of a structure's schema.
    String structure(Model.Shape shape, String builders) {
        List<String> members = new ArrayList<>();
        Object payload = shape.facts().get("payload");
        int index = 0;
        for (Map.Entry<String, Map<String, Object>> entry : shape.members().entrySet()) {
            if (shape.error() && entry.getKey().equalsIgnoreCase("message")) {
                continue;
            }
            members.add(
                    member(
                            index++,
                            entry.getKey(),
                            entry.getValue(),
                            shape.required(entry.getKey()),
                            entry.getKey().equals(payload)));
        }
        return "dev.freehold.protocol.Schema.structure(%s, dev.freehold.protocol.Schema.Type.%s, java.util.List.of(%s), %s)"
                .formatted(
                        Names.literal(shape.wire()),
                        shape.union() ? "UNION" : "STRUCTURE",
                        members.isEmpty()
                                ? ""
                                : "\n            " + String.join(",\n            ", members),
                        builders);
    }

    private String member(
            int index,
            String name,
            Map<String, Object> reference,
            boolean required,
            boolean payload) {
        Model.Shape target = model.target(reference);
        StringBuilder out = new StringBuilder("dev.freehold.protocol.Member.of(");
        out.append(index).append(", ").append(Names.literal(name)).append(", ");
        out.append(target(target)).append(")");
        place(out, name, reference, target, payload);
        flags(out, reference, target);
        if (required) {
            out.append(".asRequired()");
        }
        return out.toString();
    }

    private String target(Model.Shape target) {
        boolean plain =
                !target.document()
                        && constraints(target).equals("Constraints.NONE")
                        && !List.of("structure", "list", "map").contains(target.type());
        return plain
                ? "dev.freehold.protocol.Schema." + type(target)
                : "new " + model.prefix + "Shapes.Ref(" + target.number() + ")";
    }

    private void place(
            StringBuilder out,
            String name,
            Map<String, Object> reference,
            Model.Shape target,
            boolean payload) {
        String location = (String) reference.getOrDefault("location", "");
        String wire = (String) reference.get("locationName");
        if (payload || Boolean.TRUE.equals(reference.get("eventpayload"))) {
            String root = wire != null ? wire : target.structure() ? target.wire() : name;
            out.append(at("PAYLOAD", root));
            return;
        }
        String place =
                switch (location) {
                    case "header" -> "HEADER";
                    case "headers" -> "PREFIX_HEADERS";
                    case "uri" -> "LABEL";
                    case "querystring" -> target.type().equals("map") ? "QUERY_PARAMS" : "QUERY";
                    case "statusCode" -> "STATUS_CODE";
                    default -> "";
                };
        if (!place.isEmpty()) {
            out.append(at(place, wire == null ? name : wire));
            return;
        }
        String bodyName = bodyName(wire, target);
        if (bodyName != null && !bodyName.equals(name)) {
            out.append(".named(").append(Names.literal(bodyName)).append(")");
        }
        String queryName = queryName(reference, target);
        if (queryName != null) {
            out.append(".inQueryNamed(").append(Names.literal(queryName)).append(")");
        }
    }

    private static String at(String place, String name) {
        return ".at(dev.freehold.protocol.Member.Location."
                + place
                + ", "
                + Names.literal(name)
                + ")";
    }

    /// In XML a flattened list is named as its element, when that has a name.
    private @Nullable String bodyName(@Nullable String wire, Model.Shape target) {
        if (xml && target.type().equals("list") && target.is("flattened")) {
            Object element = Model.castReference(target.facts().get("member")).get("locationName");
            return element == null ? wire : (String) element;
        }
        return wire;
    }

    private static @Nullable String queryName(Map<String, Object> reference, Model.Shape target) {
        if (target.type().equals("list") && target.is("flattened")) {
            Object element = Model.castReference(target.facts().get("member")).get("queryName");
            if (element != null) {
                return (String) element;
            }
        }
        return (String) reference.get("queryName");
    }

    private static void flags(
            StringBuilder out, Map<String, Object> reference, Model.Shape target) {
        if (either("flattened", reference, target)) {
            out.append(".asFlattened()");
        }
        if (JavaTypes.streaming(reference, target)) {
            out.append(".asStreaming()");
        }
        if (target.is("eventstream")) {
            out.append(".asEventStream()");
        }
        if (either("sensitive", reference, target)) {
            out.append(".asSensitive()");
        }
        if (Boolean.TRUE.equals(reference.get("xmlAttribute"))) {
            out.append(".asXmlAttribute()");
        }
        if (Boolean.TRUE.equals(reference.get("idempotencyToken"))) {
            out.append(".asIdempotencyToken()");
        }
        if (Boolean.TRUE.equals(reference.get("hostLabel"))) {
            out.append(".asHostLabel()");
        }
        if (Boolean.TRUE.equals(reference.get("jsonvalue"))) {
            out.append(".asJsonValue()");
        }
        namespace(out, reference, target);
        Object format =
                reference.getOrDefault("timestampFormat", target.facts().get("timestampFormat"));
        if (format != null) {
            String constant =
                    switch ((String) format) {
                        case "iso8601" -> "DATE_TIME";
                        case "rfc822" -> "HTTP_DATE";
                        case "unixTimestamp" -> "EPOCH_SECONDS";
                        default -> throw new IllegalStateException("format " + format);
                    };
            out.append(".withTimestampFormat(dev.freehold.protocol.Member.TimestampFormat.");
            out.append(constant).append(")");
        }
    }

    private static void namespace(
            StringBuilder out, Map<String, Object> reference, Model.Shape target) {
        Object facts = reference.getOrDefault("xmlNamespace", target.facts().get("xmlNamespace"));
        if (facts instanceof Map<?, ?> namespace) {
            Object prefix = namespace.get("prefix");
            out.append(".withXmlNamespace(")
                    .append(Names.literal((String) namespace.get("uri")))
                    .append(", ")
                    .append(prefix == null ? "null" : Names.literal((String) prefix))
                    .append(")");
        }
    }

    private static boolean either(String flag, Map<String, Object> reference, Model.Shape target) {
        return Boolean.TRUE.equals(reference.get(flag)) || target.is(flag);
    }
}
