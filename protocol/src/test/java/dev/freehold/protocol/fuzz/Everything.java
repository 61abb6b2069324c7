package dev.freehold.protocol.fuzz;

import dev.freehold.protocol.Constraints;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A structure with a member of every type, itself among them.
final class Everything implements StructureBuilder, Structure {
    static final Schema SCHEMA =
            Schema.structure("Everything", Schema.Type.STRUCTURE, members(), Everything::new);

    private final @Nullable Object[] values = new Object[members().size()];

    private static List<Member> members() {
        List<Member> members = new ArrayList<>();
        for (Schema.Type type : Schema.Type.values()) {
            int index = members.size();
            members.add(Member.of(index, "m" + index, () -> schema(type)));
        }
        return members;
    }

    private static Schema schema(Schema.Type type) {
        Member self = Member.of(0, "member", () -> SCHEMA);
        return switch (type) {
            case STRUCTURE -> SCHEMA;
            case UNION -> Schema.structure("Union", type, members(), Everything::new);
            case LIST -> Schema.list("List", self, Constraints.NONE, true);
            case MAP ->
                    Schema.map(
                            "Map",
                            Member.of(0, "key", Schema.STRING),
                            Member.of(1, "value", () -> SCHEMA),
                            Constraints.NONE,
                            false);
            default -> Schema.simple("Simple", type, Constraints.NONE);
        };
    }

    @Override
    public void set(int index, Object value) {
        values[index] = value;
    }

    @Override
    public Structure build() {
        return this;
    }

    @Override
    public Schema schema() {
        return SCHEMA;
    }

    @Override
    public @Nullable Object member(int index) {
        return values[index];
    }
}
