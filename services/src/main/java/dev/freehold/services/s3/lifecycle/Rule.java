package dev.freehold.services.s3.lifecycle;

import dev.freehold.api.s3.AbortIncompleteMultipartUpload;
import dev.freehold.api.s3.LifecycleExpiration;
import dev.freehold.api.s3.LifecycleRule;
import dev.freehold.api.s3.LifecycleRuleAndOperator;
import dev.freehold.api.s3.LifecycleRuleFilter;
import dev.freehold.api.s3.NoncurrentVersionExpiration;
import dev.freehold.api.s3.NoncurrentVersionTransition;
import dev.freehold.api.s3.Tag;
import dev.freehold.api.s3.Transition;
import dev.freehold.services.s3.state.Version;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One enabled rule of a bucket.
///
/// @param id its name
/// @param filter which objects it is for
/// @param expiry when current versions expire, or null
/// @param markers whether delete markers go that mark nothing any more
/// @param older when versions go that are no longer current, or null
/// @param transitions to which storage classes current versions go
/// @param olderTransitions to which storage classes other versions go
/// @param abortDays after how many days an unfinished upload is aborted, or null
record Rule(
        String id,
        Filter filter,
        @Nullable When expiry,
        boolean markers,
        @Nullable Older older,
        List<Move> transitions,
        List<Move> olderTransitions,
        @Nullable Integer abortDays) {

    /// Which objects a rule is for.
    ///
    /// @param prefix what keys begin with
    /// @param tags the tags that an object must have
    /// @param larger how many bytes it must exceed, or null
    /// @param smaller how many bytes it must have less of, or null
    record Filter(
            String prefix,
            Map<String, String> tags,
            @Nullable Long larger,
            @Nullable Long smaller) {
        boolean matches(String key, Version version) {
            long size = version.isMarker() ? 0 : version.bytes().size();
            return key.startsWith(prefix)
                    && version.tags().entrySet().containsAll(tags.entrySet())
                    && (larger == null || size > larger)
                    && (smaller == null || size < smaller);
        }
    }

    /// From when something is due.
    ///
    /// @param days so many days after it began, or null
    /// @param date at that time, or null; exactly one of the two is there
    record When(@Nullable Integer days, @Nullable Instant date) {
        Instant after(Instant began) {
            return date == null ? midnight(began, days == null ? 0 : days) : date;
        }
    }

    /// When versions go that are no longer current.
    ///
    /// @param days after how many days
    /// @param kept how many of the newest stay whatever their age
    record Older(int days, int kept) {}

    /// A move to another storage class.
    record Move(When when, String storageClass) {}

    /// AWS: the days are added to the time, and what results is rounded up to the next midnight.
    static Instant midnight(Instant began, int days) {
        Instant end = began.plus(Duration.ofDays(days));
        Instant midnight = end.truncatedTo(ChronoUnit.DAYS);
        return midnight.equals(end) ? midnight : midnight.plus(1, ChronoUnit.DAYS);
    }

    static Rule of(LifecycleRule rule) {
        LifecycleExpiration expiration = rule.expiration();
        boolean dated =
                expiration != null && (expiration.days() != null || expiration.date() != null);
        NoncurrentVersionExpiration older = rule.noncurrentVersionExpiration();
        AbortIncompleteMultipartUpload abort = rule.abortIncompleteMultipartUpload();
        return new Rule(
                rule.id() == null ? "" : rule.id(),
                filter(rule.filter(), rule.prefix()),
                expiration != null && dated ? new When(expiration.days(), expiration.date()) : null,
                expiration != null
                        && (dated || Boolean.TRUE.equals(expiration.expiredObjectDeleteMarker())),
                older == null || older.noncurrentDays() == null
                        ? null
                        : new Older(
                                older.noncurrentDays(),
                                older.newerNoncurrentVersions() == null
                                        ? 0
                                        : older.newerNoncurrentVersions()),
                moves(rule.transitions()),
                olderMoves(rule.noncurrentVersionTransitions()),
                abort == null ? null : abort.daysAfterInitiation());
    }

    private static Move move(When when, @Nullable String storageClass) {
        return new Move(when, Objects.requireNonNull(storageClass, "rules are checked when put"));
    }

    private static List<Move> moves(@Nullable List<Transition> transitions) {
        List<Move> moves = new ArrayList<>();
        for (Transition one : transitions == null ? List.<Transition>of() : transitions) {
            moves.add(move(new When(one.days(), one.date()), one.storageClass()));
        }
        return moves;
    }

    private static List<Move> olderMoves(@Nullable List<NoncurrentVersionTransition> transitions) {
        List<Move> moves = new ArrayList<>();
        if (transitions != null) {
            for (NoncurrentVersionTransition one : transitions) {
                moves.add(move(new When(one.noncurrentDays(), null), one.storageClass()));
            }
        }
        return moves;
    }

    private static Filter filter(@Nullable LifecycleRuleFilter filter, @Nullable String prefix) {
        if (filter == null) {
            return new Filter(prefix == null ? "" : prefix, Map.of(), null, null);
        }
        LifecycleRuleAndOperator and = filter.and();
        Map<String, String> tags = new LinkedHashMap<>();
        if (and == null) {
            if (filter.tag() != null) {
                tags.put(filter.tag().key(), filter.tag().value());
            }
            return new Filter(
                    filter.prefix() == null ? "" : filter.prefix(),
                    tags,
                    filter.objectSizeGreaterThan(),
                    filter.objectSizeLessThan());
        }
        for (Tag tag : and.tags() == null ? List.<Tag>of() : and.tags()) {
            tags.put(tag.key(), tag.value());
        }
        return new Filter(
                and.prefix() == null ? "" : and.prefix(),
                tags,
                and.objectSizeGreaterThan(),
                and.objectSizeLessThan());
    }
}
