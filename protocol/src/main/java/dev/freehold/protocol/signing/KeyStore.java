package dev.freehold.protocol.signing;

import dev.freehold.protocol.Principal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Knows the access keys.
@FunctionalInterface
public interface KeyStore {
    /// Whose key it is, or null when nobody's.
    @Nullable Key find(String accessKeyId);

    /// An access key.
    ///
    /// @param secret the secret that signs
    /// @param token the session token that must come with it, or null for a long-term key
    /// @param account the owner's account
    /// @param principal whose key it is
    /// @param expiry when it ends, or null
    record Key(
            String secret,
            @Nullable String token,
            String account,
            Principal principal,
            @Nullable Instant expiry) {
        @Override
        public String toString() {
            return "Key[" + principal.arn() + "]";
        }
    }
}
