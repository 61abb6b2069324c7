package dev.freehold.sandbox.api;

import dev.freehold.sandbox.telemetry.Subscription;
import dev.freehold.sandbox.telemetry.Telemetry.Outcome;

/// Hears what extensions ask for that is not theirs alone.
@FunctionalInterface
public interface ExtensionEvents {
    /// An extension subscribes to telemetry.
    Outcome subscribes(String extension, Subscription subscription);
}
