package dev.freehold.services.lambda.durable;

import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.DurableTables.ExpiryKey;
import dev.freehold.services.lambda.durable.state.ExecutionRow;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/// Forgets executions that have been kept for their time.
public record Retention(Store store) {
    /// The most that one sweep forgets.
    private static final int MAX_SWEPT = 1_000;

    public void sweep(Instant now) {
        KeyRange range = KeyRange.ALL.endingBefore(out -> out.instant(now));
        List<ExpiryKey> ripe =
                store.read(tx -> {
                    List<ExpiryKey> keys = new ArrayList<>();
                    try (Cursor<ExpiryKey, Boolean> cursor =
                            tx.scan(DurableTables.EXPIRIES, range, MAX_SWEPT)) {
                        while (cursor.next()) {
                            keys.add(cursor.key());
                        }
                    }
                    return keys;
                });
        ripe.forEach(this::forget);
    }

    /// The name may belong to a later execution by now.
    private void forget(ExpiryKey expiry) {
        store.updateOnly(tx -> {
            ExecutionRow row = tx.get(DurableTables.EXECUTIONS, expiry.execution());
            if (row != null && row.end() != null) {
                Duration kept = Duration.ofDays(row.origin().retentionDays());
                if (!row.end().time().plus(kept).isAfter(expiry.time())) {
                    DurableTables.forget(tx, expiry.execution(), row);
                }
            }
            tx.delete(DurableTables.EXPIRIES, expiry);
        });
    }
}
