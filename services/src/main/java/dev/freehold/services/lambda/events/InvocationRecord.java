package dev.freehold.services.lambda.events;

import dev.freehold.protocol.Blob;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.run.Answer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// How an asynchronous invocation ended, as destinations are told it.
///
/// @param attempts how often it was run
/// @param request the event
/// @param answer of the last run, or null when none ended
record InvocationRecord(
        Condition condition,
        String requestId,
        int attempts,
        Blob request,
        @Nullable Answer answer) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    enum Condition {
        SUCCESS("Success"),
        RETRIES_EXHAUSTED("RetriesExhausted"),
        EVENT_AGE_EXCEEDED("EventAgeExceeded"),
        ZERO_RESERVED("ZeroReservedConcurrency");

        private final String text;

        Condition(String text) {
            this.text = text;
        }
    }

    boolean success() {
        return condition == Condition.SUCCESS;
    }

    /// The record, version 1.0.
    ///
    /// @param functionArn with the qualifier
    String json(String functionArn, Instant now) {
        Map<String, @Nullable Object> context = new LinkedHashMap<>();
        context.put("requestId", requestId);
        context.put("functionArn", functionArn);
        context.put("condition", condition.text);
        context.put("approximateInvokeCount", attempts);
        Map<String, @Nullable Object> record = new LinkedHashMap<>();
        record.put("version", "1.0");
        record.put("timestamp", TIME.format(now));
        record.put("requestContext", context);
        record.put("requestPayload", tree(request.bytes()));
        if (answer != null) {
            Map<String, @Nullable Object> response = new LinkedHashMap<>();
            response.put("statusCode", 200);
            response.put("executedVersion", answer.version());
            if (answer.result().failed()) {
                response.put("functionError", "Unhandled");
            }
            record.put("responseContext", response);
            record.put("responsePayload", tree(answer.result().payload()));
        }
        return Json.write(record);
    }

    /// The error of the last run in short, for a dead letter's attributes.
    String error() {
        if (answer == null) {
            return condition.text;
        }
        Object error = tree(answer.result().payload());
        Object message = error instanceof Map<?, ?> members ? members.get("errorMessage") : null;
        return message == null ? condition.text : String.valueOf(message);
    }

    private static @Nullable Object tree(byte[] json) {
        if (json.length == 0) {
            return Map.of();
        }
        try {
            return Json.read(json);
        } catch (IllegalArgumentException e) {
            return new String(json, StandardCharsets.UTF_8);
        }
    }
}
