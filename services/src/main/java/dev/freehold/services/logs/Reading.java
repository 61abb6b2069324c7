package dev.freehold.services.logs;

import dev.freehold.api.logs.FilterLogEventsRequest;
import dev.freehold.api.logs.FilterLogEventsResponse;
import dev.freehold.api.logs.FilteredLogEvent;
import dev.freehold.api.logs.GetLogEventsRequest;
import dev.freehold.api.logs.GetLogEventsResponse;
import dev.freehold.api.logs.InvalidParameterException;
import dev.freehold.api.logs.OutputLogEvent;
import dev.freehold.services.logs.LogsTables.Event;
import dev.freehold.services.logs.LogsTables.EventKey;
import dev.freehold.services.logs.LogsTables.GroupKey;
import dev.freehold.services.logs.LogsTables.Scope;
import dev.freehold.services.logs.LogsTables.StreamKey;
import dev.freehold.services.logs.Timeline.Item;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reading a stream's events, and filtering a group's.
final class Reading {
    private static final int MAX_PAGE = 10_000;

    /// The most events that one FilterLogEvents looks at; a token leads on from there.
    private static final int MAX_LOOKED_AT = 20_000;

    /// The most bytes of messages that one page has, unless a single message has more.
    private static final int MAX_BYTES = 1_048_576;

    private final Store store;

    Reading(Store store) {
        this.store = store;
    }

    /// Collects one page, bounded in events and bytes.
    private static final class Page<T> {
        private final List<T> items = new ArrayList<>();
        private final int limit;
        private int bytes;
        private @Nullable Place first;
        private @Nullable Place last;

        Page(int limit) {
            this.limit = limit;
        }

        boolean hasRoom(Event next) {
            return items.size() < limit && (items.isEmpty() || bytes + next.bytes() <= MAX_BYTES);
        }

        void add(T item, Event event, Place place) {
            items.add(item);
            bytes += event.bytes();
            first = first == null ? place : first;
            last = place;
        }
    }

    GetLogEventsResponse get(Scope scope, GetLogEventsRequest in) {
        String group = Names.group(in.logGroupName(), in.logGroupIdentifier());
        String token = in.nextToken();
        boolean back =
                token == null ? !Boolean.TRUE.equals(in.startFromHead()) : token.startsWith("b/");
        Place from = token == null ? null : Place.read(token, "fb");
        StreamKey stream = new StreamKey(scope, group, in.logStreamName());
        Window window = window(in.startTime(), in.endTime(), from, back);
        Page<OutputLogEvent> page =
                store.read(tx -> {
                    LogsService.group(tx, scope, group);
                    LogsService.stream(tx, scope, group, in.logStreamName());
                    return page(tx, stream, window, in.limit() == null ? MAX_PAGE : in.limit());
                });
        Place here = from == null ? new Place(0, "") : from;
        Place first = page.first == null ? here : page.first;
        Place last = page.last == null ? here : page.last;
        return GetLogEventsResponse.builder()
                .events(List.copyOf(back ? page.items.reversed() : page.items))
                .nextForwardToken((back ? first : last).write('f'))
                .nextBackwardToken((back ? last : first).write('b'))
                .build();
    }

    /// @param end the first time that is too late
    private static Window window(
            @Nullable Long start, @Nullable Long end, @Nullable Place place, boolean back) {
        return new Window(
                start == null ? Long.MIN_VALUE : start,
                end == null ? Long.MAX_VALUE : end,
                place,
                back);
    }

    private static Page<OutputLogEvent> page(
            Transaction tx, StreamKey stream, Window window, int limit) {
        Page<OutputLogEvent> page = new Page<>(limit);
        try (Timeline timeline = Timeline.of(tx, stream, window, limit)) {
            for (Item item = timeline.next(); item != null; item = timeline.next()) {
                Event event = item.event();
                if (event == null || !page.hasRoom(event)) {
                    return page;
                }
                OutputLogEvent output =
                        OutputLogEvent.builder()
                                .timestamp(item.key().time())
                                .message(Events.message(tx, item.key(), event))
                                .ingestionTime(event.ingested())
                                .build();
                page.add(output, event, Place.of(item.key()));
            }
        }
        return page;
    }

    FilterLogEventsResponse filter(Scope scope, FilterLogEventsRequest in) {
        String group = Names.group(in.logGroupName(), in.logGroupIdentifier());
        if (in.logStreamNames() != null && in.logStreamNamePrefix() != null) {
            throw new InvalidParameterException(
                    "LogStreamNamePrefix and LogStreamNames are mutually exclusive parameters.");
        }
        FilterPattern pattern =
                FilterPattern.checked(in.filterPattern() == null ? "" : in.filterPattern());
        int limit = in.limit() == null ? MAX_PAGE : in.limit();
        Long last = in.endTime();
        Place from = in.nextToken() == null ? null : Place.read(in.nextToken(), "f");
        Window window = window(in.startTime(), last == null ? null : last + 1, from, false);
        GroupKey key = new GroupKey(scope, group);
        Page<FilteredLogEvent> page = new Page<>(limit);
        Place stopped =
                store.read(tx -> {
                    LogsService.group(tx, scope, group);
                    for (String stream :
                            in.logStreamNames() == null ? List.<String>of() : in.logStreamNames()) {
                        LogsService.stream(tx, scope, group, stream);
                    }
                    try (Timeline timeline =
                            Timeline.of(tx, key, window, name -> wanted(in, name), MAX_LOOKED_AT)) {
                        return fill(tx, page, timeline, pattern);
                    }
                });
        return FilterLogEventsResponse.builder()
                .events(List.copyOf(page.items))
                .searchedLogStreams(List.of())
                .nextToken(stopped == null ? null : stopped.write('f'))
                .build();
    }

    /// Fills a page.
    ///
    /// @return where it stopped when there may be more, or null
    private static @Nullable Place fill(
            Transaction tx, Page<FilteredLogEvent> page, Timeline timeline, FilterPattern pattern) {
        Place passed = null;
        int looked = 0;
        for (Item item = timeline.next(); item != null; item = timeline.next()) {
            Event event = item.event();
            if (looked == MAX_LOOKED_AT || (event != null && !page.hasRoom(event))) {
                return passed;
            }
            looked++;
            passed = Place.of(item.key());
            String message = event == null ? null : Events.message(tx, item.key(), event);
            if (event != null && message != null && pattern.matches(message)) {
                page.add(view(item.key(), message, event), event, passed);
            }
        }
        return looked == MAX_LOOKED_AT ? passed : null;
    }

    private static boolean wanted(FilterLogEventsRequest in, String stream) {
        if (in.logStreamNames() != null) {
            return in.logStreamNames().contains(stream);
        }
        return in.logStreamNamePrefix() == null || stream.startsWith(in.logStreamNamePrefix());
    }

    private static FilteredLogEvent view(EventKey key, String message, Event event) {
        return FilteredLogEvent.builder()
                .logStreamName(key.stream())
                .timestamp(key.time())
                .message(message)
                .ingestionTime(event.ingested())
                .eventId(eventId(key.time(), key.sequence()))
                .build();
    }

    static String eventId(long time, String sequence) {
        return "%020d%036d".formatted(time, new BigInteger(sequence, 16));
    }
}
