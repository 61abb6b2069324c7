package dev.freehold.services.iam;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Pages of listings: the marker is the last name of the page before.
final class Pages {
    private static final int DEFAULT = 100;

    private Pages() {}

    /// One page.
    ///
    /// @param next the marker of the next page, or null
    record Page<T>(List<T> items, boolean truncated, @Nullable String next) {}

    static <T> Page<T> of(
            List<T> all,
            Function<T, String> name,
            @Nullable String marker,
            @Nullable Integer maxItems) {
        int start = 0;
        if (marker != null) {
            String last = new String(decode(marker), StandardCharsets.UTF_8);
            while (start < all.size() && !name.apply(all.get(start)).equals(last)) {
                start++;
            }
            start = Math.min(start + 1, all.size());
        }
        int end = Math.min(all.size(), start + (maxItems == null ? DEFAULT : maxItems));
        boolean more = end < all.size();
        String next =
                more
                        ? Base64.getUrlEncoder()
                                .encodeToString(
                                        name.apply(all.get(end - 1))
                                                .getBytes(StandardCharsets.UTF_8))
                        : null;
        return new Page<>(all.subList(start, end), more, next);
    }

    private static byte[] decode(String marker) {
        try {
            return Base64.getUrlDecoder().decode(marker);
        } catch (IllegalArgumentException e) {
            throw new dev.freehold.protocol.CommonError("ValidationError", 400, "Invalid Marker.");
        }
    }
}
