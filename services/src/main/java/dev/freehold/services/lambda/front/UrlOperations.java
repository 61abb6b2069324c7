package dev.freehold.services.lambda.front;

import dev.freehold.api.lambda.CreateFunctionUrlConfigRequest;
import dev.freehold.api.lambda.CreateFunctionUrlConfigResponse;
import dev.freehold.api.lambda.DeleteFunctionUrlConfigRequest;
import dev.freehold.api.lambda.DeleteFunctionUrlConfigResponse;
import dev.freehold.api.lambda.GetFunctionUrlConfigRequest;
import dev.freehold.api.lambda.GetFunctionUrlConfigResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.ListFunctionUrlConfigsRequest;
import dev.freehold.api.lambda.ListFunctionUrlConfigsResponse;
import dev.freehold.api.lambda.UpdateFunctionUrlConfigRequest;
import dev.freehold.api.lambda.UpdateFunctionUrlConfigResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.ops.UrlConfigs;
import dev.freehold.services.structures.Copies;

/// The part of the front that is about function URLs.
public interface UrlOperations extends LambdaApi {
    UrlConfigs urls();

    @Override
    default CreateFunctionUrlConfigResponse createFunctionUrlConfig(
            CreateFunctionUrlConfigRequest in, Caller caller) {
        // AWS: the mode is answered only when it was asked for
        CreateFunctionUrlConfigResponse.Builder made =
                Copies.of(urls().create(in, caller), CreateFunctionUrlConfigResponse.builder());
        return made.invokeMode(in.invokeMode()).build();
    }

    @Override
    default DeleteFunctionUrlConfigResponse deleteFunctionUrlConfig(
            DeleteFunctionUrlConfigRequest in, Caller caller) {
        urls().delete(in.functionName(), in.qualifier(), caller);
        return DeleteFunctionUrlConfigResponse.builder().build();
    }

    @Override
    default GetFunctionUrlConfigResponse getFunctionUrlConfig(
            GetFunctionUrlConfigRequest in, Caller caller) {
        return Copies.of(
                        urls().get(in.functionName(), in.qualifier(), caller),
                        GetFunctionUrlConfigResponse.builder())
                .build();
    }

    @Override
    default ListFunctionUrlConfigsResponse listFunctionUrlConfigs(
            ListFunctionUrlConfigsRequest in, Caller caller) {
        return urls().list(in, caller);
    }

    @Override
    default UpdateFunctionUrlConfigResponse updateFunctionUrlConfig(
            UpdateFunctionUrlConfigRequest in, Caller caller) {
        UpdateFunctionUrlConfigResponse.Builder changed =
                Copies.of(urls().update(in, caller), UpdateFunctionUrlConfigResponse.builder());
        return changed.invokeMode(in.invokeMode()).build();
    }
}
