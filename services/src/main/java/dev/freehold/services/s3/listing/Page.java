package dev.freehold.services.s3.listing;

import dev.freehold.services.s3.listing.Entries.Walk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// One page of a listing.
///
/// @param entries the keys' entries, in order
/// @param prefixes the common prefixes, in order
/// @param next where the next page starts, or null when this is the last
public record Page<T>(List<T> entries, List<String> prefixes, @Nullable Position next) {
    /// The most entries that one page looks at, listed or not. A page over more of them ends early,
    /// which S3 allows: clients go by the marker, not by the count.
    public static final int MOST_STEPS = 20_000;

    /// What to list.
    ///
    /// @param prefix what all keys begin with
    /// @param delimiter where to roll up, or null; never empty
    /// @param max the most entries and prefixes together
    public record Query(String prefix, @Nullable String delimiter, int max) {}

    public boolean truncated() {
        return next != null;
    }

    /// Lists one page.
    public static <T> Page<T> of(Entries<T> source, Query query, Position start) {
        if (query.max() <= 0) {
            // AWS: a page of nothing is not truncated.
            return new Page<>(List.of(), List.of(), null);
        }
        return new Walker<>(source, query).walk(start);
    }

    private static final class Walker<T> {
        private final Entries<T> source;
        private final Query query;
        private final List<T> entries = new ArrayList<>();
        private final List<String> prefixes = new ArrayList<>();
        private Position last = new Position.Beginning();
        private int steps;
        private boolean more;

        Walker(Entries<T> source, Query query) {
            this.source = source;
            this.query = query;
        }

        Page<T> walk(Position start) {
            @Nullable Position at = start;
            while (at != null) {
                at = run(at);
            }
            return new Page<>(List.copyOf(entries), List.copyOf(prefixes), more ? last : null);
        }

        /// Takes entries up to the next common prefix; where to go on, or null at the end.
        private @Nullable Position run(Position from) {
            try (Walk<T> walk = source.from(from)) {
                while (walk.next()) {
                    T value = walk.value();
                    if (value != null && entries.size() + prefixes.size() == query.max()) {
                        more = true;
                        return null;
                    }
                    String common = value == null ? null : common(walk.key());
                    if (common != null) {
                        prefixes.add(common);
                        last = new Position.AfterPrefix(common);
                        return last;
                    }
                    if (value != null) {
                        entries.add(value);
                    }
                    last = position(walk, value);
                    if (++steps == MOST_STEPS) {
                        more = true;
                        return null;
                    }
                }
                return null;
            }
        }

        private Position position(Walk<T> walk, @Nullable T value) {
            return value instanceof Versioned versioned
                    ? new Position.AfterKey(walk.key(), versioned.versionId())
                    : new Position.AfterKey(walk.key());
        }

        private @Nullable String common(String key) {
            String delimiter = query.delimiter();
            if (delimiter == null) {
                return null;
            }
            int at = key.indexOf(delimiter, query.prefix().length());
            return at < 0 ? null : key.substring(0, at + delimiter.length());
        }
    }

    /// An entry that shares its key with others, which are told apart by their version.
    public interface Versioned {
        String versionId();
    }
}
