package dev.freehold.services.lambda.durable;

import dev.freehold.protocol.Member;
import dev.freehold.protocol.Structure;
import dev.freehold.services.json.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The event that a durable handler gets.
final class InvocationInput {
    private InvocationInput() {}

    /// @param updated the ids of operations that have changed since the handler was told
    static byte[] json(String arn, String token, StatePage state, List<String> updated) {
        Map<String, @Nullable Object> initial = new LinkedHashMap<>();
        initial.put("Operations", state.operations().stream().map(InvocationInput::tree).toList());
        initial.put("NextMarker", state.next() == null ? "" : state.next().toString());
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("DurableExecutionArn", arn);
        event.put("CheckpointToken", token);
        event.put("InitialExecutionState", initial);
        event.put("UpdatedOperationIds", updated);
        return Json.write(event).getBytes(StandardCharsets.UTF_8);
    }

    /// Times are milliseconds here, which SDKs of all languages read.
    private static Object tree(Object value) {
        return switch (value) {
            case Structure structure -> {
                Map<String, Object> members = new LinkedHashMap<>();
                for (Member member : structure.schema().members()) {
                    Object given = structure.member(member.index());
                    if (given != null) {
                        members.put(member.name(), tree(given));
                    }
                }
                yield members;
            }
            case List<?> list -> {
                List<Object> elements = new ArrayList<>();
                list.forEach(element -> elements.add(tree(element)));
                yield elements;
            }
            case Instant time -> time.toEpochMilli();
            default -> value;
        };
    }
}
