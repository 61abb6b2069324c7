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
import dev.freehold.services.logs.LogsTables.Scope;
import dev.freehold.services.logs.LogsTables.StreamKey;
import dev.freehold.services.logs.LogsTables.TimeKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.Transaction.Direction;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
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

    /// A place in a stream or group: after or before an event.
    private record Place(long time, String sequence) {
        /// @throws InvalidParameterException when the token is none of ours
        static Place read(String token, String directions) {
            boolean form =
                    token.length() > 2
                            && token.charAt(1) == '/'
                            && directions.indexOf(token.charAt(0)) >= 0;
            String[] parts = form ? Tokens.read(token.substring(2)).split(" ", -1) : new String[0];
            try {
                if (parts.length == 2) {
                    return new Place(Long.parseLong(parts[0]), parts[1]);
                }
            } catch (NumberFormatException e) {
                // Falls through: not a token of ours.
            }
            throw new InvalidParameterException("The specified nextToken is invalid.");
        }

        String write(char direction) {
            return direction + "/" + Tokens.write(time + " " + sequence);
        }
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
        KeyRange range = range(stream, in, from, back);
        Page<OutputLogEvent> page =
                store.read(tx -> {
                    LogsService.group(tx, scope, group);
                    LogsService.stream(tx, scope, group, in.logStreamName());
                    int limit = in.limit() == null ? MAX_PAGE : in.limit();
                    return page(tx, range, back ? Direction.REVERSE : Direction.FORWARD, limit);
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

    private static Page<OutputLogEvent> page(
            Transaction tx, KeyRange range, Direction direction, int limit) {
        Page<OutputLogEvent> page = new Page<>(limit);
        try (Cursor<EventKey, Event> cursor = tx.scan(LogsTables.EVENTS, range, direction, limit)) {
            while (cursor.next()) {
                EventKey key = cursor.key();
                Event event = cursor.value();
                if (!page.hasRoom(event)) {
                    return page;
                }
                OutputLogEvent output =
                        OutputLogEvent.builder()
                                .timestamp(key.time())
                                .message(Events.message(tx, key, event))
                                .ingestionTime(event.ingested())
                                .build();
                page.add(output, event, new Place(key.time(), key.sequence()));
            }
        }
        return page;
    }

    private static KeyRange range(
            StreamKey stream, GetLogEventsRequest in, @Nullable Place place, boolean back) {
        KeyRange range = LogsTables.inStream(stream.scope(), stream.group(), stream.stream());
        Long startTime = in.startTime();
        if (startTime != null) {
            range = range.startingAt(out -> at(stream, out, startTime));
        }
        Long endTime = in.endTime();
        if (endTime != null) {
            range = range.endingBefore(out -> at(stream, out, endTime));
        }
        if (place == null) {
            return range;
        }
        Consumer<KeyWriter> there =
                out -> {
                    at(stream, out, place.time);
                    out.string(place.sequence);
                };
        return back ? range.endingBefore(there) : range.startingAfter(there);
    }

    private static void at(StreamKey stream, KeyWriter out, long time) {
        stream.scope().write(out);
        out.string(stream.group()).string(stream.stream()).int64(time);
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
        KeyRange range = range(scope, group, in);
        Page<FilteredLogEvent> page = new Page<>(limit);
        Place stopped =
                store.read(tx -> {
                    LogsService.group(tx, scope, group);
                    for (String stream :
                            in.logStreamNames() == null ? List.<String>of() : in.logStreamNames()) {
                        LogsService.stream(tx, scope, group, stream);
                    }
                    return fill(tx, page, range, event -> wanted(in, event), pattern);
                });
        return FilterLogEventsResponse.builder()
                .events(List.copyOf(page.items))
                .searchedLogStreams(List.of())
                .nextToken(stopped == null ? null : stopped.write('f'))
                .build();
    }

    private static KeyRange range(Scope scope, String group, FilterLogEventsRequest in) {
        KeyRange range = LogsTables.inGroup(scope, group);
        Long startTime = in.startTime();
        if (startTime != null) {
            range = range.startingAt(out -> time(scope, group, out, startTime));
        }
        Long endTime = in.endTime();
        if (endTime != null) {
            range = range.endingBefore(out -> time(scope, group, out, endTime + 1));
        }
        if (in.nextToken() == null) {
            return range;
        }
        Place place = Place.read(in.nextToken(), "f");
        return range.startingAfter(out -> {
            time(scope, group, out, place.time);
            out.string(place.sequence);
        });
    }

    private static void time(Scope scope, String group, KeyWriter out, long time) {
        scope.write(out);
        out.string(group).int64(time);
    }

    /// Fills a page.
    ///
    /// @return where it stopped when there may be more, or null
    private static @Nullable Place fill(
            Transaction tx,
            Page<FilteredLogEvent> page,
            KeyRange range,
            Predicate<String> streams,
            FilterPattern pattern) {
        Place passed = null;
        int looked = 0;
        try (Cursor<TimeKey, String> cursor = tx.scan(LogsTables.BY_TIME, range, MAX_LOOKED_AT)) {
            while (cursor.next()) {
                TimeKey key = cursor.key();
                String stream = cursor.value();
                Event event =
                        streams.test(stream) ? tx.get(LogsTables.EVENTS, key.in(stream)) : null;
                if (event != null && !page.hasRoom(event)) {
                    return passed;
                }
                looked++;
                passed = new Place(key.time(), key.sequence());
                String message = event == null ? null : Events.message(tx, key.in(stream), event);
                if (event != null && message != null && pattern.matches(message)) {
                    page.add(view(key, stream, message, event), event, passed);
                }
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

    private static FilteredLogEvent view(TimeKey key, String stream, String message, Event event) {
        return FilteredLogEvent.builder()
                .logStreamName(stream)
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
