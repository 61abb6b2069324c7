package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.CallbackDetails;
import dev.freehold.api.lambda.CallbackOptions;
import dev.freehold.api.lambda.ContextDetails;
import dev.freehold.api.lambda.Operation;
import dev.freehold.api.lambda.OperationUpdate;
import dev.freehold.api.lambda.StepDetails;
import dev.freehold.api.lambda.WaitDetails;
import dev.freehold.services.lambda.durable.state.CallbackId;
import dev.freehold.services.lambda.durable.state.OperationRow;
import dev.freehold.services.lambda.durable.state.PayloadRef;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Applies a checkpoint to an execution.
final class Updates {
    private final Ledger ledger;
    private final Instant now;

    private Updates(Ledger ledger) {
        this.ledger = ledger;
        this.now = ledger.scope().now();
    }

    /// Applies all of them, or throws what is wrong with the first that is.
    static void apply(Ledger ledger, List<OperationUpdate> updates) {
        UpdateRules.batch(updates);
        Updates all = new Updates(ledger);
        updates.forEach(all::apply);
        UpdateRules.demand(
                ledger.written() <= DurableLimits.MAX_WRITTEN_BYTES,
                "The durable execution exceeds the limit of "
                        + DurableLimits.MAX_WRITTEN_BYTES
                        + " bytes of data.");
    }

    private void apply(OperationUpdate update) {
        if (update.type().equals("EXECUTION")) {
            end(update);
            return;
        }
        OperationRow row = ledger.operation(update.id());
        UpdateRules.update(update, row == null ? null : row.shape());
        if (update.parentId() != null) {
            OperationRow parent = ledger.operation(update.parentId());
            UpdateRules.parent(parent == null ? null : parent.shape());
        }
        if (row == null) {
            UpdateRules.demand(
                    ledger.operations() <= DurableLimits.MAX_OPERATIONS,
                    "The durable execution exceeds the limit of "
                            + DurableLimits.MAX_OPERATIONS
                            + " operations.");
            row = OperationRow.of(fresh(update));
        }
        switch (update.type()) {
            case "STEP" -> step(update, row);
            case "CONTEXT" -> context(update, row);
            case "WAIT" -> waits(update, row);
            case "CALLBACK" -> callback(update, row);
            default -> chained(update, row);
        }
    }

    /// The end of the execution goes by an id of the SDK's own making.
    private void end(OperationUpdate update) {
        Operation execution = ledger.operation(0).shape();
        UpdateRules.update(update.toBuilder().name(null).build(), execution);
        PayloadRef result = ledger.keep(update.payload());
        PayloadRef error = ledger.keep(update.error());
        ledger.end(update.action().equals("FAIL") ? "FAILED" : "SUCCEEDED", result, error);
    }

    /// Without a status: what comes next gives it one.
    private Operation fresh(OperationUpdate update) {
        return Operation.builder()
                .id(update.id())
                .parentId(update.parentId())
                .name(update.name())
                .type(update.type())
                .subType(update.subType())
                .startTimestamp(now)
                .status("")
                .build();
    }

    private static Operation with(Operation shape, String status) {
        return shape.toBuilder().status(status).build();
    }

    private void step(OperationUpdate update, OperationRow row) {
        StepDetails had = row.shape().stepDetails();
        StepDetails.Builder details = had == null ? StepDetails.builder() : had.toBuilder();
        details.nextAttemptTimestamp(null);
        int attempt = had == null || had.attempt() == null ? 0 : had.attempt();
        if (update.action().equals("START") || row.shape().status().isEmpty()) {
            ledger.event("StepStarted", row.shape(), Map.of());
        }
        if (update.action().equals("START")) {
            Operation started =
                    with(row.shape(), "STARTED").toBuilder()
                            .stepDetails(details.attempt(attempt).build())
                            .build();
            ledger.put(row.with(started).withDue(null));
            return;
        }
        details.attempt(attempt + 1);
        PayloadRef result = ledger.keep(update.payload());
        PayloadRef error = ledger.keep(update.error());
        Operation.Builder shape = row.shape().toBuilder();
        Map<String, Object> retry = new LinkedHashMap<>();
        retry.put("CurrentAttempt", attempt + 1);
        Instant next = null;
        if (update.action().equals("RETRY")) {
            int delay =
                    Objects.requireNonNull(
                            Objects.requireNonNull(update.stepOptions()).nextAttemptDelaySeconds());
            next = now.plusSeconds(delay);
            retry.put("NextAttemptDelaySeconds", delay);
            details.nextAttemptTimestamp(next);
            shape.status("PENDING");
        } else {
            shape.status(update.action().equals("FAIL") ? "FAILED" : "SUCCEEDED");
            shape.endTimestamp(now);
        }
        boolean failed = update.action().equals("FAIL") || error != null;
        ledger.event(
                failed ? "StepFailed" : "StepSucceeded",
                row.shape(),
                Map.of("RetryDetails", History.retryDetails(retry)),
                failed ? History.ERROR : History.RESULT,
                failed ? error : result);
        Operation done = shape.stepDetails(details.build()).build();
        ledger.put(row.with(done).withPayloads(result, error).withDue(next));
    }

