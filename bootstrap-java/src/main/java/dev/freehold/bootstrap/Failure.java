package dev.freehold.bootstrap;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An error as AWS's runtime tells it: the class name, the message, the trace up to the runtime,
/// and its causes.
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int MAX_CAUSES = 16;

    /// @param cause whose class names the error, or null
    Failure(String message, @Nullable Throwable cause) {
        super(message, cause, false, false);
    }

    /// What user code threw.
    static Throwable thrown(Throwable error) {
        Throwable cause = error.getCause();
        return error instanceof InvocationTargetException && cause != null ? cause : error;
    }

    static byte[] json(Throwable error) {
        return Json.write(describe(error, 0));
    }

    private static Map<String, Object> describe(Throwable error, int depth) {
        Map<String, Object> facts = new LinkedHashMap<>();
        Throwable cause = error.getCause();
        if (error instanceof Failure) {
            facts.put("errorMessage", String.valueOf(error.getMessage()));
            if (cause != null) {
                facts.put("errorType", cause.getClass().getName());
                facts.put("stackTrace", trace(cause));
            }
            return facts;
        }
        facts.put("errorMessage", error.getMessage());
        facts.put("errorType", error.getClass().getName());
        facts.put("stackTrace", trace(error));
        if (cause != null && cause != error && depth < MAX_CAUSES) {
            facts.put("cause", describe(cause, depth + 1));
        }
        return facts;
    }

    private static List<String> trace(Throwable error) {
        List<String> lines = new ArrayList<>();
        for (StackTraceElement each : error.getStackTrace()) {
            if (each.getClassName().startsWith("dev.freehold.bootstrap.")) {
                break;
            }
            lines.add(each.toString());
        }
        while (!lines.isEmpty() && reflects(lines.get(lines.size() - 1))) {
            lines.remove(lines.size() - 1);
        }
        return lines;
    }

    private static boolean reflects(String line) {
        return line.contains("java.lang.reflect.")
                || line.contains("jdk.internal.reflect.")
                || line.contains("java.lang.invoke.")
                || line.startsWith("sun.reflect.");
    }

    /// What the log says of it.
    static String log(Throwable error) {
        Throwable shown = error instanceof Failure ? error.getCause() : error;
        if (shown == null) {
            return error.getMessage() + "\n";
        }
        StringWriter text = new StringWriter();
        shown.printStackTrace(new PrintWriter(text, true));
        String message = String.valueOf(error.getMessage());
        return message + ": " + shown.getClass().getName() + "\n" + text;
    }
}
