package dev.freehold.services.logs;

import dev.freehold.api.logs.InputLogEvent;
import dev.freehold.services.logs.LogsTables.Event;
import dev.freehold.services.logs.LogsTables.EventKey;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.util.ArrayList;
import java.util.List;

/// Events of one stream that were written together, in one row: functions log several lines for
/// each invocation, and rows of their own would cost more than the invocation.
///
/// INVARIANT: each event is less than [#SPAN_MILLIS] later than the first, and none is earlier, so
/// that who looks for a time knows how far before it to begin.
///
/// @param first the earliest time, in milliseconds since 1970
/// @param ingested when it was written
record Chunk(long first, long ingested, List<Line> lines) {
    /// The longest time between the events of one chunk.
    static final long SPAN_MILLIS = 2_000;

    /// The most bytes of messages in one chunk, and the most of them.
    static final int MAX_BYTES = 40_000;

    static final int MAX_LINES = 1_000;

    static final Codec<Chunk> CODEC = Codecs.of(Chunk::write, Chunk::read);

    /// @param after milliseconds since the chunk's first
    record Line(int after, String message) {}

    /// One event with its key.
    record Entry(EventKey key, Event event) {}

    static Chunk of(List<InputLogEvent> events, long ingested) {
        long first = events.getFirst().timestamp();
        List<Line> lines = new ArrayList<>(events.size());
        for (InputLogEvent event : events) {
            lines.add(new Line((int) (event.timestamp() - first), event.message()));
        }
        return new Chunk(first, ingested, lines);
    }

    /// Whether an event may be in a chunk that begins at that time.
    static boolean spans(long first, long time) {
        return time >= first && time < first + SPAN_MILLIS;
    }

    /// The sequence of an event beside others of a millisecond, as it is kept.
    static String sequence(long number) {
        return "%016x".formatted(number);
    }

    /// Its events: their sequences follow the first one's.
    List<Entry> entries(EventKey key) {
        long sequence = Long.parseUnsignedLong(key.sequence(), 16);
        List<Entry> entries = new ArrayList<>(lines.size());
        for (Line line : lines) {
            EventKey own =
                    new EventKey(
                            key.scope(),
                            key.group(),
                            key.stream(),
                            first + line.after,
                            sequence(sequence++));
            int bytes = Limits.bytes(line.message);
            entries.add(new Entry(own, new Event(line.message, 0, bytes, ingested)));
        }
        return entries;
    }

    long bytes() {
        long bytes = 0;
        for (Line line : lines) {
            bytes += Limits.bytes(line.message);
        }
        return bytes;
    }

    private static void write(ValueWriter out, Chunk chunk) {
        out.int64(chunk.first).int64(chunk.ingested);
        out.list(chunk.lines, (o, line) -> o.int32(line.after).string(line.message));
    }

    private static Chunk read(ValueReader in) {
        long first = in.int64();
        long ingested = in.int64();
        return new Chunk(first, ingested, in.list(i -> new Line(i.int32(), i.string())));
    }
}
