package dev.freehold.services.s3.state;

import dev.freehold.protocol.Member;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Schema.Type;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Keeps values of the API's own shapes, for configurations that are answered as they were put.
/// Members are named in the bytes, because their numbers change when the model is refreshed; one
/// that the model has lost is passed over.
public final class Shapes {
    private static final int STRING = 0;
    private static final int INTEGER = 1;
    private static final int BOOLEAN = 2;
    private static final int TIMESTAMP = 3;
    private static final int STRUCTURE = 4;
    private static final int LIST = 5;

    private Shapes() {}

    public static byte[] toBytes(Structure value) {
        ValueWriter out = new ValueWriter();
        write(out, value);
        return out.toBytes();
    }

    /// The value of that shape.
    public static Structure fromBytes(Schema schema, byte[] bytes) {
        return structure(new ValueReader(bytes), schema);
    }

    private static void write(ValueWriter out, Structure value) {
        List<Member> members = value.schema().members();
        long present = members.stream().filter(m -> value.member(m.index()) != null).count();
        out.int64(present);
        for (Member member : members) {
            Object field = value.member(member.index());
            if (field != null) {
                out.string(member.name());
                writeField(out, field);
            }
        }
    }

    private static void writeField(ValueWriter out, Object field) {
        switch (field) {
            case String text -> out.uint8(STRING).string(text);
            case Integer number -> out.uint8(INTEGER).int64(number);
            case Long number -> out.uint8(INTEGER).int64(number);
            case Boolean flag -> out.uint8(BOOLEAN).bool(flag);
            case Instant time -> out.uint8(TIMESTAMP).instant(time);
            case Structure structure -> write(out.uint8(STRUCTURE), structure);
            case List<?> list -> {
                out.uint8(LIST).int64(list.size());
                list.forEach(element -> writeField(out, element));
            }
            default -> throw new IllegalStateException("no configuration holds " + field);
        }
    }

    private static Structure structure(ValueReader in, Schema schema) {
        StructureBuilder builder = schema.newBuilder();
        for (int count = in.int32(); count > 0; count--) {
            Member member = schema.member(in.string());
            Object field = field(in, member == null ? null : member.target());
            if (member != null && field != null) {
                builder.set(member.index(), field);
            }
        }
        return builder.build();
    }

    /// The field, or null when the model doesn't have it any more.
    private static @Nullable Object field(ValueReader in, @Nullable Schema schema) {
        int kind = in.uint8();
        return switch (kind) {
            case STRING -> in.string();
            case INTEGER -> {
                long number = in.int64();
                boolean wide = schema != null && schema.type() == Type.LONG;
                yield wide ? (Object) number : (Object) Math.toIntExact(number);
            }
            case BOOLEAN -> in.bool();
            case TIMESTAMP -> in.instant();
            case STRUCTURE -> known(in, schema);
            case LIST -> {
                Schema element = schema == null ? null : schema.element().target();
                yield in.list(from -> Objects.requireNonNull(field(from, element)));
            }
            default -> throw new IllegalStateException("field of kind " + kind);
        };
    }

    private static Structure known(ValueReader in, @Nullable Schema schema) {
        if (schema == null) {
            throw new IllegalStateException("the model has lost a structure that rows hold");
        }
        return structure(in, schema);
    }
}
