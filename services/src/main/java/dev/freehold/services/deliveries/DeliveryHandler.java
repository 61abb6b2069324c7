package dev.freehold.services.deliveries;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Performs the deliveries of one kind. Called on a virtual thread, outside any transaction; the
/// same delivery may be performed again after a crash.
@FunctionalInterface
public interface DeliveryHandler {
    Outcome perform(Delivery delivery);

    /// Tells that a delivery is dead, before its row goes: the place to send it to its dead-letter
    /// target in the service's own form. The rule hands the payload to the policy's target.
    ///
    /// @return whether that was done; false makes the dispatcher use its own form
    default boolean buried(Delivery delivery, String reason) {
        return false;
    }

    /// How an attempt ended.
    sealed interface Outcome {
        /// It is done; the row goes.
        record Done() implements Outcome {}

        /// It failed in a way that may pass: try again.
        ///
        /// @param pause how long to wait, or null for what its policy says
        record Retry(String reason, @Nullable Duration pause) implements Outcome {
            public Retry(String reason) {
                this(reason, null);
            }
        }

        /// It can't be done now and that is no failure (throttled): later, without counting.
        record Later(Duration pause) implements Outcome {}

        /// It will never work: dead at once.
        record Dead(String reason) implements Outcome {}
    }
}
