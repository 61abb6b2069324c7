package dev.freehold.services.lambda.ops;

import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.rules.Settings;
import dev.freehold.services.lambda.run.Gate;
import dev.freehold.services.lambda.run.Invoker;
import dev.freehold.storage.Store;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.function.Supplier;

/// What the operations work with.
///
/// @param ids makes UUIDs
/// @param development whether functions may be debugged
public record Context(
        Store store,
        InstantSource clock,
        Supplier<String> ids,
        Settings settings,
        Packages packages,
        Invoker invoker,
        Gate gate,
        boolean development) {
    /// How long a change shows as one. On AWS it takes seconds, and tools look for it; they ask
    /// once a second, so that less would save nobody time.
    static final Duration SETTLING = Duration.ofMillis(400);

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'+0000'")
                    .withZone(ZoneOffset.UTC);

    /// A time as Lambda writes it where the model has a string.
    static String text(Instant time) {
        return TIME.format(time);
    }
}
