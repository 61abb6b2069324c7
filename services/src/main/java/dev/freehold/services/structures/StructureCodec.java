package dev.freehold.services.structures;

import dev.freehold.protocol.Schema;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.protocol.json.JsonReader;
import dev.freehold.protocol.json.JsonWriter;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;

/// Stores generated structures as JSON by member names: members that a model gains or loses change
/// nothing about what is stored.
public final class StructureCodec {
    private StructureCodec() {}

    /// The codec of that type.
    public static <T extends Structure> Codec<T> of(Class<T> type, Schema schema) {
        return Codecs.of(
                (out, value) -> out.bytes(JsonWriter.write(value, false).bytes()),
                in -> {
                    StructureBuilder builder = schema.newBuilder();
                    JsonReader.read(in.bytes(), schema, builder, false);
                    return type.cast(builder.build());
                });
    }
}
