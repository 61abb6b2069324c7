package dev.freehold.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.ErrorShape;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Schema;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import java.time.Instant;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Codecs know a structure only by its members' indexes: what is set at one must be found there.
final class StructuresTest {
    @ParameterizedTest
    @MethodSource("dev.freehold.api.AllModels#all")
    void eachMemberIsFoundWhereItWasSet(ServiceModel model) {
        Set<Schema> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Operation operation : model.operations()) {
            walk(operation.input(), seen);
            walk(operation.output(), seen);
        }
        assertThat(seen).hasSizeGreaterThan(model.operations().size());
    }

    @ParameterizedTest
    @MethodSource("dev.freehold.api.AllModels#all")
    void operationsAreNumberedInOrderAndTheirErrorsHaveAStatus(ServiceModel model) {
        for (int i = 0; i < model.operations().size(); i++) {
            Operation operation = model.operations().get(i);
            assertThat(operation.index()).isEqualTo(i);
            assertThat(model.operation(operation.name())).isSameAs(operation);
            for (ErrorShape error : operation.errors()) {
                assertThat(error.status()).as(error.name()).isBetween(300, 599);
                assertThat(error.code()).as(error.name()).isNotEmpty();
            }
        }
    }

    private static void walk(Schema schema, Set<Schema> seen) {
        if (!seen.add(schema)) {
            return;
        }
        if (schema.type() == Schema.Type.STRUCTURE) {
            checkTogether(schema);
        } else if (schema.type() == Schema.Type.UNION) {
            checkAlone(schema);
        }
        schema.members().forEach(member -> walk(member.target(), seen));
    }

    private static void checkTogether(Schema schema) {
        StructureBuilder builder = schema.newBuilder();
        Object[] values = new Object[schema.members().size()];
        for (Member member : schema.members()) {
            values[member.index()] = sample(member);
            builder.set(member.index(), values[member.index()]);
        }
        Structure built = builder.build();
        assertThat(built.schema()).isSameAs(schema);
        for (Member member : schema.members()) {
            assertThat(built.member(member.index()))
                    .as("%s.%s", schema.name(), member.name())
                    .isSameAs(values[member.index()]);
        }
    }

    private static void checkAlone(Schema schema) {
        for (Member member : schema.members()) {
            Object value = sample(member);
            StructureBuilder builder = schema.newBuilder();
            builder.set(member.index(), value);
            Structure built = builder.build();
            for (Member other : schema.members()) {
                assertThat(built.member(other.index()))
                        .as("%s.%s", schema.name(), other.name())
                        .isSameAs(other == member ? value : null);
            }
        }
    }

    /// A value of its own for each member, so that two that are mixed up are told apart.
    private static Object sample(Member member) {
        String text = "sample " + member.index();
        if (member.eventStream()) {
            return List.of(text).subList(0, 1);
        }
        return switch (member.target().type()) {
            case STRUCTURE, UNION -> member.target().newBuilder().build();
            case LIST -> List.of(text);
            case MAP -> Map.of(text, text);
            case STRING, DOCUMENT -> text;
            case BLOB -> member.streaming() ? ByteStream.of(Blob.ofUtf8(text)) : Blob.ofUtf8(text);
            case BOOLEAN -> member.index() % 2 == 0;
            case INTEGER -> 1_000 + member.index();
            case LONG -> 1_000L + member.index();
            case FLOAT -> 1_000f + member.index();
            case DOUBLE -> 1_000d + member.index();
            case TIMESTAMP -> Instant.ofEpochSecond(member.index());
            case BYTE, SHORT, BIG_INTEGER, BIG_DECIMAL ->
                    throw new AssertionError("no model has a " + member.target());
        };
    }
}
