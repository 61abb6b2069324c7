package dev.freehold.services.s3.config;

import dev.freehold.api.s3.LifecycleExpiration;
import dev.freehold.api.s3.LifecycleRule;
import dev.freehold.api.s3.LifecycleRuleAndOperator;
import dev.freehold.api.s3.LifecycleRuleFilter;
import dev.freehold.api.s3.NoncurrentVersionExpiration;
import dev.freehold.api.s3.NoncurrentVersionTransition;
import dev.freehold.api.s3.Tag;
import dev.freehold.api.s3.Transition;
import dev.freehold.services.s3.error.S3Errors;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// What lifecycle rules may say.
final class LifecycleRules {
    private static final int MOST = 1000;
    private static final int LONGEST_ID = 255;
    private static final int INFREQUENT_DAYS = 30;
    private static final Set<String> CLASSES =
            Set.of(
                    "STANDARD_IA",
                    "ONEZONE_IA",
                    "INTELLIGENT_TIERING",
                    "GLACIER_IR",
                    "GLACIER",
                    "DEEP_ARCHIVE");
    private static final Set<String> INFREQUENT = Set.of("STANDARD_IA", "ONEZONE_IA");

    private LifecycleRules() {}

    static void requireValid(@Nullable List<LifecycleRule> rules) {
        if (rules == null || rules.isEmpty() || rules.size() > MOST) {
            throw S3Errors.malformedXml();
        }
        Set<String> ids = new HashSet<>();
        for (LifecycleRule rule : rules) {
            requireValid(rule);
            String id = rule.id();
            if (id != null && !id.isEmpty() && !ids.add(id)) {
                throw S3Errors.invalidArgument(
                        "Rule ID must be unique. Found same ID for more than one rule", "ID", id);
            }
        }
    }

    private static void requireValid(LifecycleRule rule) {
        if (rule.id() != null && rule.id().length() > LONGEST_ID) {
            throw S3Errors.invalidArgument(
                    "ID length should not exceed allowed limit of 255", "ID", rule.id());
        }
        boolean known = "Enabled".equals(rule.status()) || "Disabled".equals(rule.status());
        if (!known || (rule.filter() == null) == (rule.prefix() == null)) {
            throw S3Errors.malformedXml();
        }
        boolean tagged = rule.filter() != null && filter(rule.filter());
        if (rule.expiration() == null
                && rule.noncurrentVersionExpiration() == null
                && rule.abortIncompleteMultipartUpload() == null
                && absent(rule.transitions())
                && absent(rule.noncurrentVersionTransitions())) {
            throw S3Errors.invalidRequest("At least one action needs to be specified in a rule");
        }
        expiration(rule.expiration(), tagged);
        older(rule.noncurrentVersionExpiration());
        abort(rule, tagged);
        if (rule.transitions() != null) {
            rule.transitions().forEach(LifecycleRules::transition);
        }
        if (rule.noncurrentVersionTransitions() != null) {
            rule.noncurrentVersionTransitions().forEach(LifecycleRules::olderTransition);
        }
    }

    private static boolean absent(@Nullable List<?> list) {
        return list == null || list.isEmpty();
    }

    /// Checks a filter.
    ///
    /// @return whether it asks for tags
    private static boolean filter(LifecycleRuleFilter filter) {
        long said =
                Stream.of(
                                filter.prefix(),
                                filter.tag(),
                                filter.objectSizeGreaterThan(),
                                filter.objectSizeLessThan(),
                                filter.and())
                        .filter(Objects::nonNull)
                        .count();
        if (said > 1) {
            throw S3Errors.malformedXml();
        }
        LifecycleRuleAndOperator and = filter.and();
        if (filter.tag() != null) {
            tag(filter.tag());
        }
        if (and == null) {
            return filter.tag() != null;
        }
        Set<String> keys = new HashSet<>();
        for (Tag tag : and.tags() == null ? List.<Tag>of() : and.tags()) {
            tag(tag);
            if (!keys.add(tag.key())) {
                throw S3Errors.invalidRequest("Duplicate Tag Keys are not allowed.");
            }
        }
        Long larger = and.objectSizeGreaterThan();
        Long smaller = and.objectSizeLessThan();
        if (larger != null && smaller != null && larger >= smaller) {
            throw S3Errors.invalidRequest(
                    "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'.");
        }
        return !keys.isEmpty();
    }

