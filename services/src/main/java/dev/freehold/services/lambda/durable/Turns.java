package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Usage;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.DeliveryHandler.Outcome;
import dev.freehold.services.lambda.durable.state.CheckpointToken;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.DurableTables.NumberKey;
import dev.freehold.services.lambda.durable.state.ExecutionArn;
import dev.freehold.services.lambda.durable.state.ExecutionKey;
import dev.freehold.services.lambda.durable.state.ExecutionRow.Origin;
import dev.freehold.services.lambda.durable.state.OperationRow;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.run.Answer;
import dev.freehold.services.lambda.run.Call;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Invokes the functions of executions: tells the handler what has happened, and takes from its
/// answer how to go on.
final class Turns {
    /// How often in a row an invocation may fail without having noted anything.
    private static final int MAX_FAILURES = 5;

    /// The same of those that wait for nothing, which replaying may mend.
    private static final int MAX_IDLE = 3;

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);

    /// How long throttled invocations wait at most.
    private static final Duration MAX_PAUSE = Duration.ofMinutes(1);

    private final Durables.Parts parts;
    private final WorkHandler.Handler handler;

    Turns(Durables.Parts parts, WorkHandler.Handler handler) {
        this.parts = parts;
        this.handler = handler;
    }

    /// An invocation that has begun.
    private record Turn(ExecutionArn arn, String secret, Instant start, String request) {}

    Outcome perform(Work work, Delivery delivery) {
        int number = Integer.parseInt(String.valueOf(work.facts().get(Work.NUMBER)));
        Turn turn = new Turn(work.execution(), parts.ids().get(), parts.now(), parts.ids().get());
        Call call = parts.store().update(tx -> begin(tx, turn, number));
        if (call == null) {
            return new Outcome.Done();
        }
        Answer answer;
        try {
            answer = handler.invoke(call, caller(turn));
        } catch (ServiceError e) {
            return refused(turn, delivery, e);
        }
        parts.store().updateOnly(tx -> finish(tx, turn, answer));
        parts.committed(turn.arn.key());
        return new Outcome.Done();
    }

    private @Nullable Call begin(Transaction tx, Turn turn, int number) {
        Ledger ledger = Ledger.open(parts.scope(tx, turn.start), turn.arn);
        if (ledger == null) {
            return null;
        }
        boolean begun = ledger.beginInvocation(number, turn.secret);
        if (!begun) {
            ledger.save();
            return null;
        }
        ledger.completeDue();
        ExecutionKey key = turn.arn.key();
        List<String> updated =
                DurableTables.unseen(tx, key).stream()
                        .map(unseen -> ledger.operation(unseen).shape().id())
                        .toList();
        tx.deleteRange(DurableTables.UNSEEN, DurableTables.of(key));
        ledger.save();
        String token = new CheckpointToken(turn.secret, ledger.sequence()).toString();
        StatePage state = StatePage.of(tx, key, 0, DurableLimits.MAX_OPERATIONS + 1);
        byte[] event = InvocationInput.json(turn.arn.toString(), token, state, updated);
        FunctionName name = new FunctionName(key.function(), turn.arn.version());
        Origin origin = ledger.row().origin();
        return new Call(name, event, null, origin.trace(), origin.tenant());
    }

    private static Caller caller(Turn turn) {
        Principal lambda = new Principal.Service("lambda.amazonaws.com", turn.arn.functionArn());
        return new Caller(
                turn.arn.key().function().account(),
                turn.arn.key().function().region(),
                lambda,
                turn.request,
                Map.of(),
                new Usage());
    }

    /// Throttled invocations wait, longer the older they are. What can't ever begin is the
    /// execution's end.
    private Outcome refused(Turn turn, Delivery delivery, ServiceError e) {
        int status = e.shape().status();
        boolean later = status == 429 || status >= 500;
        ErrorObject error =
                ErrorObject.builder()
                        .errorType(e.shape().name())
                        .errorMessage(e.getMessage())
                        .build();
        Instant now = parts.now();
        parts.store()
                .updateOnly(tx -> {
                    Ledger ledger = Ledger.open(parts.scope(tx, now), turn.arn);
                    if (ledger == null || !ledger.invocation().equals(turn.secret)) {
                        return;
                    }
                    ledger.refused();
                    if (!later && !ledger.ended()) {
                        ledger.endInvocation();
                        ledger.end("FAILED", null, ledger.keep(error));
                    }
                    ledger.save();
                });
        parts.committed(turn.arn.key());
        if (!later) {
            return new Outcome.Done();
        }
        Duration age = Duration.between(delivery.created(), now);
        Duration pause = age.compareTo(FIRST_PAUSE) < 0 ? FIRST_PAUSE : age;
        return new Outcome.Later(pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause);
    }

    private void finish(Transaction tx, Turn turn, Answer answer) {
        Instant now = parts.now();
        Ledger ledger = Ledger.open(parts.scope(tx, now), turn.arn);
        if (ledger == null || !ledger.invocation().equals(turn.secret)) {
            return;
        }
        boolean failed = answer.result().failed();
        ErrorObject error = failed ? Results.error(answer.result().payload()) : null;
        ledger.event(
                "InvocationCompleted",
                null,
                Map.of(
                        "StartTimestamp", turn.start,
                        "EndTimestamp", now,
                        "RequestId", turn.request),
                failed ? History.ERROR : "",
                ledger.keep(error));
        ledger.endInvocation();
        if (!ledger.ended()) {
            if (error != null) {
                again(ledger, error, MAX_FAILURES);
            } else {
                conclude(ledger, HandlerAnswer.parse(answer.result().payload()));
            }
        }
        ledger.save();
    }

    private static void again(Ledger ledger, ErrorObject error, int most) {
        ledger.failed();
        if (ledger.failures() >= most) {
            ledger.end("FAILED", null, ledger.keep(error));
        } else {
            ledger.invokeAfter(FIRST_PAUSE.multipliedBy(1L << (ledger.failures() - 1)));
        }
    }

    private static void conclude(Ledger ledger, HandlerAnswer answer) {
        switch (answer) {
            case HandlerAnswer.Succeeded(String result) -> succeed(ledger, result);
            case HandlerAnswer.Failed(ErrorObject error) ->
                    ledger.end("FAILED", null, ledger.keep(error));
            case HandlerAnswer.Pending() -> pending(ledger);
            case HandlerAnswer.Invalid(String message) ->
                    ledger.end("FAILED", null, ledger.keep(invalid(message)));
        }
    }

    private static void succeed(Ledger ledger, @Nullable String result) {
        int size = result == null ? 0 : result.getBytes(StandardCharsets.UTF_8).length;
        if (ledger.row().origin().parent() != null && size > DurableLimits.MAX_CHAINED_BYTES) {
            String message =
                    "Execution output payload size must be less than or equal to "
                            + DurableLimits.MAX_CHAINED_BYTES
                            + " bytes.";
            ledger.end("FAILED", null, ledger.keep(invalid(message)));
            return;
        }
        ledger.end("SUCCEEDED", ledger.keep(result), null);
    }

    private static ErrorObject invalid(String message) {
        return ErrorObject.builder()
                .errorType("InvalidParameterValueException")
                .errorMessage(message)
                .build();
    }

    private static void pending(Ledger ledger) {
        boolean news = !DurableTables.unseen(ledger.scope().tx(), ledger.key()).isEmpty();
        // Without a last checkpoint to ask for again it was stopped by a pause that has ended
        // since.
        boolean stopped = ledger.sequence() > 0 && ledger.row().last() == null;
        if (news || stopped) {
            ledger.progressed();
            ledger.invokeAfter(Duration.ZERO);
        } else if (ledger.pausing()
                || ledger.row().progress().due() != null
                || waits(ledger.scope().tx(), ledger.key())) {
            ledger.progressed();
        } else {
            again(
                    ledger,
                    invalid("Cannot return PENDING status with no pending operations."),
                    MAX_IDLE);
        }
    }

    /// Whether something from outside will change an operation.
    private static boolean waits(Transaction tx, ExecutionKey key) {
        int limit = DurableLimits.MAX_OPERATIONS + 2;
        try (Cursor<NumberKey, OperationRow> cursor =
                tx.scan(DurableTables.OPERATIONS, DurableTables.of(key), limit)) {
            while (cursor.next()) {
                OperationRow row = cursor.value();
                if (row.due() != null
                        || row.is("CALLBACK", "STARTED")
                        || row.is("CHAINED_INVOKE", "STARTED")) {
                    return true;
                }
            }
        }
        return false;
    }
}
