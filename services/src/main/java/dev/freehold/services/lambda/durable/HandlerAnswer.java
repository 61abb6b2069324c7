package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.services.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a durable handler answers: `{"Status": ..., "Result": ..., "Error": ...}`.
sealed interface HandlerAnswer {
    record Succeeded(@Nullable String result) implements HandlerAnswer {}

    record Failed(@Nullable ErrorObject error) implements HandlerAnswer {}

    /// It waits for something.
    record Pending() implements HandlerAnswer {}

    /// It is none of these.
    record Invalid(String message) implements HandlerAnswer {}

    static HandlerAnswer parse(byte[] payload) {
        Object json;
        try {
            json = Json.read(new String(payload, StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return new Invalid("Invalid Status in invocation output.");
        }
        if (!(json instanceof Map<?, ?> members) || members.get("Status") == null) {
            return new Invalid("Invalid Status in invocation output.");
        }
        Object result = members.get("Result");
        Object error = members.get("Error");
        if (result != null && !(result instanceof String)) {
            return new Invalid("Invalid Result in invocation output.");
        }
        if (error != null && !(error instanceof Map<?, ?>)) {
            return new Invalid("Invalid Error in invocation output.");
        }
        return switch (String.valueOf(members.get("Status"))) {
            case "SUCCEEDED" ->
                    error == null
                            ? new Succeeded((String) result)
                            : new Invalid("Cannot provide an Error for SUCCEEDED status.");
            case "FAILED" ->
                    result == null
                            ? new Failed(error == null ? null : error((Map<?, ?>) error))
                            : new Invalid("Cannot provide a Result for FAILED status.");
            case "PENDING" ->
                    result == null && error == null
                            ? new Pending()
                            : new Invalid("Cannot provide a Result or Error for PENDING status.");
            default -> new Invalid("Invalid Status in invocation output.");
        };
    }

    private static ErrorObject error(Map<?, ?> members) {
        return ErrorObject.builder()
                .errorMessage(text(members.get("ErrorMessage")))
                .errorType(text(members.get("ErrorType")))
                .errorData(text(members.get("ErrorData")))
                .stackTrace(
                        members.get("StackTrace") instanceof List<?> lines
                                ? lines.stream().map(String::valueOf).toList()
                                : null)
                .build();
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : String.valueOf(value);
    }
}
