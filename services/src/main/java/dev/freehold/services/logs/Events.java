package dev.freehold.services.logs;

import dev.freehold.api.logs.InputLogEvent;
import dev.freehold.api.logs.PutLogEventsRequest;
import dev.freehold.services.logs.LogsTables.Event;
import dev.freehold.services.logs.LogsTables.EventKey;
import dev.freehold.services.logs.LogsTables.Group;
import dev.freehold.services.logs.LogsTables.GroupKey;
import dev.freehold.services.logs.LogsTables.PartKey;
import dev.freehold.services.logs.LogsTables.Scope;
import dev.freehold.services.logs.LogsTables.Stream;
import dev.freehold.services.logs.LogsTables.StreamKey;
import dev.freehold.services.logs.LogsTables.TimeKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;

/// Writing events, and removing them.
final class Events {
    /// The longest part of a message that is kept in one row, in characters.
    private static final int MAX_PART = 15_000;

    /// The most events that one transaction removes.
    private static final int MAX_REMOVED = 1_000;

    private final Store store;
    private final InstantSource clock;
    private final Subscriptions subscriptions;
    private final AtomicLong sequence;

    Events(Store store, InstantSource clock, Subscriptions subscriptions) {
        this.store = store;
        this.clock = clock;
        this.subscriptions = subscriptions;
        this.sequence = new AtomicLong(clock.millis() << 16);
    }

    /// A stream, and when something is written to it.
    private record Target(Scope scope, String group, String stream, long now) {
        StreamKey key() {
            return new StreamKey(scope, group, stream);
        }

        EventKey event(long time, String sequence) {
            return new EventKey(scope, group, stream, time, sequence);
        }
    }

    /// Writes events to a stream that exists.
    void put(Scope scope, PutLogEventsRequest in, List<InputLogEvent> lines) {
        Target target = new Target(scope, in.logGroupName(), in.logStreamName(), clock.millis());
        List<String> sequences = sequences(lines.size());
        store.updateOnly(tx -> {
            Group group = LogsService.group(tx, scope, in.logGroupName());
            Stream stream = LogsService.stream(tx, scope, in.logGroupName(), in.logStreamName());
            if (!lines.isEmpty()) {
                write(tx, target, group, stream, lines, sequences);
            }
        });
        subscriptions.wake();
    }

    void append(Scope scope, String group, String name, List<InputLogEvent> lines) {
        Target target = new Target(scope, group, name, clock.millis());
        List<String> sequences = sequences(lines.size());
        store.updateOnly(tx -> {
            GroupKey key = new GroupKey(scope, group);
            Group known = tx.get(LogsTables.GROUPS, key);
            Group made =
                    known == null
                            ? new Group(target.now, null, "STANDARD", Map.of(), false, 0)
                            : known;
            if (known == null) {
                tx.put(LogsTables.GROUPS, key, made);
            }
            Stream stream = tx.get(LogsTables.STREAMS, target.key());
            write(
                    tx,
                    target,
                    made,
                    stream == null ? new Stream(target.now, 0, 0, 0) : stream,
                    lines,
                    sequences);
        });
        subscriptions.wake();
    }

