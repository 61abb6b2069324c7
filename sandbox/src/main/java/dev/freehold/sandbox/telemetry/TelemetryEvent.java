package dev.freehold.sandbox.telemetry;

import dev.freehold.sandbox.json.Json;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Map;

/// Something that happened in an environment.
///
/// @param type `platform.` with a name, or `function` or `extension`
/// @param record what it was: the members of a platform event, or the text of a log line
public record TelemetryEvent(Instant time, String type, Object record) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    /// A time as events have it.
    public static String text(Instant time) {
        return TIME.format(time);
    }

    Category category() {
        return Category.ofType(type);
    }

    TelemetryEvent withRecord(Object other) {
        return new TelemetryEvent(time, type, other);
    }

    /// The event as subscribers and JSON logs have it.
    public byte[] json() {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("time", text(time));
        event.put("type", type);
        event.put("record", record);
        return Json.write(event);
    }
}
