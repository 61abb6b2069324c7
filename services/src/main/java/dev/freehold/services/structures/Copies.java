package dev.freehold.services.structures;

import dev.freehold.protocol.Member;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;

/// Operations answer the same members as different shapes.
public final class Copies {
    private Copies() {}

    /// Sets in `target` all members that `source` has, by name.
    public static <B extends StructureBuilder> B of(Structure source, B target) {
        Structure empty = target.build();
        for (Member member : source.schema().members()) {
            Object value = source.member(member.index());
            Member same = value == null ? null : empty.schema().member(member.name());
            if (value != null && same != null) {
                target.set(same.index(), value);
            }
        }
        return target;
    }
}
