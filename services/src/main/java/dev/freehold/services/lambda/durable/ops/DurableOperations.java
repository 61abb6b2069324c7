package dev.freehold.services.lambda.durable.ops;

import dev.freehold.api.lambda.CheckpointDurableExecutionRequest;
import dev.freehold.api.lambda.CheckpointDurableExecutionResponse;
import dev.freehold.api.lambda.DeleteDurableExecutionRequest;
import dev.freehold.api.lambda.DeleteDurableExecutionResponse;
import dev.freehold.api.lambda.GetDurableExecutionHistoryRequest;
import dev.freehold.api.lambda.GetDurableExecutionHistoryResponse;
import dev.freehold.api.lambda.GetDurableExecutionRequest;
import dev.freehold.api.lambda.GetDurableExecutionResponse;
import dev.freehold.api.lambda.GetDurableExecutionStateRequest;
import dev.freehold.api.lambda.GetDurableExecutionStateResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.ListDurableExecutionsByFunctionRequest;
import dev.freehold.api.lambda.ListDurableExecutionsByFunctionResponse;
import dev.freehold.api.lambda.PauseDurableExecutionRequest;
import dev.freehold.api.lambda.PauseDurableExecutionResponse;
import dev.freehold.api.lambda.ResumeDurableExecutionRequest;
import dev.freehold.api.lambda.ResumeDurableExecutionResponse;
import dev.freehold.api.lambda.SendDurableExecutionCallbackFailureRequest;
import dev.freehold.api.lambda.SendDurableExecutionCallbackFailureResponse;
import dev.freehold.api.lambda.SendDurableExecutionCallbackHeartbeatRequest;
import dev.freehold.api.lambda.SendDurableExecutionCallbackHeartbeatResponse;
import dev.freehold.api.lambda.SendDurableExecutionCallbackSuccessRequest;
import dev.freehold.api.lambda.SendDurableExecutionCallbackSuccessResponse;
import dev.freehold.api.lambda.StopDurableExecutionRequest;
import dev.freehold.api.lambda.StopDurableExecutionResponse;
import dev.freehold.protocol.Caller;

/// The part of the front that is about durable executions.
public interface DurableOperations extends LambdaApi {
    DurableService durables();

    @Override
    default CheckpointDurableExecutionResponse checkpointDurableExecution(
            CheckpointDurableExecutionRequest in, Caller caller) {
        return durables().checkpoint(in, caller);
    }

    @Override
    default DeleteDurableExecutionResponse deleteDurableExecution(
            DeleteDurableExecutionRequest in, Caller caller) {
        return durables().delete(in, caller);
    }

    @Override
    default GetDurableExecutionResponse getDurableExecution(
            GetDurableExecutionRequest in, Caller caller) {
        return durables().executions().get(in, caller);
    }

    @Override
    default GetDurableExecutionHistoryResponse getDurableExecutionHistory(
            GetDurableExecutionHistoryRequest in, Caller caller) {
        return durables().executions().history(in, caller);
    }

    @Override
    default GetDurableExecutionStateResponse getDurableExecutionState(
            GetDurableExecutionStateRequest in, Caller caller) {
        return durables().executions().state(in, caller);
    }

    @Override
    default ListDurableExecutionsByFunctionResponse listDurableExecutionsByFunction(
            ListDurableExecutionsByFunctionRequest in, Caller caller) {
        return durables().listings().list(in, caller);
    }

    @Override
    default PauseDurableExecutionResponse pauseDurableExecution(
            PauseDurableExecutionRequest in, Caller caller) {
        durables().pause(in, caller);
        return PauseDurableExecutionResponse.builder().build();
    }

    @Override
    default ResumeDurableExecutionResponse resumeDurableExecution(
            ResumeDurableExecutionRequest in, Caller caller) {
        durables().resume(in, caller);
        return ResumeDurableExecutionResponse.builder().build();
    }

    @Override
    default SendDurableExecutionCallbackFailureResponse sendDurableExecutionCallbackFailure(
            SendDurableExecutionCallbackFailureRequest in, Caller caller) {
        durables().fail(in, caller);
        return SendDurableExecutionCallbackFailureResponse.builder().build();
    }

    @Override
    default SendDurableExecutionCallbackHeartbeatResponse sendDurableExecutionCallbackHeartbeat(
            SendDurableExecutionCallbackHeartbeatRequest in, Caller caller) {
        durables().heartbeat(in, caller);
        return SendDurableExecutionCallbackHeartbeatResponse.builder().build();
    }

    @Override
    default SendDurableExecutionCallbackSuccessResponse sendDurableExecutionCallbackSuccess(
            SendDurableExecutionCallbackSuccessRequest in, Caller caller) {
        durables().succeed(in, caller);
        return SendDurableExecutionCallbackSuccessResponse.builder().build();
    }

    @Override
    default StopDurableExecutionResponse stopDurableExecution(
            StopDurableExecutionRequest in, Caller caller) {
        return durables().stop(in, caller);
    }
}
