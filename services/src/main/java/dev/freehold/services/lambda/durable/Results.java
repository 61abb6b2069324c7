package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.durable.state.ExecutionKey;
import dev.freehold.services.lambda.durable.state.ExecutionRow;
import dev.freehold.services.lambda.durable.state.ExecutionRow.End;
import dev.freehold.services.lambda.run.Answer;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Ends of executions as ends of invocations, and the errors of invocations as errors of
/// operations.
final class Results {
    private static final InvocationResult.Timings NONE =
            new InvocationResult.Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO, null);

    private Results() {}

    /// What a caller is answered who waited for the end.
    static Answer answer(Transaction tx, ExecutionKey key, ExecutionRow row) {
        End end = Objects.requireNonNull(row.end());
        boolean failed = !end.status().equals("SUCCEEDED");
        String result = Payloads.text(tx, key, end.result());
        String payload = failed ? json(row, Payloads.error(tx, key, end.error())) : result;
        byte[] bytes = (payload == null ? "" : payload).getBytes(StandardCharsets.UTF_8);
        return new Answer(
                new InvocationResult(bytes, failed, NONE, 0, ""),
                row.origin().version(),
                row.arn(key).toString());
    }

    private static String json(ExecutionRow row, @Nullable ErrorObject error) {
        Map<String, @Nullable Object> members = new LinkedHashMap<>();
        if (error == null) {
            members.put("errorMessage", "Durable execution ended: " + row.status());
            return Json.write(members);
        }
        put(members, "errorType", error.errorType());
        put(members, "errorMessage", error.errorMessage());
        put(members, "errorData", error.errorData());
        put(members, "stackTrace", error.stackTrace());
        return Json.write(members);
    }

    private static void put(
            Map<String, @Nullable Object> members, String name, @Nullable Object value) {
        if (value != null) {
            members.put(name, value);
        }
    }

    /// The error that a function's runtime answered.
    static ErrorObject error(byte[] payload) {
        String text = new String(payload, StandardCharsets.UTF_8);
        try {
            if (Json.read(text) instanceof Map<?, ?> members) {
                return ErrorObject.builder()
                        .errorType(text(members.get("errorType")))
                        .errorMessage(text(members.get("errorMessage")))
                        .errorData(text(members.get("errorData")))
                        .stackTrace(trace(members))
                        .build();
            }
        } catch (IllegalArgumentException e) {
            // No JSON: the whole of it is the message.
        }
        return ErrorObject.builder().errorMessage(text).build();
    }

    private static @Nullable List<String> trace(Map<?, ?> members) {
        Object trace = members.get("stackTrace");
        Object lines = trace == null ? members.get("trace") : trace;
        return lines instanceof List<?> list ? list.stream().map(String::valueOf).toList() : null;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : String.valueOf(value);
    }
}
