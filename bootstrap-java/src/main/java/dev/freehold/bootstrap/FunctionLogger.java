package dev.freehold.bootstrap;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;

/// The logger of a handler's context: text as it is, or a JSON object for each message.
final class FunctionLogger implements LambdaLogger {
    private final Connection connection;
    private boolean json;
    private LogLevel least = LogLevel.TRACE;
    private String requestId = "";

    FunctionLogger(Connection connection) {
        this.connection = connection;
    }

    void configure(Map<String, Object> spec) {
        json = Json.text(spec, "logFormat").equals("JSON");
        String level = Json.text(spec, "logLevel");
        least = level.isEmpty() ? LogLevel.TRACE : LogLevel.valueOf(level);
    }

    void begin(String request) {
        requestId = request;
    }

    @Override
    public void log(String message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override
    public void log(byte[] message) {
        send(message);
    }

    @Override
    public void log(String message, LogLevel level) {
        if (!json) {
            send(message.getBytes(StandardCharsets.UTF_8));
            return;
        }
        if (level != LogLevel.UNDEFINED && level.compareTo(least) < 0) {
            return;
        }
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("timestamp", Instant.now().truncatedTo(ChronoUnit.MILLIS).toString());
        line.put("message", message);
        line.put("level", level.name());
        line.put("AWSRequestId", requestId);
        send(
                (new String(Json.write(line), StandardCharsets.UTF_8) + "\n")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private void send(byte[] text) {
        System.out.flush();
        try {
            connection.write('L', text);
        } catch (IOException e) {
            Runtime.getRuntime().halt(0);
        }
    }
}