    private static void tag(Tag tag) {
        if (tag.key() == null || tag.value() == null) {
            throw S3Errors.malformedXml();
        }
    }

    private static void expiration(@Nullable LifecycleExpiration expiration, boolean tagged) {
        if (expiration == null) {
            return;
        }
        one(expiration.days(), expiration.date(), expiration.expiredObjectDeleteMarker());
        positive(expiration.days(), "'Days' for Expiration action must be a positive integer");
        midnight(expiration.date());
        if (tagged && expiration.expiredObjectDeleteMarker() != null) {
            throw S3Errors.invalidRequest(
                    "ExpiredObjectDeleteMarker cannot be specified with Tags");
        }
    }

    private static void one(@Nullable Object... choices) {
        if (Stream.of(choices).filter(Objects::nonNull).count() != 1) {
            throw S3Errors.malformedXml();
        }
    }

    private static void positive(@Nullable Integer days, String message) {
        if (days != null && days < 1) {
            throw S3Errors.invalidArgument(message, "Days", days.toString());
        }
    }

    private static void midnight(@Nullable Instant date) {
        if (date != null && !date.equals(date.truncatedTo(ChronoUnit.DAYS))) {
            throw S3Errors.invalidArgument(
                    "'Date' must be at midnight GMT", "Date", date.toString());
        }
    }

    private static void older(@Nullable NoncurrentVersionExpiration older) {
        if (older == null) {
            return;
        }
        if (older.noncurrentDays() == null) {
            throw S3Errors.malformedXml();
        }
        positive(
                older.noncurrentDays(),
                "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive"
                        + " integer");
        Integer kept = older.newerNoncurrentVersions();
        if (kept != null && (kept < 1 || kept > 100)) {
            throw S3Errors.invalidArgument(
                    "'NewerNoncurrentVersions' must be between 1 and 100",
                    "NewerNoncurrentVersions",
                    kept.toString());
        }
    }

    private static void abort(LifecycleRule rule, boolean tagged) {
        if (rule.abortIncompleteMultipartUpload() == null) {
            return;
        }
        if (tagged) {
            throw S3Errors.invalidRequest(
                    "AbortIncompleteMultipartUpload cannot be specified with Tags");
        }
        Integer days = rule.abortIncompleteMultipartUpload().daysAfterInitiation();
        if (days == null) {
            throw S3Errors.malformedXml();
        }
        positive(
                days,
                "'DaysAfterInitiation' for AbortIncompleteMultipartUpload action must be a positive"
                        + " integer");
    }

    private static void transition(Transition transition) {
        one(transition.days(), transition.date());
        midnight(transition.date());
        storageClass(transition.storageClass(), transition.days(), "Transition");
    }

    private static void olderTransition(NoncurrentVersionTransition transition) {
        if (transition.noncurrentDays() == null) {
            throw S3Errors.malformedXml();
        }
        if (transition.newerNoncurrentVersions() != null) {
            throw S3Errors.notImplemented("Transition of all but the newest noncurrent versions");
        }
        storageClass(
                transition.storageClass(),
                transition.noncurrentDays(),
                "NoncurrentVersionTransition");
    }

    private static void storageClass(
            @Nullable String storageClass, @Nullable Integer days, String action) {
        if (storageClass == null || !CLASSES.contains(storageClass)) {
            throw S3Errors.malformedXml();
        }
        if (days != null && days < 0) {
            throw S3Errors.invalidArgument(
                    "'Days' in " + action + " action must be nonnegative", "Days", days.toString());
        }
        if (days != null && days < INFREQUENT_DAYS && INFREQUENT.contains(storageClass)) {
            throw S3Errors.invalidArgument(
                    "'Days' in "
                            + action
                            + " action must be greater than or equal to 30 for storageClass '"
                            + storageClass
                            + "'",
                    "Days",
                    days.toString());
        }
    }
}
