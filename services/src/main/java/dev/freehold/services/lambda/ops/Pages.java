package dev.freehold.services.lambda.ops;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Pages of listings. A marker is the key of the last item before.
final class Pages {
    private Pages() {}

    record Page<T>(List<T> items, @Nullable String next) {}

    /// A page of `all`.
    ///
    /// @param key orders the items as they are listed
    /// @param wanted how many, or null for as many as go
    static <T> Page<T> of(
            List<T> all,
            Function<T, String> key,
            @Nullable String marker,
            @Nullable Integer wanted,
            int max) {
        int limit = wanted == null ? max : Math.min(wanted, max);
        int start = 0;
        while (marker != null && start < all.size()) {
            if (key.apply(all.get(start++)).equals(marker)) {
                break;
            }
        }
        int end = Math.min(all.size(), start + limit);
        List<T> items = all.subList(start, end);
        String next = end < all.size() && !items.isEmpty() ? key.apply(items.getLast()) : null;
        return new Page<>(List.copyOf(items), next);
    }
}
