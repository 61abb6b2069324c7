package dev.freehold.services.logs;

import dev.freehold.services.logs.LogsTables.Event;
import dev.freehold.services.logs.LogsTables.EventKey;
import dev.freehold.services.logs.LogsTables.Scope;
import dev.freehold.services.logs.LogsTables.StreamKey;
import dev.freehold.services.logs.LogsTables.TimeKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Transaction;
import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The events of a stream or of a group by time, of those that have rows of their own and of those
/// in chunks. Chunks of several streams overlap, so what is read of them waits until nothing can
/// come before it.
final class Timeline implements AutoCloseable {
    /// The most chunks that begin before a window and may reach into it.
    private static final int MARGIN = 10_000;

    private final Window window;
    private final Cursor<?, ?> singleCursor;
    private final Cursor<?, ?> chunkCursor;
    private final Source<Item> singles;
    private final Source<Part> chunks;
    private final PriorityQueue<Item> next;
    private @Nullable Part part;

    /// An event; without its content when its stream is not asked for.
    record Item(EventKey key, @Nullable Event event, boolean single) {}

    private record Part(EventKey key, @Nullable Chunk chunk) {}

    private interface Source<T> {
        @Nullable T next();
    }

    private Timeline(
            Window window,
            Cursor<?, ?> singleCursor,
            Source<Item> singles,
            Cursor<?, ?> chunkCursor,
            Source<Part> chunks) {
        this.window = window;
        this.singleCursor = singleCursor;
        this.singles = singles;
        this.chunkCursor = chunkCursor;
        this.chunks = chunks;
        this.next = new PriorityQueue<>(Comparator.comparing(Item::key, window.order()));
        addSingle();
        part = chunks.next();
    }

    /// @param limit the most events that are read
    static Timeline of(Transaction tx, StreamKey stream, Window window, int limit) {
        Consumer<KeyWriter> prefix =
                out -> {
                    stream.scope().write(out);
                    out.string(stream.group()).string(stream.stream());
                };
        Cursor<EventKey, Event> events =
                tx.scan(LogsTables.EVENTS, window.events(prefix), window.direction(), limit);
        Cursor<EventKey, Chunk> chunks =
                tx.scan(
                        LogsTables.CHUNKS,
                        window.chunks(prefix),
                        window.direction(),
                        limit + MARGIN);
        return new Timeline(
                window,
                events,
                () -> events.next() ? new Item(events.key(), events.value(), true) : null,
                chunks,
                () -> chunks.next() ? new Part(chunks.key(), chunks.value()) : null);
    }

    /// @param streams which are asked for: of each of the others' chunks there is one item
    static Timeline of(
            Transaction tx,
            LogsTables.GroupKey group,
            Window window,
            Predicate<String> streams,
            int limit) {
        Scope scope = group.scope();
        Consumer<KeyWriter> prefix =
                out -> {
                    scope.write(out);
                    out.string(group.group());
                };
        Cursor<TimeKey, String> events =
                tx.scan(LogsTables.BY_TIME, window.events(prefix), window.direction(), limit);
        Cursor<TimeKey, String> chunks =
                tx.scan(
                        LogsTables.CHUNKS_BY_TIME,
                        window.chunks(prefix),
                        window.direction(),
                        limit + MARGIN);
        return new Timeline(
                window,
                events,
                () -> events.next() ? single(tx, streams, events) : null,
                chunks,
                () -> chunks.next() ? part(tx, streams, chunks) : null);
    }

    private static Item single(
            Transaction tx, Predicate<String> streams, Cursor<TimeKey, String> at) {
        EventKey key = at.key().in(at.value());
        return new Item(
                key, streams.test(at.value()) ? tx.get(LogsTables.EVENTS, key) : null, true);
    }

    private static Part part(
            Transaction tx, Predicate<String> streams, Cursor<TimeKey, String> at) {
        EventKey key = at.key().in(at.value());
        return new Part(key, streams.test(at.value()) ? tx.get(LogsTables.CHUNKS, key) : null);
    }

    /// The next event, or null after the last.
    @Nullable Item next() {
        for (Part one = part; one != null && reaches(one); one = part) {
            add(one);
            part = chunks.next();
        }
        Item first = next.poll();
        if (first != null && first.single()) {
            addSingle();
        }
        return first;
    }

    private boolean reaches(Part one) {
        Item first = next.peek();
        return first == null || window.mayPrecede(one.key.time(), first.key);
    }

    private void addSingle() {
        Item single = singles.next();
        if (single != null) {
            next.add(single);
        }
    }

    private void add(Part one) {
        if (one.chunk == null && window.has(one.key)) {
            next.add(new Item(one.key, null, false));
        }
        if (one.chunk != null) {
            for (Chunk.Entry entry : one.chunk.entries(one.key)) {
                if (window.has(entry.key())) {
                    next.add(new Item(entry.key(), entry.event(), false));
                }
            }
        }
    }

    @Override
    public void close() {
        singleCursor.close();
        chunkCursor.close();
    }
}