    private List<String> sequences(int count) {
        List<String> sequences = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sequences.add("%016x".formatted(sequence.incrementAndGet()));
        }
        return sequences;
    }

    private void write(
            Transaction tx,
            Target target,
            Group group,
            Stream stream,
            List<InputLogEvent> lines,
            List<String> sequences) {
        long first = stream.ingested() == 0 ? Long.MAX_VALUE : stream.first();
        long last = stream.last();
        long bytes = 0;
        for (int i = 0; i < lines.size(); i++) {
            InputLogEvent line = lines.get(i);
            EventKey key = target.event(line.timestamp(), sequences.get(i));
            bytes += write(tx, key, line.message(), target.now);
            first = Math.min(first, line.timestamp());
            last = Math.max(last, line.timestamp());
        }
        tx.add(LogsTables.BYTES, new GroupKey(target.scope, target.group), bytes);
        tx.put(
                LogsTables.STREAMS,
                target.key(),
                new Stream(stream.created(), first, last, target.now));
        if (group.subscriptions() > 0) {
            subscriptions.deliver(tx, target.key(), lines, sequences, target.now);
        }
    }

    private static long write(Transaction tx, EventKey key, String message, long now) {
        int end = cut(message, 0);
        String head = message.substring(0, end);
        int parts = 0;
        for (int at = end; at < message.length(); at = end) {
            end = cut(message, at);
            parts++;
            tx.put(LogsTables.PARTS, new PartKey(key, parts), message.substring(at, end));
        }
        int bytes = Limits.bytes(message);
        tx.put(LogsTables.EVENTS, key, new Event(head, parts, bytes, now));
        TimeKey time = new TimeKey(key.scope(), key.group(), key.time(), key.sequence());
        tx.put(LogsTables.BY_TIME, time, key.stream());
        return bytes;
    }

    /// Where a part that begins at `at` ends: never between the halves of a character.
    private static int cut(String message, int at) {
        int end = Math.min(message.length(), at + MAX_PART);
        boolean halves =
                end < message.length() && Character.isHighSurrogate(message.charAt(end - 1));
        return halves ? end - 1 : end;
    }

    /// The whole message of an event.
    static String message(Transaction tx, EventKey key, Event event) {
        if (event.parts() == 0) {
            return event.message();
        }
        StringBuilder whole = new StringBuilder(event.message());
        try (Cursor<PartKey, String> cursor =
                tx.scan(LogsTables.PARTS, LogsTables.parts(key), event.parts())) {
            while (cursor.next()) {
                whole.append(cursor.value());
            }
        }
        return whole.toString();
    }

    /// Removes a stream, then its events, some at a time: a crash between leaves events that no
    /// stream shows, and that go with the group or its retention.
    void deleteStream(Scope scope, String group, String name) {
        store.updateOnly(tx -> {
            LogsService.group(tx, scope, group);
            LogsService.stream(tx, scope, group, name);
            tx.delete(LogsTables.STREAMS, new StreamKey(scope, group, name));
        });
        KeyRange all = LogsTables.inStream(scope, group, name);
        while (removeSome(tx -> keysOf(tx, all), new GroupKey(scope, group))) {
            // INVARIANT: each turn removes at least one event, and none is added without a stream.
        }
    }

    private static List<EventKey> keysOf(Transaction tx, KeyRange range) {
        List<EventKey> keys = new ArrayList<>();
        try (Cursor<EventKey, Event> cursor = tx.scan(LogsTables.EVENTS, range, MAX_REMOVED)) {
            while (cursor.next()) {
                keys.add(cursor.key());
            }
        }
        return keys;
    }

    /// Removes up to [#MAX_REMOVED] events of a group that are older than a time.
    ///
    /// @return whether there were that many, so that there may be more
    boolean expire(GroupKey group, long before) {
        KeyRange range =
                LogsTables.inGroup(group.scope(), group.group())
                        .endingBefore(out -> {
                            group.scope().write(out);
                            out.string(group.group()).int64(before);
                        });
        return removeSome(
                tx -> {
                    List<EventKey> keys = new ArrayList<>();
                    try (Cursor<TimeKey, String> cursor =
                            tx.scan(LogsTables.BY_TIME, range, MAX_REMOVED)) {
                        while (cursor.next()) {
                            keys.add(cursor.key().in(cursor.value()));
                        }
                    }
                    return keys;
                },
                group);
    }

    private boolean removeSome(Function<Transaction, List<EventKey>> find, GroupKey group) {
        return store.update(tx -> {
            List<EventKey> keys = find.apply(tx);
            long bytes = 0;
            for (EventKey key : keys) {
                Event event = tx.get(LogsTables.EVENTS, key);
                bytes += event == null ? 0 : event.bytes();
                if (event != null && event.parts() > 0) {
                    tx.deleteRange(LogsTables.PARTS, LogsTables.parts(key));
                }
                tx.delete(LogsTables.EVENTS, key);
                tx.delete(
                        LogsTables.BY_TIME,
                        new TimeKey(key.scope(), key.group(), key.time(), key.sequence()));
            }
            if (!keys.isEmpty() && tx.peek(LogsTables.GROUPS, group) != null) {
                tx.add(LogsTables.BYTES, group, -bytes);
            }
            return keys.size() == MAX_REMOVED;
        });
    }
}