    private void context(OperationUpdate update, OperationRow row) {
        if (update.action().equals("START") || row.shape().status().isEmpty()) {
            ledger.event("ContextStarted", row.shape(), Map.of());
        }
        if (update.action().equals("START")) {
            ledger.put(row.with(with(row.shape(), "STARTED")));
            return;
        }
        boolean failed = update.action().equals("FAIL");
        PayloadRef result = ledger.keep(update.payload());
        PayloadRef error = ledger.keep(update.error());
        var options = update.contextOptions();
        Operation closed =
                Completion.ended(row.shape(), failed ? "FAILED" : "SUCCEEDED", ledger).toBuilder()
                        .contextDetails(
                                ContextDetails.builder()
                                        .replayChildren(
                                                options != null
                                                        && Boolean.TRUE.equals(
                                                                options.replayChildren()))
                                        .build())
                        .build();
        ledger.event(
                failed ? "ContextFailed" : "ContextSucceeded",
                closed,
                Map.of(),
                failed ? History.ERROR : History.RESULT,
                failed ? error : result);
        ledger.put(row.with(closed).withPayloads(result, error));
    }

    private void waits(OperationUpdate update, OperationRow row) {
        if (update.action().equals("CANCEL")) {
            Operation ended = Completion.ended(row.shape(), "CANCELLED", ledger);
            PayloadRef error = ledger.keep(update.error());
            ledger.event("WaitCancelled", ended, Map.of(), History.ERROR, error);
            ledger.put(row.with(ended).withDue(null));
            return;
        }
        int seconds =
                Objects.requireNonNull(Objects.requireNonNull(update.waitOptions()).waitSeconds());
        Instant end = now.plusSeconds(seconds);
        Operation started =
                with(row.shape(), "STARTED").toBuilder()
                        .waitDetails(WaitDetails.builder().scheduledEndTimestamp(end).build())
                        .build();
        ledger.event(
                "WaitStarted", started, Map.of("Duration", seconds, "ScheduledEndTimestamp", end));
        ledger.put(row.with(started).withDue(end));
    }

    private void callback(OperationUpdate update, OperationRow row) {
        CallbackOptions options = update.callbackOptions();
        int timeout = seconds(options == null ? null : options.timeoutSeconds());
        int heartbeat = seconds(options == null ? null : options.heartbeatTimeoutSeconds());
        String id = new CallbackId(ledger.arn(), update.id()).toString();
        Operation started =
                with(row.shape(), "STARTED").toBuilder()
                        .callbackDetails(CallbackDetails.builder().callbackId(id).build())
                        .build();
        Map<String, Object> details = new LinkedHashMap<>();
        details.put("CallbackId", id);
        details.put("Timeout", timeout);
        details.put("HeartbeatTimeout", heartbeat);
        ledger.event("CallbackStarted", started, details);
        OperationRow.Limits limits =
                new OperationRow.Limits(timeout == 0 ? null : now.plusSeconds(timeout), heartbeat);
        ledger.put(row.with(started).withLimits(limits, now));
    }

    private static int seconds(@Nullable Integer given) {
        return given == null ? 0 : given;
    }

    private void chained(OperationUpdate update, OperationRow row) {
        ChainedTarget target =
                ChainedTarget.of(ledger, Objects.requireNonNull(update.chainedInvokeOptions()));
        String input = update.payload() == null ? "{}" : update.payload();
        PayloadRef kept = target.error() == null ? ledger.keep(input) : null;
        Operation started = with(row.shape(), "STARTED");
        ledger.event("ChainedInvokeStarted", started, target.details(), History.INPUT, kept);
        if (target.error() != null) {
            PayloadRef error = ledger.keep(target.error());
            Operation failed = Completion.ended(started, "FAILED", ledger);
            ledger.event("ChainedInvokeFailed", failed, Map.of(), History.ERROR, error);
            ledger.put(row.with(failed).withPayloads(null, error));
            return;
        }
        // What it holds until its end is its input.
        ledger.put(row.with(started).withPayloads(kept, null));
        ledger.chain(update.id(), target);
    }
}
