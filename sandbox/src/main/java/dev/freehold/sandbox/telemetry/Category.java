package dev.freehold.sandbox.telemetry;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// What events are about.
enum Category {
    PLATFORM,
    FUNCTION,
    EXTENSION;

    /// As the API names it.
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// @return null when there is none of that name
    static @Nullable Category of(@Nullable Object name) {
        for (Category each : values()) {
            if (each.text().equals(name)) {
                return each;
            }
        }
        return null;
    }

    /// The category of a type of event.
    static Category ofType(String type) {
        return switch (type) {
            case "function" -> FUNCTION;
            case "extension" -> EXTENSION;
            default -> PLATFORM;
        };
    }
}
