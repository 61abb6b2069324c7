package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.api.lambda.Operation;
import dev.freehold.api.lambda.StepDetails;
import dev.freehold.api.lambda.WaitDetails;
import dev.freehold.services.lambda.durable.state.ExecutionRow.End;
import dev.freehold.services.lambda.durable.state.ExecutionRow.Parent;
import dev.freehold.services.lambda.durable.state.OperationRow;
import dev.freehold.services.lambda.durable.state.PayloadRef;
import dev.freehold.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Ends of operations that come from outside the handler: time, callbacks, other functions.
public final class Completion {
    private Completion() {}

    /// A status as events' types have it.
    static String word(String status) {
        return switch (status) {
            case "SUCCEEDED" -> "Succeeded";
            case "FAILED" -> "Failed";
            case "TIMED_OUT" -> "TimedOut";
            case "STOPPED" -> "Stopped";
            case "CANCELLED" -> "Cancelled";
            default -> throw new IllegalArgumentException(status);
        };
    }

    /// An operation whose time has come.
    static void ripe(Ledger ledger, OperationRow row) {
        Operation shape = row.shape();
        switch (shape.type()) {
            case "WAIT" -> waited(ledger, row);
            case "STEP" -> {
                StepDetails step = Objects.requireNonNull(shape.stepDetails());
                Operation ready =
                        shape.toBuilder()
                                .status("READY")
                                .stepDetails(step.toBuilder().nextAttemptTimestamp(null).build())
                                .build();
                ledger.changed(row.with(ready).withDue(null));
            }
            default -> timedOut(ledger, row);
        }
    }

    private static void waited(Ledger ledger, OperationRow row) {
        Operation ended = ended(row.shape(), "SUCCEEDED", ledger);
        ledger.event("WaitSucceeded", ended, Map.of("Duration", seconds(row.shape())));
        ledger.changed(row.with(ended).withDue(null));
    }

    /// How long a wait was to be.
    static int seconds(Operation wait) {
        WaitDetails details = Objects.requireNonNull(wait.waitDetails());
        Instant end = Objects.requireNonNull(details.scheduledEndTimestamp());
        return Math.toIntExact(Duration.between(wait.startTimestamp(), end).toSeconds());
    }

    private static void timedOut(Ledger ledger, OperationRow row) {
        OperationRow.Limits limits = Objects.requireNonNull(row.limits());
        Instant timeout = limits.timeout();
        boolean whole = timeout != null && !ledger.scope().now().isBefore(timeout);
        ErrorObject error =
                ErrorObject.builder()
                        .errorType(whole ? "Callback.Timeout" : "Callback.Heartbeat")
                        .errorMessage(
                                whole ? "Callback timed out" : "Callback timed out on heartbeat")
                        .build();
        finish(ledger, row, "TIMED_OUT", null, error);
    }

    /// A callback or a chained invocation has its end.
    ///
    /// @param status how it ended
    public static void finish(
            Ledger ledger,
            OperationRow row,
            String status,
            @Nullable String result,
            @Nullable ErrorObject error) {
        PayloadRef kept = ledger.keep(result);
        PayloadRef keptError = ledger.keep(error);
        Operation ended = ended(row.shape(), status, ledger);
        String kind = row.shape().type().equals("CALLBACK") ? "Callback" : "ChainedInvoke";
        boolean succeeded = status.equals("SUCCEEDED");
        ledger.event(
                kind + word(status),
                ended,
                Map.of(),
                succeeded ? History.RESULT : History.ERROR,
                succeeded ? kept : keptError);
        ledger.changed(OperationRow.of(ended).withPayloads(kept, keptError));
    }

    static Operation ended(Operation shape, String status, Ledger ledger) {
        return shape.toBuilder().status(status).endTimestamp(ledger.scope().now()).build();
    }

    /// Tells an execution's parent, if it has one, how it ended.
    static void ofChild(Ledger child) {
        Parent parent = child.row().origin().parent();
        End end = Objects.requireNonNull(child.row().end());
        Ledger ledger = parent == null ? null : parent(child.scope(), parent);
        OperationRow row =
                parent == null || ledger == null ? null : ledger.operation(parent.operation());
        if (ledger == null || row == null || !row.is("CHAINED_INVOKE", "STARTED")) {
            return;
        }
        Transaction tx = child.scope().tx();
        String result = Payloads.text(tx, child.key(), end.result());
        ErrorObject error =
                end.status().equals("TIMED_OUT")
                        ? timeout(child.row().origin().timeoutSeconds())
                        : Payloads.error(tx, child.key(), end.error());
        boolean succeeded = end.status().equals("SUCCEEDED");
        finish(ledger, row, end.status(), succeeded ? result : null, succeeded ? null : error);
        ledger.save();
    }

    private static @Nullable Ledger parent(Ledger.Scope scope, Parent parent) {
        Ledger ledger = Ledger.open(scope, parent.execution());
        return ledger == null || ledger.ended() ? null : ledger;
    }

    private static ErrorObject timeout(int seconds) {
        return ErrorObject.builder()
                .errorType("ChainedInvoke.Timeout")
                .errorMessage("CHAINED_INVOKE timed out after " + seconds + " seconds.")
                .build();
    }
}
