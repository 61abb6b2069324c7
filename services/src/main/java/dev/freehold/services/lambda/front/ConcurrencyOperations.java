package dev.freehold.services.lambda.front;

import dev.freehold.api.lambda.DeleteFunctionConcurrencyRequest;
import dev.freehold.api.lambda.DeleteFunctionConcurrencyResponse;
import dev.freehold.api.lambda.DeleteProvisionedConcurrencyConfigRequest;
import dev.freehold.api.lambda.DeleteProvisionedConcurrencyConfigResponse;
import dev.freehold.api.lambda.GetFunctionConcurrencyRequest;
import dev.freehold.api.lambda.GetFunctionConcurrencyResponse;
import dev.freehold.api.lambda.GetProvisionedConcurrencyConfigRequest;
import dev.freehold.api.lambda.GetProvisionedConcurrencyConfigResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.ListProvisionedConcurrencyConfigsRequest;
import dev.freehold.api.lambda.ListProvisionedConcurrencyConfigsResponse;
import dev.freehold.api.lambda.PutFunctionConcurrencyRequest;
import dev.freehold.api.lambda.PutFunctionConcurrencyResponse;
import dev.freehold.api.lambda.PutProvisionedConcurrencyConfigRequest;
import dev.freehold.api.lambda.PutProvisionedConcurrencyConfigResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.ops.ProvisionedConcurrency;
import dev.freehold.services.lambda.ops.ReservedConcurrency;

/// The part of the front that is about concurrency.
public interface ConcurrencyOperations extends LambdaApi {
    ReservedConcurrency reserved();

    ProvisionedConcurrency provisioned();

    @Override
    default DeleteFunctionConcurrencyResponse deleteFunctionConcurrency(
            DeleteFunctionConcurrencyRequest in, Caller caller) {
        reserved().delete(in, caller);
        return DeleteFunctionConcurrencyResponse.builder().build();
    }

    @Override
    default DeleteProvisionedConcurrencyConfigResponse deleteProvisionedConcurrencyConfig(
            DeleteProvisionedConcurrencyConfigRequest in, Caller caller) {
        provisioned().delete(in.functionName(), in.qualifier(), caller);
        return DeleteProvisionedConcurrencyConfigResponse.builder().build();
    }

    @Override
    default GetFunctionConcurrencyResponse getFunctionConcurrency(
            GetFunctionConcurrencyRequest in, Caller caller) {
        return GetFunctionConcurrencyResponse.builder()
                .reservedConcurrentExecutions(reserved().get(in, caller))
                .build();
    }

    @Override
    default GetProvisionedConcurrencyConfigResponse getProvisionedConcurrencyConfig(
            GetProvisionedConcurrencyConfigRequest in, Caller caller) {
        ProvisionedConcurrency.View view =
                provisioned().get(in.functionName(), in.qualifier(), caller);
        return GetProvisionedConcurrencyConfigResponse.builder()
                .requestedProvisionedConcurrentExecutions(view.requested())
                .allocatedProvisionedConcurrentExecutions(view.allocated())
                .availableProvisionedConcurrentExecutions(view.allocated())
                .status(view.status())
                .lastModified(view.lastModified())
                .build();
    }

    @Override
    default ListProvisionedConcurrencyConfigsResponse listProvisionedConcurrencyConfigs(
            ListProvisionedConcurrencyConfigsRequest in, Caller caller) {
        return provisioned().list(in, caller);
    }

    @Override
    default PutFunctionConcurrencyResponse putFunctionConcurrency(
            PutFunctionConcurrencyRequest in, Caller caller) {
        reserved().put(in, caller);
        return PutFunctionConcurrencyResponse.builder()
                .reservedConcurrentExecutions(in.reservedConcurrentExecutions())
                .build();
    }

    @Override
    default PutProvisionedConcurrencyConfigResponse putProvisionedConcurrencyConfig(
            PutProvisionedConcurrencyConfigRequest in, Caller caller) {
        return provisioned().put(in, caller);
    }
}
