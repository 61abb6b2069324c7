package dev.freehold.protocol.signing;

import dev.freehold.protocol.Principal;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Knows the access keys.
@FunctionalInterface
public interface KeyStore {
    /// Whose key it is, or null when nobody's.
    ///
    /// @param token the session token that came with it, or null; a key that comes with a wrong one
    ///   may be found, and has the right one
    @Nullable Key find(String accessKeyId, @Nullable String token);

    /// An access key.
    ///
    /// @param secret the secret that signs
    /// @param token the session token that must come with it, or null for a long-term key
    /// @param account the owner's account
    /// @param principal whose key it is
    /// @param expiry when it ends, or null
    /// @param facts what policies' conditions may ask of a session that is not stored
    record Key(
            String secret,
            @Nullable String token,
            String account,
            Principal principal,
            @Nullable Instant expiry,
            Map<String, String> facts) {
        /// A key with nothing more to say about.
        public Key(
                String secret,
                @Nullable String token,
                String account,
                Principal principal,
                @Nullable Instant expiry) {
            this(secret, token, account, principal, expiry, Map.of());
        }

        @Override
        public String toString() {
            return "Key[" + principal.arn() + "]";
        }
    }
}
