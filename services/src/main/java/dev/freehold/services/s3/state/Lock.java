package dev.freehold.services.s3.state;

import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// What keeps a version from being removed.
///
/// @param mode `GOVERNANCE` or `COMPLIANCE`, or null
/// @param until until when; null exactly when `mode` is
/// @param legalHold whether it is held; null when that was never said
public record Lock(@Nullable String mode, @Nullable Instant until, @Nullable Boolean legalHold) {
    public static final Lock NONE = new Lock(null, null, null);

    /// Whether the version must not be removed.
    ///
    /// @param bypass whether the caller may, and wants to, pass over `GOVERNANCE`
    public boolean holds(Instant now, boolean bypass) {
        if (Boolean.TRUE.equals(legalHold)) {
            return true;
        }
        return until != null && now.isBefore(until) && !(bypass && "GOVERNANCE".equals(mode));
    }

    static void write(ValueWriter out, Lock lock) {
        out.optionalString(lock.mode)
                .optional(lock.until, ValueWriter::instant)
                .optional(lock.legalHold, ValueWriter::bool);
    }

    static Lock read(ValueReader in) {
        return new Lock(
                in.optionalString(),
                in.optional(ValueReader::instant),
                in.optional(ValueReader::bool));
    }
}
