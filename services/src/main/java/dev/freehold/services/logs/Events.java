package dev.freehold.services.logs;

import dev.freehold.api.logs.FilterLogEventsRequest;
import dev.freehold.api.logs.FilterLogEventsResponse;
import dev.freehold.api.logs.FilteredLogEvent;
import dev.freehold.api.logs.GetLogEventsRequest;
import dev.freehold.api.logs.GetLogEventsResponse;
import dev.freehold.api.logs.InputLogEvent;
import dev.freehold.api.logs.InvalidParameterException;
import dev.freehold.api.logs.OutputLogEvent;
import dev.freehold.api.logs.PutLogEventsRequest;
import dev.freehold.api.logs.PutLogEventsResponse;
import dev.freehold.services.logs.LogsTables.Event;
import dev.freehold.services.logs.LogsTables.EventKey;
import dev.freehold.services.logs.LogsTables.Group;
import dev.freehold.services.logs.LogsTables.GroupKey;
import dev.freehold.services.logs.LogsTables.Scope;
import dev.freehold.services.logs.LogsTables.Stream;
import dev.freehold.services.logs.LogsTables.StreamEventKey;
import dev.freehold.services.logs.LogsTables.StreamKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.Transaction.Direction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Events: writing them, reading a stream, filtering a group.
final class Events {
    private static final int MAX_PAGE = 10_000;

    /// The most events that one FilterLogEvents looks at; a token leads on from there.
    private static final int MAX_LOOKED_AT = 20_000;

    /// The longest message that is kept in one row; the rest of a longer one is cut off, as its
    /// last characters say.
    private static final int MAX_MESSAGE = 15_000;

    private final Store store;
    private final InstantSource clock;
    private final AtomicLong sequence;

    Events(Store store, InstantSource clock) {
        this.store = store;
        this.clock = clock;
        this.sequence = new AtomicLong(clock.millis() << 16);
    }

    PutLogEventsResponse put(Scope scope, PutLogEventsRequest in) {
        long now = clock.millis();
        List<String> sequences = sequences(in.logEvents().size());
        store.updateOnly(tx -> {
            LogsService.group(tx, scope, in.logGroupName());
            Stream stream = LogsService.stream(tx, scope, in.logGroupName(), in.logStreamName());
            write(
                    tx,
                    scope,
                    in.logGroupName(),
                    in.logStreamName(),
                    stream,
                    in.logEvents(),
                    sequences,
                    now);
        });
        return PutLogEventsResponse.builder().nextSequenceToken(String.valueOf(now)).build();
    }

    void append(Scope scope, String group, String name, List<InputLogEvent> lines) {
        long now = clock.millis();
        List<String> sequences = sequences(lines.size());
        store.updateOnly(tx -> {
            GroupKey key = new GroupKey(scope, group);
            if (tx.get(LogsTables.GROUPS, key) == null) {
                tx.put(LogsTables.GROUPS, key, new Group(now, null, "STANDARD", Map.of()));
            }
            Stream known = tx.get(LogsTables.STREAMS, new StreamKey(scope, group, name));
            Stream stream = known == null ? new Stream(now, 0, 0, 0) : known;
            write(tx, scope, group, name, stream, lines, sequences, now);
        });
    }

