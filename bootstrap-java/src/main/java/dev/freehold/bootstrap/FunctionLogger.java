package dev.freehold.bootstrap;

import com.amazonaws.services.lambda.runtime.LambdaLogger;
import com.amazonaws.services.lambda.runtime.LambdaRuntime;
import com.amazonaws.services.lambda.runtime.LambdaRuntimeInternal;
import com.amazonaws.services.lambda.runtime.logging.LogLevel;
import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/// The logger of a handler's context: text as it is, with its level if it has one, or a JSON object
/// for each message.
final class FunctionLogger implements LambdaLogger {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private final Connection connection;
    private boolean json;
    private LogLevel least = LogLevel.UNDEFINED;
    private String requestId = "";

    FunctionLogger(Connection connection) {
        this.connection = connection;
    }

    void configure(Map<String, Object> spec) throws ReflectiveOperationException {
        json = Json.text(spec, "logFormat").equals("JSON");
        String level = Json.text(spec, "logLevel");
        least = level.isEmpty() ? LogLevel.UNDEFINED : LogLevel.valueOf(level);
        // What libraries log by has no other way in.
        Field global = LambdaRuntime.class.getDeclaredField("logger");
        global.setAccessible(true);
        global.set(null, this);
    }

    void begin(String request, ClassLoader loader) {
        requestId = request;
        if (LambdaRuntimeInternal.getUseLog4jAppender()) {
            name(loader, "org.apache.log4j.MDC", Object.class);
            name(loader, "org.apache.logging.log4j.ThreadContext", String.class);
        }
    }

    /// Tells Log4j which request it is, when the function has that.
    private void name(ClassLoader loader, String context, Class<?> value) {
        try {
            Class.forName(context, true, loader)
                    .getMethod("put", String.class, value)
                    .invoke(null, "AWSRequestId", requestId);
        } catch (ReflectiveOperationException e) {
            // it has the other Log4j
        }
    }

    /// Tells of an error that ended an invocation, or the process.
    void error(Throwable error) {
        log(Failure.log(error), json ? LogLevel.ERROR : LogLevel.UNDEFINED);
    }

    @Override
    public void log(String message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override
    public void log(byte[] message) {
        log(message, LogLevel.UNDEFINED);
    }

    @Override
    public void log(byte[] message, LogLevel level) {
        if (logged(level)) {
            send(message == null ? "null".getBytes(StandardCharsets.UTF_8) : message);
        }
    }

    @Override
    public void log(String message, LogLevel level) {
        if (!logged(level)) {
            return;
        }
        String text = message;
        if (json) {
            text = record(message, level) + "\n";
        } else if (level != LogLevel.UNDEFINED) {
            text = "[" + level + "] " + message;
        }
        send(String.valueOf(text).getBytes(StandardCharsets.UTF_8));
    }

    private boolean logged(LogLevel level) {
        return level == LogLevel.UNDEFINED || level.compareTo(least) >= 0;
    }

    private String record(String message, LogLevel level) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("timestamp", TIME.format(Instant.now()));
        line.put("message", message);
        line.put("level", level.name());
        if (!requestId.isEmpty()) {
            line.put("AWSRequestId", requestId);
        }
        return new String(Json.write(line), StandardCharsets.UTF_8);
    }

    private void send(byte[] text) {
        System.out.flush();
        try {
            connection.write('M', text);
        } catch (IOException e) {
            Runtime.getRuntime().halt(0);
        }
    }
}
