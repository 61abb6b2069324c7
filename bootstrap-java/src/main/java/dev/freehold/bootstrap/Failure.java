package dev.freehold.bootstrap;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Why a handler can't be called, in the words of AWS's runtime; and how that tells any error.
final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    private final boolean fatal;

    private Failure(String message, @Nullable Throwable cause, boolean fatal) {
        super(message, cause, false, false);
        this.fatal = fatal;
    }

    /// A failure that each invocation has, like a class that is not there.
    ///
    /// @param cause whose class names the error, or null
    static Failure later(String message, @Nullable Throwable cause) {
        return new Failure(message, cause, false);
    }

    /// A failure of user code while it was loaded, which ends the process.
    static Failure fatal(String message, Throwable cause) {
        return new Failure(message, cause, true);
    }

    boolean fatal() {
        return fatal;
    }

    /// What user code threw.
    static Throwable thrown(Throwable error) {
        Throwable cause = error.getCause();
        return error instanceof InvocationTargetException && cause != null ? cause : error;
    }

    /// An error's message; its class where it has none.
    static String message(Throwable error) {
        String message = error.getLocalizedMessage();
        return message == null ? error.getClass().getName() : message;
    }

    /// The error as the caller gets it.
    static byte[] json(Throwable error) {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("errorMessage", message(error));
        Throwable cause = error.getCause();
        if (!(error instanceof Failure)) {
            facts.put("errorType", error.getClass().getName());
            facts.put("stackTrace", trace(error));
        } else if (cause != null) {
            facts.put("errorType", cause.getClass().getName());
        }
        return Json.write(facts);
    }

    /// The trace up to the runtime.
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
            return message(error) + "\n";
        }
        StringWriter text = new StringWriter();
        shown.printStackTrace(new PrintWriter(text, true));
        return message(error) + ": " + shown.getClass().getName() + "\n" + text + "\n";
    }
}
