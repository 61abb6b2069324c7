package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.Event;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.DurableTables.NumberKey;
import dev.freehold.services.lambda.durable.state.EventRow;
import dev.freehold.services.lambda.durable.state.ExecutionKey;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.Transaction.Direction;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Some of an execution's events.
///
/// @param next where the next page begins, or null
public record HistoryPage(List<Event> events, @Nullable Integer next) {
    /// @param from the number of the first event; 0 for the very first
    /// @param most how many at most
    /// @param reverse the latest first
    /// @param data whether with payloads
    public record Wanted(int from, int most, boolean reverse, boolean data) {}

    public static HistoryPage of(Transaction tx, ExecutionKey key, Wanted wanted) {
        KeyRange range = DurableTables.of(key);
        if (wanted.from > 0) {
            range =
                    wanted.reverse
                            ? DurableTables.before(key, wanted.from + 1)
                            : DurableTables.from(key, wanted.from);
        }
        Direction direction = wanted.reverse ? Direction.REVERSE : Direction.FORWARD;
        List<Event> events = new ArrayList<>();
        int bytes = 0;
        try (Cursor<NumberKey, EventRow> cursor =
                tx.scan(DurableTables.EVENTS, range, direction, wanted.most + 1)) {
            while (cursor.next()) {
                EventRow row = cursor.value();
                int size = row.payload() == null || !wanted.data ? 0 : row.payload().length();
                bytes += size;
                boolean full = events.size() == wanted.most || bytes > DurableLimits.MAX_PAGE_BYTES;
                if (full && !events.isEmpty()) {
                    return new HistoryPage(events, cursor.key().number());
                }
                events.add(Payloads.event(tx, key, row, wanted.data));
            }
        }
        return new HistoryPage(events, null);
    }
}
