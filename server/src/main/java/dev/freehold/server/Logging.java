package dev.freehold.server;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.text.MessageFormat;
import java.time.Instant;
import java.util.logging.ConsoleHandler;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/// The process's log: one JSON object a line, on standard error. Everything logs by
/// `System.Logger`, which the JDK hands to `java.util.logging`; Jetty's comes there too.
public final class Logging {
    /// Kept, since what nobody keeps is collected, with its level.
    private static final Logger JETTY = Logger.getLogger("org.eclipse.jetty");

    private Logging() {}

    /// Takes over the process's log.
    public static void configure() {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        Handler console = new ConsoleHandler();
        console.setFormatter(new JsonLines());
        root.addHandler(console);
        JETTY.setLevel(Level.WARNING);
    }

    /// Writes a record as one line of JSON.
    static final class JsonLines extends Formatter {
        @Override
        public String format(LogRecord entry) {
            StringBuilder out = new StringBuilder(200);
            out.append("{\"time\":\"").append(Instant.ofEpochMilli(entry.getMillis()));
            out.append("\",\"level\":\"").append(level(entry.getLevel()));
            out.append("\",\"logger\":");
            quote(out, String.valueOf(entry.getLoggerName()));
            out.append(",\"message\":");
            quote(out, message(entry));
            if (entry.getThrown() != null) {
                StringWriter trace = new StringWriter();
                entry.getThrown().printStackTrace(new PrintWriter(trace));
                out.append(",\"trace\":");
                quote(out, trace.toString());
            }
            return out.append("}\n").toString();
        }

        private static String message(LogRecord entry) {
            String text = String.valueOf(entry.getMessage());
            @Nullable Object @Nullable [] values = entry.getParameters();
            return values == null || values.length == 0 ? text : MessageFormat.format(text, values);
        }

        private static String level(Level level) {
            if (level.intValue() >= Level.SEVERE.intValue()) {
                return "ERROR";
            }
            return level.intValue() >= Level.WARNING.intValue() ? "WARN" : level.getName();
        }

        private static void quote(StringBuilder out, String text) {
            out.append('"');
            for (int i = 0; i < text.length(); i++) {
                char c = text.charAt(i);
                switch (c) {
                    case '"' -> out.append("\\\"");
                    case '\\' -> out.append("\\\\");
                    case '\n' -> out.append("\\n");
                    case '\r' -> out.append("\\r");
                    case '\t' -> out.append("\\t");
                    default -> {
                        if (c < 0x20) {
                            out.append("\\u00").append(Character.forDigit(c >> 4, 16));
                            out.append(Character.forDigit(c & 15, 16));
                        } else {
                            out.append(c);
                        }
                    }
                }
            }
            out.append('"');
        }
    }
}
