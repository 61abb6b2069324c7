package dev.freehold.services.logs;

import dev.freehold.services.logs.LogsTables.EventKey;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.KeyWriter;
import dev.freehold.storage.Transaction.Direction;
import java.util.Comparator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Which events are read, and in which order.
///
/// @param start the first time, in milliseconds since 1970
/// @param end the first time that is too late
/// @param place where reading goes on, or null
/// @param back whether it goes from the newest to the oldest
record Window(long start, long end, @Nullable Place place, boolean back) {
    Direction direction() {
        return back ? Direction.REVERSE : Direction.FORWARD;
    }

    Comparator<EventKey> order() {
        Comparator<EventKey> forward = Comparator.comparing(Place::of);
        return back ? forward.reversed() : forward;
    }

    boolean has(EventKey key) {
        int order = place == null ? 0 : Place.of(key).compareTo(place);
        boolean beyond = place == null || (back ? order < 0 : order > 0);
        return beyond && key.time() >= start && key.time() < end;
    }

    /// Whether a chunk that begins at that time may have an event before this one, in this order.
    boolean mayPrecede(long first, EventKey key) {
        return back ? first + Chunk.SPAN_MILLIS > key.time() : first <= key.time();
    }

    /// The keys of the events.
    ///
    /// @param prefix what is before their times
    KeyRange events(Consumer<KeyWriter> prefix) {
        KeyRange range = between(prefix, start, end);
        if (place == null) {
            return range;
        }
        Consumer<KeyWriter> there =
                prefix.andThen(out -> out.int64(place.time()).string(place.sequence()));
        return back ? range.endingBefore(there) : range.startingAfter(there);
    }

    /// The keys of the chunks that may have some of the events.
    KeyRange chunks(Consumer<KeyWriter> prefix) {
        long from = place == null || back ? start : Math.max(start, place.time());
        long to = place == null || !back ? end : Math.min(end, place.time() + 1);
        boolean open = from < Long.MIN_VALUE + Chunk.SPAN_MILLIS;
        return between(prefix, open ? from : from - Chunk.SPAN_MILLIS, to);
    }

    private static KeyRange between(Consumer<KeyWriter> prefix, long from, long to) {
        return KeyRange.prefix(prefix)
                .startingAt(prefix.andThen(out -> out.int64(from)))
                .endingBefore(prefix.andThen(out -> out.int64(to)));
    }
}
