package dev.freehold.services.s3.listing;

import org.jspecify.annotations.Nullable;

/// Where a listing starts: after what earlier pages answered.
public sealed interface Position {
    /// At the first key.
    record Beginning() implements Position {}

    /// After a key; where versions are listed and `versionId` is given, after that version of it.
    record AfterKey(String key, @Nullable String versionId) implements Position {
        public AfterKey(String key) {
            this(key, null);
        }
    }

    /// After all keys with a prefix.
    record AfterPrefix(String prefix) implements Position {}

    /// What a marker means where keys are rolled up at `delimiter`: a marker that is a common
    /// prefix, or lies within one, stands for the whole of it.
    static Position ofMarker(@Nullable String marker, String prefix, @Nullable String delimiter) {
        if (marker == null || marker.isEmpty()) {
            return new Beginning();
        }
        if (delimiter != null && marker.startsWith(prefix)) {
            int at = marker.indexOf(delimiter, prefix.length());
            if (at >= 0) {
                return new AfterPrefix(marker.substring(0, at + delimiter.length()));
            }
        }
        return new AfterKey(marker);
    }
}
