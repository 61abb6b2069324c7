package dev.freehold.codegen;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// Writes structures as records with builders, and errors with their members.
final class StructureSource {
    private final Model model;
    private final JavaTypes types;
    private final SchemaSource schemas;

    StructureSource(Model model, JavaTypes types, SchemaSource schemas) {
        this.model = model;
        this.types = types;
        this.schemas = schemas;
    }

    /// One component of a record.
    private record Component(String name, String type, String declared) {}

    /// The file of a structure.
    String structure(Model.Shape shape) {
        return Source.head(model.id, List.of("org.jspecify.annotations.Nullable"))
                + "\n@SuppressWarnings({\"unchecked\", \"UnusedImport\"})\n"
                + record(
                        "public record " + shape.java(),
                        shape.java(),
                        shape,
                        components(shape),
                        "");
    }

    /// The file of an error.
    String error(Model.Shape shape) {
        List<Component> components = components(shape);
        String name = shape.java();
        StringBuilder out = new StringBuilder();
        out.append(Source.head(model.id, List.of("org.jspecify.annotations.Nullable")));
        out.append(
                """

                /// The error `%s`.
                @SuppressWarnings({"unchecked", "UnusedImport", "serial"})
                public final class %s extends dev.freehold.protocol.ServiceError {
                    public static final dev.freehold.protocol.ErrorShape SHAPE =
                            new dev.freehold.protocol.ErrorShape(%s, %s, %d, %s);
                    private static final long serialVersionUID = 1L;

                    private final transient @Nullable Members members;

                    public %s(@Nullable String message) {
                        this(message, null);
                    }

                    /// @param members what is sent beside the message
                    public %s(@Nullable String message, @Nullable Members members) {
                        super(SHAPE, message);
                        this.members = members;
                    }

                    @Override
                    public @Nullable Members body() {
                        return members;
                    }

                """
                        .formatted(
                                shape.wire(),
                                name,
                                Names.literal(shape.wire()),
                                Names.literal(code(shape)),
                                status(shape),
                                Names.literal(messageName(shape)),
                                name,
                                name));
        out.append(
                record(
                        "/// What is sent beside the message.\n    public record Members",
                        "Members",
                        shape,
                        components,
                        "    "));
        return out.append("}\n").toString();
    }

    /// The message's name on the wire.
    private static String messageName(Model.Shape shape) {
        for (Map.Entry<String, Map<String, Object>> member : shape.members().entrySet()) {
            if (member.getKey().equalsIgnoreCase("message")) {
                return (String) member.getValue().getOrDefault("locationName", member.getKey());
            }
        }
        return "message";
    }

    private static String code(Model.Shape shape) {
        return shape.facts().get("error") instanceof Map<?, ?> error
                        && error.get("code") instanceof String code
                ? code
                : shape.wire();
    }

    private static int status(Model.Shape shape) {
        if (shape.facts().get("error") instanceof Map<?, ?> error
                && error.get("httpStatusCode") instanceof Long status) {
            return status.intValue();
        }
        return shape.is("fault") ? 500 : 400;
    }

    private List<Component> components(Model.Shape shape) {
        List<Component> components = new ArrayList<>();
        for (Map.Entry<String, Map<String, Object>> entry : shape.members().entrySet()) {
            if (shape.error() && entry.getKey().equalsIgnoreCase("message")) {
                continue;
            }
            String type = types.of(entry.getValue());
            boolean required = shape.required(entry.getKey()) && !shape.error();
            String declared = required ? type : JavaTypes.nullable(type);
            components.add(new Component(Names.member(entry.getKey()), type, declared));
        }
        return components;
    }

    private String record(
            String declaration,
            String name,
            Model.Shape shape,
            List<Component> components,
            String indent) {
        StringJoiner parameters = new StringJoiner(",\n        ", "(\n        ", ")");
        parameters.setEmptyValue("()");
        StringBuilder cases = new StringBuilder();
        StringBuilder fields = new StringBuilder();
        StringBuilder sets = new StringBuilder();
        StringBuilder setters = new StringBuilder();
        StringBuilder copies = new StringBuilder();
        StringJoiner arguments = new StringJoiner(", ");
        for (int i = 0; i < components.size(); i++) {
            Component c = components.get(i);
            parameters.add(c.declared + " " + c.name);
            // A member may be named as the parameter: index.
            cases.append("            case %d -> this.%s;\n".formatted(i, c.name));
            fields.append("        private %s %s;\n".formatted(JavaTypes.nullable(c.type), c.name));
            sets.append(
                    "                case %d -> this.%s = (%s) value;\n"
                            .formatted(i, c.name, c.type));
            copies.append("        builder.%s = %s;\n".formatted(c.name, c.name));
            arguments.add(c.name);
            setters.append(
                    """

                            public Builder %s(%s value) {
                                this.%s = value;
                                return this;
                            }
                    """
                            .formatted(c.name, JavaTypes.nullable(c.type), c.name)
                            .indent(0));
        }
        return TEMPLATE.replace("$DECLARATION", declaration)
                        .replace("$PARAMETERS", parameters.toString())
                        .replace("$SCHEMA", schemas.structure(shape, "Builder::new"))
                        .replace("$MEMBER", member(cases))
                        .replace("$FIELDS", fields)
                        .replace("$PUTS", set(sets))
                        .replace("$SETTERS", setters)
                        .replace("$COPIES", copies)
                        .replace("$ARGUMENTS", arguments.toString())
                        .replace("$NAME", name)
                        .replace("\n", "\n" + indent)
                        .replaceFirst("^", indent)
                        .stripTrailing()
                + "\n";
    }

    private static final String NONE = "throw new IndexOutOfBoundsException(index);";

    private static String member(StringBuilder cases) {
        return cases.isEmpty()
                ? "        " + NONE
                : "        return switch (index) {\n"
                        + cases
                        + "            default -> "
                        + NONE
                        + "\n        };";
    }

    private static String set(StringBuilder sets) {
        return sets.isEmpty()
                ? "            " + NONE
                : "            switch (index) {\n"
                        + sets
                        + "                default -> "
                        + NONE
                        + "\n            }";
    }

    private static final String TEMPLATE =
            """
            $DECLARATION$PARAMETERS implements dev.freehold.protocol.Structure {
                public static final dev.freehold.protocol.Schema SCHEMA =
                        $SCHEMA;

                @Override
                public dev.freehold.protocol.Schema schema() {
                    return SCHEMA;
                }

                @Override
                public @Nullable Object member(int index) {
            $MEMBER
                }

                public static Builder builder() {
                    return new Builder();
                }

                public Builder toBuilder() {
                    Builder builder = new Builder();
            $COPIES        return builder;
                }

                /// Collects the members; `build` checks nothing.
                public static final class Builder implements dev.freehold.protocol.StructureBuilder {
            $FIELDS
                    private Builder() {}
            $SETTERS
                    @Override
                    public void set(int index, Object value) {
            $PUTS
                    }

                    @SuppressWarnings("NullAway") // required members are checked before they matter
                    @Override
                    public $NAME build() {
                        return new $NAME($ARGUMENTS);
                    }
                }
            }
            """;
}
