package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.ExecutionArn;
import dev.freehold.services.lambda.durable.state.ExecutionRow.Pause;
import dev.freehold.services.lambda.rules.Errors;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Stops, pauses, resumes and deletes executions. On return each is durable.
public final class Controls {
    private static final String REASON = "Reason";

    private final Durables.Parts parts;

    public Controls(Durables.Parts parts) {
        this.parts = parts;
    }

    /// Ends an execution, unless it has ended.
    ///
    /// @param error why, or null
    /// @return when it ended
    public Instant stop(ExecutionArn arn, @Nullable ErrorObject error) {
        ErrorObject why =
                error == null
                        ? ErrorObject.builder()
                                .errorMessage("Execution stopped by user request")
                                .build()
                        : error;
        return change(
                arn,
                ledger -> {
                    if (!ledger.ended()) {
                        ledger.end("STOPPED", null, ledger.keep(why));
                    }
                    return Objects.requireNonNull(ledger.row().end()).time();
                });
    }

    /// Has an execution invoked no more until it is resumed. What runs goes on until its next
    /// checkpoint.
    ///
    /// @param stopsTimeout whether the pause does not count towards the execution's timeout
    public void pause(ExecutionArn arn, @Nullable String reason, boolean stopsTimeout) {
        change(
                arn,
                ledger -> {
                    if (ledger.ended()) {
                        throw ended(arn);
                    }
                    if (ledger.row().pause() == null) {
                        Instant now = ledger.scope().now();
                        ledger.pause(new Pause(now, reason, stopsTimeout, false));
                        Map<String, Object> details = new LinkedHashMap<>();
                        details.put("PauseRequestTimestamp", now);
                        details.put("ExecutionTimeoutPaused", stopsTimeout);
                        ledger.event("ExecutionPaused", null, details, REASON, ledger.keep(reason));
                    }
                    return now(ledger);
                });
    }

    /// Lets a paused execution go on.
    public void resume(ExecutionArn arn, @Nullable String reason) {
        change(
                arn,
                ledger -> {
                    Pause pause = ledger.row().pause();
                    if (ledger.ended()) {
                        throw ended(arn);
                    }
                    if (pause != null) {
                        Instant now = ledger.scope().now();
                        Instant deadline = ledger.row().progress().deadline();
                        Duration paused = Duration.between(pause.requested(), now);
                        ledger.resume(pause.stopsTimeout() ? deadline.plus(paused) : deadline);
                        ledger.event(
                                "ExecutionResumed",
                                null,
                                Map.of("ResumeRequestTimestamp", now),
                                REASON,
                                ledger.keep(reason));
                        if (pause.deferred()) {
                            ledger.invokeAfter(Duration.ZERO);
                        }
                    }
                    return now(ledger);
                });
    }

    private static Instant now(Ledger ledger) {
        return ledger.scope().now();
    }

    private static RuntimeException ended(ExecutionArn arn) {
        return Errors.conflict("The durable execution has already ended: " + arn);
    }

    /// Forgets an execution that has ended.
    ///
    /// @return when
    public Instant delete(ExecutionArn arn) {
        Instant now = parts.now();
        return parts.store()
                .update(tx -> {
                    Ledger ledger = Ledger.open(parts.scope(tx, now), arn);
                    if (ledger == null) {
                        throw missing();
                    }
                    if (!ledger.ended()) {
                        throw Errors.conflict("The durable execution is still running: " + arn);
                    }
                    DurableTables.forget(tx, arn.key(), ledger.row());
                    return now;
                });
    }

    private Instant change(ExecutionArn arn, Function<Ledger, Instant> change) {
        Instant now = parts.now();
        Instant done =
                parts.store()
                        .update(tx -> {
                            Ledger ledger = Ledger.open(parts.scope(tx, now), arn);
                            if (ledger == null) {
                                throw missing();
                            }
                            Instant when = change.apply(ledger);
                            ledger.save();
                            return when;
                        });
        parts.committed(arn.key());
        return done;
    }

    private static RuntimeException missing() {
        return Errors.notFound("Durable Execution does not exist");
    }
}
