package dev.freehold.services.s3.lifecycle;

import dev.freehold.api.s3.BucketLifecycleConfiguration;
import dev.freehold.services.s3.lifecycle.Rule.Move;
import dev.freehold.services.s3.state.S3Tables;
import dev.freehold.services.s3.state.Shapes;
import dev.freehold.services.s3.state.Version;
import dev.freehold.storage.Transaction;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A bucket's enabled rules.
///
/// @param rules in the configuration's order
/// @param anySize whether objects of less than 128 KiB may go to the archives
public record Rules(List<Rule> rules, boolean anySize) {
    /// Where the configuration is kept.
    public static final String SETTING = "lifecycle";

    /// Where it is kept which objects are too small to be moved.
    public static final String SIZE_SETTING = "lifecycle-minimum-size";

    /// The value of that setting which lets small objects go to the archives.
    public static final String BY_CLASS = "varies_by_storage_class";

    private static final long SMALL = 128 * 1024;
    private static final Set<String> ARCHIVES = Set.of("GLACIER", "DEEP_ARCHIVE");
    private static final DateTimeFormatter DATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    public Rules {
        rules = List.copyOf(rules);
    }

    /// The rules of a bucket; none where lifecycle is not configured.
    public static Rules of(Transaction tx, String bucket) {
        byte[] bytes = S3Tables.setting(tx, bucket, SETTING);
        if (bytes == null) {
            return new Rules(List.of(), false);
        }
        BucketLifecycleConfiguration configuration =
                (BucketLifecycleConfiguration)
                        Shapes.fromBytes(BucketLifecycleConfiguration.SCHEMA, bytes);
        List<Rule> rules =
                configuration.rules().stream()
                        .filter(rule -> "Enabled".equals(rule.status()))
                        .map(Rule::of)
                        .toList();
        byte[] size = S3Tables.setting(tx, bucket, SIZE_SETTING);
        boolean anySize = size != null && new String(size, StandardCharsets.UTF_8).equals(BY_CLASS);
        return new Rules(rules, anySize);
    }

    public boolean isEmpty() {
        return rules.isEmpty();
    }

    /// When a current version expires.
    ///
    /// @param rule by which rule
    public record Expiry(Instant at, String rule) {
        /// As the header `x-amz-expiration` says it.
        public String header() {
            String id = URLEncoder.encode(rule, StandardCharsets.UTF_8).replace("+", "%20");
            return "expiry-date=\"" + DATE.format(at) + "\", rule-id=\"" + id + "\"";
        }
    }

    /// When a current version expires, by the rule that comes first; null when by none.
    public @Nullable Expiry expiry(String key, Version version) {
        Expiry first = null;
        for (Rule rule : rules) {
            if (rule.expiry() != null && rule.filter().matches(key, version)) {
                Instant at = rule.expiry().after(version.modified());
                if (first == null || at.isBefore(first.at())) {
                    first = new Expiry(at, rule.id());
                }
            }
        }
        return first;
    }

    /// Whether a delete marker goes that marks nothing any more.
    boolean removesMarker(String key, Version marker, Instant now) {
        return rules.stream()
                .anyMatch(rule ->
                        rule.markers()
                                && key.startsWith(rule.filter().prefix())
                                && (rule.expiry() == null
                                        || !now.isBefore(rule.expiry().after(marker.modified()))));
    }

    /// Whether a version goes that is no longer current.
    ///
    /// @param since when it was no longer current
    /// @param newer how many others are newer and not current either
    boolean removesOlder(String key, Version version, Instant since, int newer, Instant now) {
        return rules.stream()
                .anyMatch(rule ->
                        rule.older() != null
                                && rule.filter().matches(key, version)
                                && newer >= rule.older().kept()
                                && !now.isBefore(Rule.midnight(since, rule.older().days())));
    }

    /// The storage class that a current version is to move to by now, or null when it stays.
    @Nullable String move(String key, Version version, Instant now) {
        return move(key, version, Rule::transitions, version.modified(), now);
    }

    /// The storage class that a version is to move to which is no longer current.
    ///
    /// @param since when it was no longer current
    @Nullable String moveOlder(String key, Version version, Instant since, Instant now) {
        return move(key, version, Rule::olderTransitions, since, now);
    }

    /// Of the moves that are due, the one that came last is what the version is to have.
    private @Nullable String move(
            String key,
            Version version,
            Function<Rule, List<Move>> moves,
            Instant since,
            Instant now) {
        Instant last = Instant.MIN;
        String found = null;
        for (Rule rule : rules) {
            if (!rule.filter().matches(key, version)) {
                continue;
            }
            for (Move move : moves.apply(rule)) {
                Instant at = move.when().after(since);
                boolean due = !now.isBefore(at) && !at.isBefore(last);
                if (due && large(rule, version, move.storageClass())) {
                    last = at;
                    found = move.storageClass();
                }
            }
        }
        return version.properties().storageClass().equals(found) ? null : found;
    }

    private boolean large(Rule rule, Version version, String storageClass) {
        boolean said = rule.filter().larger() != null || rule.filter().smaller() != null;
        return said
                || (anySize && ARCHIVES.contains(storageClass))
                || version.bytes().size() >= SMALL;
    }

    /// After how many days an unfinished upload is aborted, or null for never.
    @Nullable Integer abortDays(String key) {
        Integer fewest = null;
        for (Rule rule : rules) {
            if (rule.abortDays() != null
                    && key.startsWith(rule.filter().prefix())
                    && (fewest == null || rule.abortDays() < fewest)) {
                fewest = rule.abortDays();
            }
        }
        return fewest;
    }

    /// When an unfinished upload is aborted, and by which rule; null for never.
    public @Nullable Expiry abort(String key, Instant initiated) {
        Integer days = abortDays(key);
        if (days == null) {
            return null;
        }
        for (Rule rule : rules) {
            if (days.equals(rule.abortDays()) && key.startsWith(rule.filter().prefix())) {
                return new Expiry(Rule.midnight(initiated, days), rule.id());
            }
        }
        return null;
    }
}