    private List<String> sequences(int count) {
        List<String> sequences = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sequences.add("%016x".formatted(sequence.incrementAndGet()));
        }
        return sequences;
    }

    private static void write(
            Transaction tx,
            Scope scope,
            String group,
            String name,
            Stream stream,
            List<InputLogEvent> lines,
            List<String> sequences,
            long now) {
        long first = stream.ingested() == 0 ? Long.MAX_VALUE : stream.first();
        long last = stream.last();
        for (int i = 0; i < lines.size(); i++) {
            InputLogEvent line = lines.get(i);
            long time = line.timestamp();
            String text = line.message();
            String message =
                    text.length() > MAX_MESSAGE
                            ? text.substring(0, MAX_MESSAGE) + "[Truncated...]"
                            : text;
            tx.put(
                    LogsTables.EVENTS,
                    new EventKey(scope, group, time, sequences.get(i)),
                    new Event(name, message, now));
            tx.put(
                    LogsTables.BY_STREAM,
                    new StreamEventKey(scope, group, name, time, sequences.get(i)),
                    true);
            first = Math.min(first, time);
            last = Math.max(last, time);
        }
        tx.put(
                LogsTables.STREAMS,
                new StreamKey(scope, group, name),
                new Stream(stream.created(), first, last, now));
    }

    void deleteStream(Scope scope, String group, String name) {
        store.updateOnly(tx -> {
            LogsService.group(tx, scope, group);
            LogsService.stream(tx, scope, group, name);
            KeyRange all = LogsTables.inStream(scope, group, name);
            try (Cursor<StreamEventKey, Boolean> cursor =
                    tx.scan(LogsTables.BY_STREAM, all, MAX_LOOKED_AT)) {
                while (cursor.next()) {
                    StreamEventKey key = cursor.key();
                    tx.delete(
                            LogsTables.EVENTS,
                            new EventKey(scope, group, key.time(), key.sequence()));
                }
            }
            tx.deleteRange(LogsTables.BY_STREAM, all);
            tx.delete(LogsTables.STREAMS, new StreamKey(scope, group, name));
        });
    }

    /// A place in a stream: after or before an event.
    private record Place(long time, String sequence) {
        static Place read(String token) {
            String[] parts = Tokens.read(token.substring(2)).split(" ", -1);
            if (parts.length != 2) {
                throw new InvalidParameterException("The specified nextToken is invalid.");
            }
            return new Place(Long.parseLong(parts[0]), parts[1]);
        }

        String write(char direction) {
            return direction + "/" + Tokens.write(time + " " + sequence);
        }
    }

    GetLogEventsResponse get(Scope scope, GetLogEventsRequest in) {
        String group = Names.group(in.logGroupName(), in.logGroupIdentifier());
        int limit = in.limit() == null ? MAX_PAGE : in.limit();
        String token = in.nextToken();
        boolean back =
                token == null ? !Boolean.TRUE.equals(in.startFromHead()) : token.startsWith("b/");
        KeyRange range = range(scope, group, in, token, back);
        List<OutputLogEvent> found = new ArrayList<>();
        List<Place> places = new ArrayList<>();
        store.read(tx -> {
            LogsService.group(tx, scope, group);
            LogsService.stream(tx, scope, group, in.logStreamName());
            Direction direction = back ? Direction.REVERSE : Direction.FORWARD;
            try (Cursor<StreamEventKey, Boolean> cursor =
                    tx.scan(LogsTables.BY_STREAM, range, direction, limit)) {
                while (cursor.next()) {
                    StreamEventKey key = cursor.key();
                    places.add(new Place(key.time(), key.sequence()));
                    found.add(output(tx, scope, group, key));
                }
            }
            return found;
        });
        List<OutputLogEvent> events = back ? found.reversed() : found;
        List<Place> ordered = back ? places.reversed() : places;
        boolean none = ordered.isEmpty();
        Place here = token == null ? new Place(0, "") : Place.read(token);
        return GetLogEventsResponse.builder()
                .events(List.copyOf(events))
                .nextForwardToken((none ? here : ordered.getLast()).write('f'))
                .nextBackwardToken((none ? here : ordered.getFirst()).write('b'))
                .build();
    }

    private static KeyRange range(
            Scope scope,
            String group,
            GetLogEventsRequest in,
            @Nullable String token,
            boolean back) {
        KeyRange range = LogsTables.inStream(scope, group, in.logStreamName());
        Long startTime = in.startTime();
        if (startTime != null) {
            range = range.startingAt(out -> at(scope, group, in, out, startTime));
        }
        Long endTime = in.endTime();
        if (endTime != null) {
            range = range.endingBefore(out -> at(scope, group, in, out, endTime));
        }
        if (token == null) {
            return range;
        }
        Place place = Place.read(token);
        return back
                ? range.endingBefore(out -> {
                    at(scope, group, in, out, place.time);
                    out.string(place.sequence);
                })
                : range.startingAfter(out -> {
                    at(scope, group, in, out, place.time);
                    out.string(place.sequence);
                });
    }

    private static void at(
            Scope scope,
            String group,
            GetLogEventsRequest in,
            dev.freehold.storage.KeyWriter out,
            long time) {
        scope.write(out);
        out.string(group).string(in.logStreamName()).int64(time);
    }

    private static OutputLogEvent output(
            Transaction tx, Scope scope, String group, StreamEventKey key) {
        Event event =
                tx.get(LogsTables.EVENTS, new EventKey(scope, group, key.time(), key.sequence()));
        return OutputLogEvent.builder()
                .timestamp(key.time())
                .message(event == null ? "" : event.message())
                .ingestionTime(event == null ? key.time() : event.ingested())
                .build();
    }

    FilterLogEventsResponse filter(Scope scope, FilterLogEventsRequest in) {
        String group = Names.group(in.logGroupName(), in.logGroupIdentifier());
        FilterPattern pattern;
        try {
            pattern = FilterPattern.parse(in.filterPattern() == null ? "" : in.filterPattern());
        } catch (IllegalArgumentException e) {
            throw new InvalidParameterException(e.getMessage());
        }
        int limit = in.limit() == null ? MAX_PAGE : in.limit();
        KeyRange range = LogsTables.inGroup(scope, group);
        Long startTime = in.startTime();
        if (startTime != null) {
            range = range.startingAt(out -> time(scope, group, out, startTime));
        }
        Long endTime = in.endTime();
        if (endTime != null) {
            range = range.endingBefore(out -> time(scope, group, out, endTime + 1));
        }
        if (in.nextToken() != null) {
            Place place = Place.read(in.nextToken());
            range =
                    range.startingAfter(out -> {
                        time(scope, group, out, place.time);
                        out.string(place.sequence);
                    });
        }
        return filter(scope, group, in, pattern, range, limit);
    }

    private static void time(
            Scope scope, String group, dev.freehold.storage.KeyWriter out, long time) {
        scope.write(out);
        out.string(group).int64(time);
    }

    private FilterLogEventsResponse filter(
            Scope scope,
            String group,
            FilterLogEventsRequest in,
            FilterPattern pattern,
            KeyRange range,
            int limit) {
        List<FilteredLogEvent> found = new ArrayList<>();
        Place stopped =
                store.read(tx -> {
                    LogsService.group(tx, scope, group);
                    Place last = null;
                    int looked = 0;
                    try (Cursor<EventKey, Event> cursor =
                            tx.scan(LogsTables.EVENTS, range, MAX_LOOKED_AT)) {
                        while (found.size() < limit && cursor.next()) {
                            looked++;
                            EventKey key = cursor.key();
                            last = new Place(key.time(), key.sequence());
                            Event event = cursor.value();
                            if (wanted(in, event.stream()) && pattern.matches(event.message())) {
                                found.add(view(key, event));
                            }
                        }
                    }
                    return found.size() >= limit || looked >= MAX_LOOKED_AT ? last : null;
                });
        return FilterLogEventsResponse.builder()
                .events(List.copyOf(found))
                .searchedLogStreams(List.of())
                .nextToken(stopped == null ? null : stopped.write('f'))
                .build();
    }

    private static boolean wanted(FilterLogEventsRequest in, String stream) {
        if (in.logStreamNames() != null) {
            return in.logStreamNames().contains(stream);
        }
        return in.logStreamNamePrefix() == null || stream.startsWith(in.logStreamNamePrefix());
    }

    private static FilteredLogEvent view(EventKey key, Event event) {
        String id = "%020d%s".formatted(key.time(), new java.math.BigInteger(key.sequence(), 16));
        return FilteredLogEvent.builder()
                .logStreamName(event.stream())
                .timestamp(key.time())
                .message(event.message())
                .ingestionTime(event.ingested())
                .eventId(id)
                .build();
    }
}
