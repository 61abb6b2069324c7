package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.ExecutionArn;
import dev.freehold.services.lambda.durable.state.ExecutionKey;
import dev.freehold.services.lambda.durable.state.ExecutionRow;
import dev.freehold.services.lambda.durable.state.ExecutionRow.AsyncEvent;
import dev.freehold.services.lambda.events.Destinations;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.run.Answer;
import dev.freehold.services.lambda.run.Call;
import dev.freehold.services.lambda.run.RoleCallers;
import java.time.Instant;
import java.util.Objects;

/// Performs the deliveries of durable executions.
public final class WorkHandler implements DeliveryHandler {
    /// The kind of these deliveries.
    public static final String KIND = Work.KIND;

    private final Durables.Parts parts;
    private final Turns turns;
    private final Chains chains;
    private final Destinations destinations;

    /// Runs a version once.
    @FunctionalInterface
    public interface Handler {
        /// @throws dev.freehold.protocol.ServiceError when it can't be started
        Answer invoke(Call call, Caller caller);
    }

    /// @param handler runs a version once
    /// @param lambda as functions see it: authorised
    public WorkHandler(
            Durables.Parts parts,
            Handler handler,
            LambdaApi lambda,
            RoleCallers roles,
            Destinations destinations) {
        this.parts = parts;
        this.turns = new Turns(parts, handler);
        this.chains = new Chains(parts, lambda, roles);
        this.destinations = destinations;
    }

    @Override
    public Outcome perform(Delivery delivery) {
        Work work = Work.of(delivery);
        if (work == null) {
            return new Outcome.Dead("damaged");
        }
        return switch (work.action()) {
            case INVOKE -> turns.perform(work, delivery);
            case TIMER -> timer(work.execution());
            case CHAIN -> chains.perform(work);
            case TELL -> tell(work.execution());
        };
    }

    /// Does what is due. A timer that was for something else meanwhile done finds nothing.
    private Outcome timer(ExecutionArn arn) {
        Instant now = parts.now();
        parts.store()
                .updateOnly(tx -> {
                    Ledger ledger = Ledger.open(parts.scope(tx, now), arn);
                    if (ledger == null || ledger.ended()) {
                        return;
                    }
                    if (ledger.late()) {
                        int seconds = ledger.row().origin().timeoutSeconds();
                        ledger.end("TIMED_OUT", null, ledger.keep(timeout(seconds)));
                    } else {
                        ledger.completeDue();
                    }
                    ledger.save();
                });
        parts.committed(arn.key());
        return new Outcome.Done();
    }

    private static ErrorObject timeout(int seconds) {
        return ErrorObject.builder()
                .errorType("Execution.TimedOut")
                .errorMessage("Execution timed out after " + seconds + " seconds.")
                .build();
    }

    private Outcome tell(ExecutionArn arn) {
        ExecutionKey key = arn.key();
        ExecutionRow row = parts.store().read(tx -> tx.get(DurableTables.EXECUTIONS, key));
        AsyncEvent event = row == null ? null : row.origin().event();
        if (row == null || row.end() == null || event == null || !row.arn(key).equals(arn)) {
            return new Outcome.Done();
        }
        String input =
                Objects.requireNonNull(
                        parts.store().read(tx -> Payloads.text(tx, key, row.origin().input())));
        Answer answer = parts.store().read(tx -> Results.answer(tx, key, row));
        FunctionName name = new FunctionName(key.function(), event.qualifier());
        destinations.tell(name, event.requestId(), Blob.ofUtf8(input), answer);
        return new Outcome.Done();
    }
}
