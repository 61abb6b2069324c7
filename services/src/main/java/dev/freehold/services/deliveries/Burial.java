package dev.freehold.services.deliveries;

/// Hands a dead delivery to its policy's dead-letter target.
@FunctionalInterface
public interface Burial {
    /// Does nothing when the delivery's policy names no dead-letter target.
    void bury(Delivery delivery, String reason);
}
