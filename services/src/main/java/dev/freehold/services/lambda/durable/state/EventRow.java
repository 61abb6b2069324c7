package dev.freehold.services.lambda.durable.state;

import dev.freehold.api.lambda.Event;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import org.jspecify.annotations.Nullable;

/// One event of an execution's history.
///
/// @param event without its payload
/// @param slot the member of its details that has the payload: `Input`, `Result`, `Error`; empty
///   when it has none
/// @param payload or null
public record EventRow(Event event, String slot, @Nullable PayloadRef payload) {
    private static final Codec<Event> EVENT = StructureCodec.of(Event.class, Event.SCHEMA);

    static final Codec<EventRow> CODEC =
            Codecs.of(
                    (out, row) -> {
                        EVENT.write(row.event, out);
                        out.string(row.slot).optional(row.payload, (o, ref) -> ref.write(o));
                    },
                    in -> new EventRow(EVENT.read(in), in.string(), in.optional(PayloadRef::read)));
}
