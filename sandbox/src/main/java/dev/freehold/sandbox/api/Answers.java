package dev.freehold.sandbox.api;

import dev.freehold.sandbox.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/// Answers as AWS writes them.
final class Answers {
    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private Answers() {}

    static void error(HttpConnection connection, int status, String type, String message)
            throws IOException {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("errorMessage", message);
        error.put("errorType", type);
        connection.answer(status, JSON, line(error));
    }

    static void accepted(HttpConnection connection) throws IOException {
        connection.answer(202, JSON, line(Map.of("status", "OK")));
    }

    /// JSON with the end of a line, and with what means something to HTML written otherwise.
    static byte[] line(Map<String, ?> object) {
        String json = new String(Json.write(object), StandardCharsets.UTF_8);
        String safe = json.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026");
        return (safe + "\n").getBytes(StandardCharsets.UTF_8);
    }
}
