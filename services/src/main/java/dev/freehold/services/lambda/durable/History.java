package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.Event;
import dev.freehold.api.lambda.Operation;
import dev.freehold.api.lambda.RetryDetails;
import dev.freehold.protocol.Member;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.StructureBuilder;
import dev.freehold.services.structures.Copies;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Events of an execution's history. In the model each type of event has details of its own, in a
/// member that is called like the type; a payload of theirs is in `Input`, `Result` or `Error`.
public final class History {
    static final String INPUT = "Input";
    static final String RESULT = "Result";
    static final String ERROR = "Error";

    /// Beside the payload: whether it was left out.
    private static final String TRUNCATED = "Truncated";

    private static final String PAYLOAD = "Payload";

    private History() {}

    /// An event without a payload.
    ///
    /// @param about the operation, or null
    /// @param details the facts of its type, by member name
    static Event event(
            String type,
            int number,
            Instant time,
            @Nullable Operation about,
            Map<String, Object> details) {
        Event.Builder event = Event.builder().eventType(type).eventId(number).eventTimestamp(time);
        if (about != null) {
            event.id(about.id())
                    .parentId(about.parentId())
                    .name(about.name())
                    .subType(about.subType());
        }
        Member member = details(type);
        StructureBuilder built = member.target().newBuilder();
        details.forEach((name, value) -> set(built, member, name, value));
        event.set(member.index(), built.build());
        return event.build();
    }

    private static Member details(String type) {
        return Objects.requireNonNull(Event.SCHEMA.member(type + "Details"), type);
    }

    private static void set(StructureBuilder builder, Member of, String name, Object value) {
        Member member = Objects.requireNonNull(of.target().member(name), name);
        builder.set(member.index(), value);
    }

    /// Details of attempts, by member name.
    static RetryDetails retryDetails(Map<String, Object> facts) {
        RetryDetails.Builder built = RetryDetails.builder();
        facts.forEach((name, value) -> {
            Member member = Objects.requireNonNull(RetryDetails.SCHEMA.member(name), name);
            built.set(member.index(), value);
        });
        return built.build();
    }

    /// The event with its payload.
    ///
    /// @param slot the member that has it
    /// @param payload a text or an [ErrorObject]; null when it was left out
    public static Event withPayload(Event event, String slot, @Nullable Object payload) {
        Member details = details(String.valueOf(event.eventType()));
        Structure old = (Structure) Objects.requireNonNull(event.member(details.index()));
        StructureBuilder fresh = Copies.of(old, details.target().newBuilder());
        Member place = Objects.requireNonNull(details.target().member(slot), slot);
        StructureBuilder value = place.target().newBuilder();
        if (payload != null) {
            set(value, place, PAYLOAD, payload);
        }
        set(value, place, TRUNCATED, payload == null);
        fresh.set(place.index(), value.build());
        Event.Builder copy = event.toBuilder();
        copy.set(details.index(), fresh.build());
        return copy.build();
    }

    /// Whether a payload in that place is an [ErrorObject].
    public static boolean isError(String slot) {
        return slot.equals(ERROR);
    }
}
