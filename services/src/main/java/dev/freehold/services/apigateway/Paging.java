package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.BadRequestException;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Pages of listings: the token is the last id of the page before.
final class Paging {
    private Paging() {}

    /// One page.
    ///
    /// @param next the token of the next page, or null
    record Page<T>(List<T> items, @Nullable String next) {}

    /// @param max the most items, as text; all when null
    static <T> Page<T> of(
            List<T> all, Function<T, String> id, @Nullable String token, @Nullable String max) {
        int start = 0;
        if (token != null) {
            while (start < all.size() && !id.apply(all.get(start)).equals(token)) {
                start++;
            }
            if (start == all.size()) {
                throw new BadRequestException("Invalid next token");
            }
            start++;
        }
        int end = Math.min(all.size(), start + most(max));
        String next = end < all.size() ? id.apply(all.get(end - 1)) : null;
        return new Page<>(List.copyOf(all.subList(start, end)), next);
    }

    private static int most(@Nullable String max) {
        if (max == null) {
            return ApiTables.MAX_PARTS;
        }
        try {
            int most = Integer.parseInt(max);
            if (most >= 1) {
                return Math.min(most, ApiTables.MAX_PARTS);
            }
        } catch (NumberFormatException e) {
            // Falls through: not a number.
        }
        throw new BadRequestException("Invalid MaxResults");
    }
}
