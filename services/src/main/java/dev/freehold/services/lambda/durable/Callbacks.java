package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.CallbackTimeoutException;
import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.services.lambda.durable.state.CallbackId;
import dev.freehold.services.lambda.durable.state.OperationRow;
import dev.freehold.services.lambda.rules.Errors;
import java.time.Instant;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// Answers to callbacks, from outside. On return each is durable.
public final class Callbacks {
    private final Durables.Parts parts;

    public Callbacks(Durables.Parts parts) {
        this.parts = parts;
    }

    /// @param error why it failed, or null when it succeeded with `result`
    public void complete(CallbackId id, @Nullable String result, @Nullable ErrorObject error) {
        String status = error == null ? "SUCCEEDED" : "FAILED";
        change(id, (ledger, row) -> Completion.finish(ledger, row, status, result, error));
    }

    /// The callback is alive: its heartbeat's time begins anew.
    public void heartbeat(CallbackId id) {
        change(
                id,
                (ledger, row) ->
                        ledger.put(
                                row.withLimits(
                                        Objects.requireNonNull(row.limits()),
                                        ledger.scope().now())));
    }

    private void change(CallbackId id, BiConsumer<Ledger, OperationRow> change) {
        Instant now = parts.now();
        parts.store()
                .updateOnly(tx -> {
                    Ledger ledger = Ledger.open(parts.scope(tx, now), id.execution());
                    OperationRow row = ledger == null ? null : ledger.operation(id.operation());
                    if (ledger == null || row == null || !row.shape().type().equals("CALLBACK")) {
                        throw Errors.notFound("Callback not found.");
                    }
                    Instant due = row.due();
                    boolean late = due != null && !due.isAfter(now);
                    if (ledger.ended() || late || !row.shape().status().equals("STARTED")) {
                        throw closed();
                    }
                    change.accept(ledger, row);
                    ledger.save();
                });
        parts.committed(id.execution().key());
    }

    private static CallbackTimeoutException closed() {
        return new CallbackTimeoutException(
                "The callback ID token has either expired or the callback associated with the"
                        + " token has already been closed.",
                CallbackTimeoutException.Members.builder().type("User").build());
    }
}
