package dev.freehold.services.logs;

import dev.freehold.api.logs.InvalidParameterException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

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

    private static final int DEFAULT_PAGE = 50;

    /// One page of a listing.
    ///
    /// @param next the token of the next page, or null
    record Page<T>(List<T> items, @Nullable String next) {}

    /// The page after a token, which names the last item of the page before.
    ///
    /// @param limit the most items of a page; 50 when null
    static <T> Page<T> page(
            List<T> all,
            Function<T, String> name,
            @Nullable String token,
            @Nullable Integer limit) {
        int start = 0;
        if (token != null) {
            String last = read(token);
            while (start < all.size() && !name.apply(all.get(start)).equals(last)) {
                start++;
            }
            if (start == all.size()) {
                throw new InvalidParameterException("The specified nextToken is invalid.");
            }
            start++;
        }
        int end = Math.min(all.size(), start + (limit == null ? DEFAULT_PAGE : limit));
        String next = end < all.size() ? write(name.apply(all.get(end - 1))) : null;
        return new Page<>(List.copyOf(all.subList(start, end)), next);
    }
}
