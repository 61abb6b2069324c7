package dev.freehold.services.lambda.durable.ops;

import dev.freehold.api.lambda.CheckpointDurableExecutionRequest;
import dev.freehold.api.lambda.CheckpointDurableExecutionResponse;
import dev.freehold.api.lambda.DeleteDurableExecutionRequest;
import dev.freehold.api.lambda.DeleteDurableExecutionResponse;
import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.api.lambda.PauseDurableExecutionRequest;
import dev.freehold.api.lambda.ResumeDurableExecutionRequest;
import dev.freehold.api.lambda.SendDurableExecutionCallbackFailureRequest;
import dev.freehold.api.lambda.SendDurableExecutionCallbackHeartbeatRequest;
import dev.freehold.api.lambda.SendDurableExecutionCallbackSuccessRequest;
import dev.freehold.api.lambda.StopDurableExecutionRequest;
import dev.freehold.api.lambda.StopDurableExecutionResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.durable.Callbacks;
import dev.freehold.services.lambda.durable.Checkpoints;
import dev.freehold.services.lambda.durable.Controls;
import dev.freehold.services.lambda.durable.Durables;

/// The operations on durable executions, as requests.
public final class DurableService {
    private final Checkpoints checkpoints;
    private final Callbacks callbacks;
    private final Controls controls;
    private final Executions executions;
    private final Listings listings;

    public DurableService(Durables.Parts parts) {
        checkpoints = new Checkpoints(parts);
        callbacks = new Callbacks(parts);
        controls = new Controls(parts);
        executions = new Executions(parts.store());
        listings = new Listings(parts.store());
    }

    public CheckpointDurableExecutionResponse checkpoint(
            CheckpointDurableExecutionRequest in, Caller caller) {
        return checkpoints.checkpoint(ExecutionArns.of(in.durableExecutionArn(), caller), in);
    }

    /// What reads executions.
    public Executions executions() {
        return executions;
    }

    /// What lists executions.
    public Listings listings() {
        return listings;
    }

    public StopDurableExecutionResponse stop(StopDurableExecutionRequest in, Caller caller) {
        return StopDurableExecutionResponse.builder()
                .stopTimestamp(
                        controls.stop(
                                ExecutionArns.of(in.durableExecutionArn(), caller), in.error()))
                .build();
    }

    public void pause(PauseDurableExecutionRequest in, Caller caller) {
        controls.pause(
                ExecutionArns.of(in.durableExecutionArn(), caller),
                in.reason(),
                Boolean.TRUE.equals(in.executionTimeoutPaused()));
    }

    public void resume(ResumeDurableExecutionRequest in, Caller caller) {
        controls.resume(ExecutionArns.of(in.durableExecutionArn(), caller), in.reason());
    }

    public DeleteDurableExecutionResponse delete(DeleteDurableExecutionRequest in, Caller caller) {
        return DeleteDurableExecutionResponse.builder()
                .deletionRequestTimestamp(
                        controls.delete(ExecutionArns.of(in.durableExecutionArn(), caller)))
                .build();
    }

    public void succeed(SendDurableExecutionCallbackSuccessRequest in, Caller caller) {
        String result = in.result() == null ? null : in.result().utf8();
        callbacks.complete(ExecutionArns.callback(in.callbackId(), caller), result, null);
    }

    public void fail(SendDurableExecutionCallbackFailureRequest in, Caller caller) {
        ErrorObject error = in.error() == null ? ErrorObject.builder().build() : in.error();
        callbacks.complete(ExecutionArns.callback(in.callbackId(), caller), null, error);
    }

    public void heartbeat(SendDurableExecutionCallbackHeartbeatRequest in, Caller caller) {
        callbacks.heartbeat(ExecutionArns.callback(in.callbackId(), caller));
    }
}
