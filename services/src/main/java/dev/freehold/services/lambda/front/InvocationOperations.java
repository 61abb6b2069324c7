package dev.freehold.services.lambda.front;

import dev.freehold.api.lambda.DeleteFunctionEventInvokeConfigRequest;
import dev.freehold.api.lambda.DeleteFunctionEventInvokeConfigResponse;
import dev.freehold.api.lambda.GetFunctionEventInvokeConfigRequest;
import dev.freehold.api.lambda.GetFunctionEventInvokeConfigResponse;
import dev.freehold.api.lambda.InvokeAsyncRequest;
import dev.freehold.api.lambda.InvokeAsyncResponse;
import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.InvokeResponse;
import dev.freehold.api.lambda.InvokeWithResponseStreamRequest;
import dev.freehold.api.lambda.InvokeWithResponseStreamResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.ListFunctionEventInvokeConfigsRequest;
import dev.freehold.api.lambda.ListFunctionEventInvokeConfigsResponse;
import dev.freehold.api.lambda.PutFunctionEventInvokeConfigRequest;
import dev.freehold.api.lambda.PutFunctionEventInvokeConfigResponse;
import dev.freehold.api.lambda.UpdateFunctionEventInvokeConfigRequest;
import dev.freehold.api.lambda.UpdateFunctionEventInvokeConfigResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.ops.EventConfigs;
import dev.freehold.services.lambda.ops.Invocations;
import dev.freehold.services.structures.Copies;

/// The part of the front that is about invocations, and what becomes of asynchronous ones.
public interface InvocationOperations extends LambdaApi {
    Invocations invocations();

    EventConfigs eventConfigs();

    @Override
    default DeleteFunctionEventInvokeConfigResponse deleteFunctionEventInvokeConfig(
            DeleteFunctionEventInvokeConfigRequest in, Caller caller) {
        eventConfigs().delete(in.functionName(), in.qualifier(), caller);
        return DeleteFunctionEventInvokeConfigResponse.builder().build();
    }

    @Override
    default GetFunctionEventInvokeConfigResponse getFunctionEventInvokeConfig(
            GetFunctionEventInvokeConfigRequest in, Caller caller) {
        return Copies.of(
                        eventConfigs().get(in.functionName(), in.qualifier(), caller),
                        GetFunctionEventInvokeConfigResponse.builder())
                .build();
    }

    @Override
    default InvokeResponse invoke(InvokeRequest in, Caller caller) {
        return invocations().invoke(in, caller);
    }

    @Override
    default InvokeWithResponseStreamResponse invokeWithResponseStream(
            InvokeWithResponseStreamRequest in, Caller caller) {
        return invocations().stream(in, caller);
    }

    @Override
    default InvokeAsyncResponse invokeAsync(InvokeAsyncRequest in, Caller caller) {
        return invocations().invokeAsync(in, caller);
    }

    @Override
    default ListFunctionEventInvokeConfigsResponse listFunctionEventInvokeConfigs(
            ListFunctionEventInvokeConfigsRequest in, Caller caller) {
        return eventConfigs().list(in, caller);
    }

    @Override
    default PutFunctionEventInvokeConfigResponse putFunctionEventInvokeConfig(
            PutFunctionEventInvokeConfigRequest in, Caller caller) {
        return Copies.of(
                        eventConfigs().put(in, caller),
                        PutFunctionEventInvokeConfigResponse.builder())
                .build();
    }

    @Override
    default UpdateFunctionEventInvokeConfigResponse updateFunctionEventInvokeConfig(
            UpdateFunctionEventInvokeConfigRequest in, Caller caller) {
        return Copies.of(
                        eventConfigs().update(in, caller),
                        UpdateFunctionEventInvokeConfigResponse.builder())
                .build();
    }
}
