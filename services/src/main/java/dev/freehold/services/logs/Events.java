package dev.freehold.services.logs;

import dev.freehold.api.logs.InputLogEvent;
import dev.freehold.api.logs.PutLogEventsRequest;
import dev.freehold.services.logs.LineBuffer.Piece;
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
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.ToLongBiFunction;

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
            if (lines.isEmpty()) {
                return;
            }
            write(tx, target, lines, sequences);
            count(tx, target, stream, lines);
            if (group.subscriptions() > 0) {
                subscriptions.deliver(tx, target.key(), lines, sequences, target.now);
            }
        });
        subscriptions.wake();
    }

    /// Writes lines of several streams; groups and streams are made when missing.
    void append(List<Piece> pieces) {
        long now = clock.millis();
        List<List<String>> sequences =
                pieces.stream().map(piece -> sequences(piece.lines().size())).toList();
        store.updateOnly(tx -> {
            for (int i = 0; i < pieces.size(); i++) {
                append(tx, pieces.get(i), sequences.get(i), now);
            }
        });
        subscriptions.wake();
    }

    private void append(Transaction tx, Piece piece, List<String> sequences, long now) {
        StreamKey stream = piece.stream();
        Target target = new Target(stream.scope(), stream.group(), stream.stream(), now);
        GroupKey key = new GroupKey(target.scope, target.group);
        Group group = tx.get(LogsTables.GROUPS, key);
        if (group == null) {
            group = new Group(now, null, "STANDARD", Map.of(), false, 0);
            tx.put(LogsTables.GROUPS, key, group);
        }
        Stream known = tx.get(LogsTables.STREAMS, target.key());
        Stream before = known == null ? new Stream(now, 0, 0, 0) : known;
        List<InputLogEvent> lines = piece.lines();
        if (piece.bytes() > Chunk.MAX_BYTES) {
            write(tx, target, lines, sequences);
        } else {
            Chunk chunk = Chunk.of(lines, now);
            EventKey first = target.event(chunk.first(), sequences.getFirst());
            tx.put(LogsTables.CHUNKS, first, chunk);
            tx.put(LogsTables.CHUNKS_BY_TIME, timeKey(first), stream.stream());
        }
        count(tx, target, before, lines);
        if (group.subscriptions() > 0) {
            subscriptions.deliver(tx, stream, lines, sequences, now);
        }
    }

    /// Sequences that follow each other.
    private List<String> sequences(int count) {
        long first = sequence.getAndAdd(count) + 1;
        List<String> sequences = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            sequences.add(Chunk.sequence(first + i));
        }
        return sequences;
    }

    private static TimeKey timeKey(EventKey key) {
        return new TimeKey(key.scope(), key.group(), key.time(), key.sequence());
    }

    private static void write(
            Transaction tx, Target target, List<InputLogEvent> lines, List<String> sequences) {
        for (int i = 0; i < lines.size(); i++) {
            InputLogEvent line = lines.get(i);
            EventKey key = target.event(line.timestamp(), sequences.get(i));
            write(tx, key, line.message(), target.now);
        }
    }

    /// Counts events with their group and stream.
    private static void count(
            Transaction tx, Target target, Stream stream, List<InputLogEvent> lines) {
        long first = stream.ingested() == 0 ? Long.MAX_VALUE : stream.first();
        long last = stream.last();
        long bytes = 0;
        for (InputLogEvent line : lines) {
            bytes += Limits.bytes(line.message());
            first = Math.min(first, line.timestamp());
            last = Math.max(last, line.timestamp());
        }
        tx.add(LogsTables.BYTES, new GroupKey(target.scope, target.group), bytes);
        tx.put(
                LogsTables.STREAMS,
                target.key(),
                new Stream(stream.created(), first, last, target.now));
    }

    private static void write(Transaction tx, EventKey key, String message, long now) {
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
        tx.put(LogsTables.BY_TIME, timeKey(key), key.stream());
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
        GroupKey key = new GroupKey(scope, group);
        while (removeSome(tx -> keysOf(tx, LogsTables.EVENTS, all), Events::remove, key)
                || removeSome(tx -> keysOf(tx, LogsTables.CHUNKS, all), Events::removeChunk, key)) {
            // INVARIANT: each turn removes at least one event, and none is added without a stream.
        }
    }

    private static <V> List<EventKey> keysOf(
            Transaction tx, Table<EventKey, V> table, KeyRange range) {
        List<EventKey> keys = new ArrayList<>();
        try (Cursor<EventKey, V> cursor = tx.scan(table, range, MAX_REMOVED)) {
            while (cursor.next()) {
                keys.add(cursor.key());
            }
        }
        return keys;
    }

    /// Removes up to [#MAX_REMOVED] events, and as many chunks, of a group that are older than a
    /// time.
    ///
    /// @return whether there were that many, so that there may be more
    boolean expire(GroupKey group, long before) {
        boolean more =
                removeSome(
                        tx -> older(tx, LogsTables.BY_TIME, group, before), Events::remove, group);
        // The last event of a chunk is the one that must be old enough.
        long first = before - Chunk.SPAN_MILLIS;
        return removeSome(
                        tx -> older(tx, LogsTables.CHUNKS_BY_TIME, group, first),
                        Events::removeChunk,
                        group)
                || more;
    }

    private static List<EventKey> older(
            Transaction tx, Table<TimeKey, String> table, GroupKey group, long before) {
        KeyRange range =
                LogsTables.inGroup(group.scope(), group.group())
                        .endingBefore(out -> {
                            group.scope().write(out);
                            out.string(group.group()).int64(before);
                        });
        List<EventKey> keys = new ArrayList<>();
        try (Cursor<TimeKey, String> cursor = tx.scan(table, range, MAX_REMOVED)) {
            while (cursor.next()) {
                keys.add(cursor.key().in(cursor.value()));
            }
        }
        return keys;
    }

    private boolean removeSome(
            Function<Transaction, List<EventKey>> find,
            ToLongBiFunction<Transaction, EventKey> remove,
            GroupKey group) {
        return store.update(tx -> {
            List<EventKey> keys = find.apply(tx);
            long bytes = 0;
            for (EventKey key : keys) {
                bytes += remove.applyAsLong(tx, key);
            }
            if (!keys.isEmpty() && tx.peek(LogsTables.GROUPS, group) != null) {
                tx.add(LogsTables.BYTES, group, -bytes);
            }
            return keys.size() == MAX_REMOVED;
        });
    }

    private static long remove(Transaction tx, EventKey key) {
        Event event = tx.get(LogsTables.EVENTS, key);
        if (event != null && event.parts() > 0) {
            tx.deleteRange(LogsTables.PARTS, LogsTables.parts(key));
        }
        tx.delete(LogsTables.EVENTS, key);
        tx.delete(LogsTables.BY_TIME, timeKey(key));
        return event == null ? 0 : event.bytes();
    }

    private static long removeChunk(Transaction tx, EventKey key) {
        Chunk chunk = tx.get(LogsTables.CHUNKS, key);
        tx.delete(LogsTables.CHUNKS, key);
        tx.delete(LogsTables.CHUNKS_BY_TIME, timeKey(key));
        return chunk == null ? 0 : chunk.bytes();
    }
}
