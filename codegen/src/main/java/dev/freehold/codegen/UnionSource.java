package dev.freehold.codegen;

import java.util.List;
import java.util.Map;

/// Writes unions as sealed interfaces with a record for each member.
final class UnionSource {
    private final Model model;
    private final JavaTypes types;
    private final SchemaSource schemas;

    UnionSource(Model model, JavaTypes types, SchemaSource schemas) {
        this.model = model;
        this.types = types;
        this.schemas = schemas;
    }

    String union(Model.Shape shape) {
        StringBuilder records = new StringBuilder();
        StringBuilder cases = new StringBuilder();
        int index = 0;
        for (Map.Entry<String, Map<String, Object>> entry : shape.members().entrySet()) {
            String type = types.of(entry.getValue());
            String name = "Of" + Names.type("", entry.getKey());
            cases.append(
                    "                case %d -> new %s((%s) value);\n"
                            .formatted(index, name, type));
            records.append(
                    """

                        /// The member `%s`.
                        record %s(%s value) implements %s {
                            @Override
                            public @Nullable Object member(int index) {
                                return index == %d ? value : null;
                            }
                        }
                    """
                            .formatted(entry.getKey(), name, type, shape.java(), index));
            index++;
        }
        return Source.head(model.id, List.of("org.jspecify.annotations.Nullable"))
                + TEMPLATE.replace("$RECORDS", records)
                        .replace("$CASES", cases)
                        .replace("$SCHEMA", schemas.structure(shape, "Builder::new"))
                        .replace("$NAME", shape.java());
    }

    private static final String TEMPLATE =
            """

            /// Exactly one of its members; [None] and [Several] stand for what a client got wrong.
            @SuppressWarnings("unchecked")
            public sealed interface $NAME extends dev.freehold.protocol.Structure {
                dev.freehold.protocol.Schema SCHEMA =
                        $SCHEMA;

                @Override
                default dev.freehold.protocol.Schema schema() {
                    return SCHEMA;
                }
            $RECORDS
                /// No member was set.
                record None() implements $NAME {
                    @Override
                    public @Nullable Object member(int index) {
                        return null;
                    }
                }

                /// More than one member was set.
                ///
                /// @param all each as if it were the only one
                record Several(java.util.List<$NAME> all) implements $NAME {
                    @Override
                    public @Nullable Object member(int index) {
                        return null;
                    }
                }

                /// Takes one member.
                final class Builder implements dev.freehold.protocol.StructureBuilder {
                    private $NAME built = new None();

                    private Builder() {}

                    @Override
                    public void set(int index, Object value) {
                        built = with(of(index, value));
                    }

                    private $NAME with($NAME one) {
                        return switch (built) {
                            case None() -> one;
                            case Several(java.util.List<$NAME> all) ->
                                    new Several(
                                            java.util.stream.Stream.concat(all.stream(), java.util.stream.Stream.of(one))
                                                    .toList());
                            default -> new Several(java.util.List.of(built, one));
                        };
                    }

                    private static $NAME of(int index, Object value) {
                        return switch (index) {
            $CASES                default -> throw new IndexOutOfBoundsException(index);
                        };
                    }

                    @Override
                    public $NAME build() {
                        return built;
                    }
                }
            }
            """;
}
