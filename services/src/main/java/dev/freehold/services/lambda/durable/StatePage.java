package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.Operation;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.DurableTables.NumberKey;
import dev.freehold.services.lambda.durable.state.ExecutionKey;
import dev.freehold.services.lambda.durable.state.OperationRow;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.Transaction;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Some of an execution's operations, as a handler needs them to replay: without what lies below
/// contexts that have ended, unless their children are to be replayed.
///
/// @param next the number of the first operation of the next page, or null
public record StatePage(List<Operation> operations, @Nullable Integer next) {
    /// @param from the number of the first operation
    /// @param most how many at most
    public static StatePage of(Transaction tx, ExecutionKey key, int from, int most) {
        List<Operation> page = new ArrayList<>();
        Set<String> closed = new HashSet<>();
        int bytes = 0;
        int limit = DurableLimits.MAX_OPERATIONS + 2;
        try (Cursor<NumberKey, OperationRow> cursor =
                tx.scan(DurableTables.OPERATIONS, DurableTables.of(key), limit)) {
            while (cursor.next()) {
                OperationRow row = cursor.value();
                int number = cursor.key().number();
                if (hidden(row.shape(), closed) || number < from) {
                    continue;
                }
                bytes += row.size();
                boolean full = page.size() >= most || bytes > DurableLimits.MAX_PAGE_BYTES;
                if (full && !page.isEmpty()) {
                    return new StatePage(page, number);
                }
                page.add(Payloads.operation(tx, key, row));
            }
        }
        return new StatePage(page, null);
    }

    /// @param closed the contexts below which nothing is told; a parent comes before its children
    private static boolean hidden(Operation shape, Set<String> closed) {
        boolean hidden = shape.parentId() != null && closed.contains(shape.parentId());
        boolean context = shape.type().equals("CONTEXT");
        if (context && (hidden || shape.endTimestamp() != null && !replays(shape))) {
            closed.add(shape.id());
        }
        return hidden;
    }

    private static boolean replays(Operation context) {
        return context.contextDetails() != null
                && Boolean.TRUE.equals(context.contextDetails().replayChildren());
    }
}
