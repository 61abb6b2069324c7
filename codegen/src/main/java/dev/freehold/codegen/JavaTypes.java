package dev.freehold.codegen;

import java.util.Map;

/// The Java types of values, as `dev.freehold.protocol.Schema` fixes them.
final class JavaTypes {
    private final Model model;

    JavaTypes(Model model) {
        this.model = model;
    }

    /// The type of a member, an element or a map's value.
    String of(Map<String, Object> reference) {
        Model.Shape shape = model.target(reference);
        if (shape.document()) {
            return "Object";
        }
        return switch (shape.type()) {
            case "structure" ->
                    shape.is("eventstream") ? "Iterable<" + shape.java() + ">" : structure(shape);
            case "list" ->
                    "java.util.List<" + of(Model.castReference(shape.facts().get("member"))) + ">";
            case "map" ->
                    "java.util.Map<String, "
                            + of(Model.castReference(shape.facts().get("value")))
                            + ">";
            case "blob" ->
                    streaming(reference, shape)
                            ? "dev.freehold.protocol.ByteStream"
                            : "dev.freehold.protocol.Blob";
            case "boolean" -> "Boolean";
            case "integer" -> "Integer";
            case "long" -> "Long";
            case "float" -> "Float";
            case "double" -> "Double";
            case "timestamp" -> "java.time.Instant";
            case "string", "character" -> "String";
            default -> throw new IllegalStateException("type " + shape.type());
        };
    }

    /// An error that is an event of a stream is no exception there: its members are the value.
    private static String structure(Model.Shape shape) {
        return shape.error() ? shape.java() + ".Members" : shape.java();
    }

    static boolean streaming(Map<String, Object> reference, Model.Shape shape) {
        return shape.type().equals("blob")
                && (shape.is("streaming") || Boolean.TRUE.equals(reference.get("streaming")));
    }

    /// The same type where it may be null.
    static String nullable(String type) {
        if (type.startsWith("dev.freehold.protocol.")) {
            String name = type.substring("dev.freehold.protocol.".length());
            return "dev.freehold.protocol.@Nullable " + name;
        }
        if (type.startsWith("java.util.") || type.startsWith("java.time.")) {
            int dot = type.indexOf('.', 5);
            return type.substring(0, dot + 1) + "@Nullable " + type.substring(dot + 1);
        }
        return "@Nullable " + type;
    }
}
