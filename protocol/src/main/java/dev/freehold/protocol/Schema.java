package dev.freehold.protocol;

import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The facts of one shape: its type, its members, its constraints. Immutable once built; two
/// schemas are equal when they are the same object. Members may name schemas that are not built yet
/// (shapes recur), which is why [Member#target()] resolves on first use.
///
/// The Java value of each type is fixed:
///
/// | type | value |
/// |---|---|
/// | `STRUCTURE`, `UNION` | a [Structure] (of a union exactly one member is not null) |
/// | `LIST` | `java.util.List`, unmodifiable; `null` elements only in sparse lists |
/// | `MAP` | `java.util.Map` with `String` keys, in wire order, unmodifiable |
/// | `STRING` | `String` (enumerations too: a newer client may send a newer value) |
/// | `BLOB` | [Blob], or [ByteStream] where the member is streaming |
/// | `BOOLEAN`, `BYTE`, `SHORT`, `INTEGER`, `LONG`, `FLOAT`, `DOUBLE` | the boxed type |
/// | `BIG_INTEGER`, `BIG_DECIMAL` | `java.math`'s |
/// | `TIMESTAMP` | `java.time.Instant` |
/// | `DOCUMENT` | null, `Boolean`, `Number`, `String`, `List`, `Map`, nested |
public final class Schema {
    /// The kinds of shapes, as Smithy names them.
    public enum Type {
        STRUCTURE,
        UNION,
        LIST,
        MAP,
        STRING,
        BLOB,
        BOOLEAN,
        BYTE,
        SHORT,
        INTEGER,
        LONG,
        FLOAT,
        DOUBLE,
        BIG_INTEGER,
        BIG_DECIMAL,
        TIMESTAMP,
        DOCUMENT
    }

    // Simple shapes without constraints, shared by all services.
    public static final Schema STRING = simple(Type.STRING);
    public static final Schema BLOB = simple(Type.BLOB);
    public static final Schema BOOLEAN = simple(Type.BOOLEAN);
    public static final Schema INTEGER = simple(Type.INTEGER);
    public static final Schema LONG = simple(Type.LONG);
    public static final Schema FLOAT = simple(Type.FLOAT);
    public static final Schema DOUBLE = simple(Type.DOUBLE);
    public static final Schema TIMESTAMP = simple(Type.TIMESTAMP);

    /// The name of the empty structure that stands where the model has no input or output.
    public static final String UNIT = "Unit";

    private final String name;
    private final Type type;
    private final List<Member> members;
    private final Constraints constraints;
    private final @Nullable Supplier<StructureBuilder> builders;
    private final boolean sparse;

    private Schema(
            String name,
            Type type,
            List<Member> members,
            Constraints constraints,
            @Nullable Supplier<StructureBuilder> builders,
            boolean sparse) {
        this.name = Objects.requireNonNull(name);
        this.type = Objects.requireNonNull(type);
        this.members = List.copyOf(members);
        this.constraints = Objects.requireNonNull(constraints);
        this.builders = builders;
        this.sparse = sparse;
        for (int i = 0; i < this.members.size(); i++) {
            if (this.members.get(i).index() != i) {
                throw new IllegalArgumentException("member out of order: " + name + " " + i);
            }
        }
    }

    /// A structure or union whose values `builders` makes. Members are numbered from 0.
    public static Schema structure(
            String name, Type type, List<Member> members, Supplier<StructureBuilder> builders) {
        return new Schema(name, type, members, Constraints.NONE, builders, false);
    }

    /// A list of `element`.
    public static Schema list(
            String name, Member element, Constraints constraints, boolean sparse) {
        return new Schema(name, Type.LIST, List.of(element), constraints, null, sparse);
    }

    /// A map; `key` has index 0 and `value` index 1.
    public static Schema map(
            String name, Member key, Member value, Constraints constraints, boolean sparse) {
        return new Schema(name, Type.MAP, List.of(key, value), constraints, null, sparse);
    }

    /// A shape without members.
    public static Schema simple(String name, Type type, Constraints constraints) {
        return new Schema(name, type, List.of(), constraints, null, false);
    }

    private static Schema simple(Type type) {
        return simple(type.name().toLowerCase(java.util.Locale.ROOT), type, Constraints.NONE);
    }

    /// The shape's name in its service's model.
    public String name() {
        return name;
    }

    public Type type() {
        return type;
    }

    /// A structure's members in model order; a list's element; a map's key and value.
    public List<Member> members() {
        return members;
    }

    public Constraints constraints() {
        return constraints;
    }

    /// Whether a list or map may hold nulls.
    public boolean sparse() {
        return sparse;
    }

    /// A list's element.
    public Member element() {
        assert type == Type.LIST : this;
        return members.get(0);
    }

    /// A map's key.
    public Member key() {
        assert type == Type.MAP : this;
        return members.get(0);
    }

    /// A map's value.
    public Member value() {
        assert type == Type.MAP : this;
        return members.get(1);
    }

    /// The member of that model name, or null.
    public @Nullable Member member(String memberName) {
        for (Member member : members) {
            if (member.name().equals(memberName)) {
                return member;
            }
        }
        return null;
    }

    /// A new, empty builder of a structure or union.
    public StructureBuilder newBuilder() {
        return Objects.requireNonNull(builders, name).get();
    }

    @Override
    public String toString() {
        return type + " " + name;
    }
}
