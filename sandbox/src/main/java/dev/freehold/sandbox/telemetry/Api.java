package dev.freehold.sandbox.telemetry;

import java.util.Set;

/// The two APIs that extensions subscribe by.
public enum Api {
    TELEMETRY("Telemetry", "ValidationError", "platform.telemetrySubscription"),
    LOGS("Logs", "Logs.ValidationError", "platform.logsSubscription");

    /// As its errors name it.
    public final String text;

    /// The type of its errors for requests that are not valid.
    public final String invalid;

    /// The event that tells of a subscription.
    public final String subscribed;

    Api(String text, String invalid, String subscribed) {
        this.text = text;
        this.invalid = invalid;
        this.subscribed = subscribed;
    }

    /// What only the newer API tells.
    private static final Set<String> TELEMETRY_ONLY =
            Set.of("platform.initStart", TELEMETRY.subscribed);

    /// What only the older API tells.
    private static final Set<String> LOGS_ONLY =
            Set.of("platform.end", "platform.fault", LOGS.subscribed);

    /// What the older API tells those who ask for its newer schema.
    private static final Set<String> NEWER_LOGS =
            Set.of("platform.runtimeDone", "platform.initRuntimeDone", "platform.initReport");

    boolean tells(String type, String schemaVersion) {
        if (this == TELEMETRY) {
            return !LOGS_ONLY.contains(type);
        }
        boolean newer = schemaVersion.equals(Subscription.NEWER_LOGS_SCHEMA);
        return !TELEMETRY_ONLY.contains(type) && (newer || !NEWER_LOGS.contains(type));
    }
}
