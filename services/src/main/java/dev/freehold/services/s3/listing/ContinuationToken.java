package dev.freehold.services.s3.listing;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// A position as ListObjectsV2 hands it out: opaque to clients.
public final class ContinuationToken {
    private static final String KEY = "k";
    private static final String PREFIX = "p";

    private ContinuationToken() {}

    public static String of(Position position) {
        String text =
                switch (position) {
                    case Position.Beginning() -> KEY;
                    case Position.AfterKey(String key, _) -> KEY + key;
                    case Position.AfterPrefix(String prefix) -> PREFIX + prefix;
                };
        return Base64.getUrlEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /// The position that a token stands for, or null when it is none of ours.
    public static @Nullable Position parse(String token) {
        String text;
        try {
            text = new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (text.startsWith(PREFIX)) {
            return new Position.AfterPrefix(text.substring(1));
        }
        return text.startsWith(KEY) ? new Position.AfterKey(text.substring(1)) : null;
    }
}
