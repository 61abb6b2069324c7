package dev.freehold.protocol.signing;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The keys that sign for a day, region and service, which take four of a request's five hashes to
/// make, and are the same for a day.
final class SigningKeys {
    /// The most keys that are kept.
    private static final int MAX_KEPT = 1_024;

    private final Map<Scope, byte[]> kept = new ConcurrentHashMap<>();

    private record Scope(String secret, String date, String region, String service) {
        @Override
        public String toString() {
            return date + "/" + region + "/" + service;
        }
    }

    /// The key of that scope. The caller does not change it.
    byte[] key(Authorization authorization, String secret) {
        Scope scope =
                new Scope(
                        secret,
                        authorization.date(),
                        authorization.region(),
                        authorization.service());
        byte[] known = kept.get(scope);
        return known == null ? make(scope) : known;
    }

    private byte[] make(Scope scope) {
        byte[] key = Hmac.signingKey(scope.secret, scope.date, scope.region, scope.service);
        if (kept.size() >= MAX_KEPT) {
            kept.clear();
        }
        kept.put(scope, key);
        return key;
    }
}
