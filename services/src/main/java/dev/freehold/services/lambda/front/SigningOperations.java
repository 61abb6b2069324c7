package dev.freehold.services.lambda.front;

import dev.freehold.api.lambda.CreateCodeSigningConfigRequest;
import dev.freehold.api.lambda.CreateCodeSigningConfigResponse;
import dev.freehold.api.lambda.DeleteCodeSigningConfigRequest;
import dev.freehold.api.lambda.DeleteCodeSigningConfigResponse;
import dev.freehold.api.lambda.DeleteFunctionCodeSigningConfigRequest;
import dev.freehold.api.lambda.DeleteFunctionCodeSigningConfigResponse;
import dev.freehold.api.lambda.GetCodeSigningConfigRequest;
import dev.freehold.api.lambda.GetCodeSigningConfigResponse;
import dev.freehold.api.lambda.GetFunctionCodeSigningConfigRequest;
import dev.freehold.api.lambda.GetFunctionCodeSigningConfigResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.ListCodeSigningConfigsRequest;
import dev.freehold.api.lambda.ListCodeSigningConfigsResponse;
import dev.freehold.api.lambda.ListFunctionsByCodeSigningConfigRequest;
import dev.freehold.api.lambda.ListFunctionsByCodeSigningConfigResponse;
import dev.freehold.api.lambda.PutFunctionCodeSigningConfigRequest;
import dev.freehold.api.lambda.PutFunctionCodeSigningConfigResponse;
import dev.freehold.api.lambda.UpdateCodeSigningConfigRequest;
import dev.freehold.api.lambda.UpdateCodeSigningConfigResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.ops.CodeSigning;

/// The part of the front that is about code signing.
public interface SigningOperations extends LambdaApi {
    CodeSigning signing();

    @Override
    default CreateCodeSigningConfigResponse createCodeSigningConfig(
            CreateCodeSigningConfigRequest in, Caller caller) {
        return CreateCodeSigningConfigResponse.builder()
                .codeSigningConfig(signing().create(in, caller))
                .build();
    }

    @Override
    default DeleteCodeSigningConfigResponse deleteCodeSigningConfig(
            DeleteCodeSigningConfigRequest in, Caller caller) {
        signing().delete(in.codeSigningConfigArn(), caller);
        return DeleteCodeSigningConfigResponse.builder().build();
    }

    @Override
    default DeleteFunctionCodeSigningConfigResponse deleteFunctionCodeSigningConfig(
            DeleteFunctionCodeSigningConfigRequest in, Caller caller) {
        signing().assign(in.functionName(), null, caller);
        return DeleteFunctionCodeSigningConfigResponse.builder().build();
    }

    @Override
    default GetCodeSigningConfigResponse getCodeSigningConfig(
            GetCodeSigningConfigRequest in, Caller caller) {
        return GetCodeSigningConfigResponse.builder()
                .codeSigningConfig(signing().get(in.codeSigningConfigArn()))
                .build();
    }

    @Override
    default GetFunctionCodeSigningConfigResponse getFunctionCodeSigningConfig(
            GetFunctionCodeSigningConfigRequest in, Caller caller) {
        return signing().ofFunction(in.functionName(), caller);
    }

    @Override
    default ListCodeSigningConfigsResponse listCodeSigningConfigs(
            ListCodeSigningConfigsRequest in, Caller caller) {
        return signing().list(in, caller);
    }

    @Override
    default ListFunctionsByCodeSigningConfigResponse listFunctionsByCodeSigningConfig(
            ListFunctionsByCodeSigningConfigRequest in, Caller caller) {
        return signing().functions(in, caller);
    }

    @Override
    default PutFunctionCodeSigningConfigResponse putFunctionCodeSigningConfig(
            PutFunctionCodeSigningConfigRequest in, Caller caller) {
        String name = signing().assign(in.functionName(), in.codeSigningConfigArn(), caller).name();
        return PutFunctionCodeSigningConfigResponse.builder()
                .codeSigningConfigArn(in.codeSigningConfigArn())
                .functionName(name)
                .build();
    }

    @Override
    default UpdateCodeSigningConfigResponse updateCodeSigningConfig(
            UpdateCodeSigningConfigRequest in, Caller caller) {
        return UpdateCodeSigningConfigResponse.builder()
                .codeSigningConfig(signing().update(in))
                .build();
    }
}
