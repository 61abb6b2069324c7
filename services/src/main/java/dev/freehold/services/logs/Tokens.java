package dev.freehold.services.logs;

import dev.freehold.api.logs.InvalidParameterException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// Tokens of pages.
final class Tokens {
    private Tokens() {}

    static String write(String place) {
        return Base64.getUrlEncoder().encodeToString(place.getBytes(StandardCharsets.UTF_8));
    }

    static String read(String token) {
        try {
            return new String(Base64.getUrlDecoder().decode(token), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new InvalidParameterException("The specified nextToken is invalid.");
        }
    }
}
