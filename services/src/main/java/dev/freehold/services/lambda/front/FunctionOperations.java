package dev.freehold.services.lambda.front;

import dev.freehold.api.lambda.AddPermissionRequest;
import dev.freehold.api.lambda.AddPermissionResponse;
import dev.freehold.api.lambda.CreateFunctionRequest;
import dev.freehold.api.lambda.CreateFunctionResponse;
import dev.freehold.api.lambda.DeleteFunctionRequest;
import dev.freehold.api.lambda.DeleteFunctionResponse;
import dev.freehold.api.lambda.GetAccountSettingsRequest;
import dev.freehold.api.lambda.GetAccountSettingsResponse;
import dev.freehold.api.lambda.GetFunctionConfigurationRequest;
import dev.freehold.api.lambda.GetFunctionConfigurationResponse;
import dev.freehold.api.lambda.GetFunctionRecursionConfigRequest;
import dev.freehold.api.lambda.GetFunctionRecursionConfigResponse;
import dev.freehold.api.lambda.GetFunctionRequest;
import dev.freehold.api.lambda.GetFunctionResponse;
import dev.freehold.api.lambda.GetPolicyRequest;
import dev.freehold.api.lambda.GetPolicyResponse;
import dev.freehold.api.lambda.GetRuntimeManagementConfigRequest;
import dev.freehold.api.lambda.GetRuntimeManagementConfigResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.ListFunctionsRequest;
import dev.freehold.api.lambda.ListFunctionsResponse;
import dev.freehold.api.lambda.ListTagsRequest;
import dev.freehold.api.lambda.ListTagsResponse;
import dev.freehold.api.lambda.PutFunctionRecursionConfigRequest;
import dev.freehold.api.lambda.PutFunctionRecursionConfigResponse;
import dev.freehold.api.lambda.PutRuntimeManagementConfigRequest;
import dev.freehold.api.lambda.PutRuntimeManagementConfigResponse;
import dev.freehold.api.lambda.RemovePermissionRequest;
import dev.freehold.api.lambda.RemovePermissionResponse;
import dev.freehold.api.lambda.TagResourceRequest;
import dev.freehold.api.lambda.TagResourceResponse;
import dev.freehold.api.lambda.UntagResourceRequest;
import dev.freehold.api.lambda.UntagResourceResponse;
import dev.freehold.api.lambda.UpdateFunctionCodeRequest;
import dev.freehold.api.lambda.UpdateFunctionCodeResponse;
import dev.freehold.api.lambda.UpdateFunctionConfigurationRequest;
import dev.freehold.api.lambda.UpdateFunctionConfigurationResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.ops.Account;
import dev.freehold.services.lambda.ops.FunctionOptions;
import dev.freehold.services.lambda.ops.Functions;
import dev.freehold.services.lambda.ops.Policies;
import dev.freehold.services.lambda.ops.Tags;
import dev.freehold.services.structures.Copies;

/// The part of the front that is about functions, their settings, policies and tags.
public interface FunctionOperations extends LambdaApi {
    Functions functions();

    FunctionOptions options();

    Account account();

    Policies policies();

    Tags tags();

    @Override
    default AddPermissionResponse addPermission(AddPermissionRequest in, Caller caller) {
        return AddPermissionResponse.builder().statement(policies().add(in, caller)).build();
    }

    @Override
    default CreateFunctionResponse createFunction(CreateFunctionRequest in, Caller caller) {
        return Copies.of(functions().create(in, caller), CreateFunctionResponse.builder()).build();
    }

    @Override
    default DeleteFunctionResponse deleteFunction(DeleteFunctionRequest in, Caller caller) {
        functions().delete(in, caller);
        return DeleteFunctionResponse.builder().statusCode(204).build();
    }

    @Override
    default GetAccountSettingsResponse getAccountSettings(
            GetAccountSettingsRequest in, Caller caller) {
        return account().settings(caller);
    }

    @Override
    default GetFunctionResponse getFunction(GetFunctionRequest in, Caller caller) {
        return functions().get(in.functionName(), in.qualifier(), caller);
    }

    @Override
    default GetFunctionConfigurationResponse getFunctionConfiguration(
            GetFunctionConfigurationRequest in, Caller caller) {
        return Copies.of(
                        functions().configuration(in.functionName(), in.qualifier(), caller),
                        GetFunctionConfigurationResponse.builder())
                .build();
    }

    @Override
    default GetFunctionRecursionConfigResponse getFunctionRecursionConfig(
            GetFunctionRecursionConfigRequest in, Caller caller) {
        return GetFunctionRecursionConfigResponse.builder()
                .recursiveLoop(options().recursion(in.functionName(), caller))
                .build();
    }

    @Override
    default GetPolicyResponse getPolicy(GetPolicyRequest in, Caller caller) {
        return policies().get(in, caller);
    }

    @Override
    default GetRuntimeManagementConfigResponse getRuntimeManagementConfig(
            GetRuntimeManagementConfigRequest in, Caller caller) {
        return Copies.of(
                        options().runtime(in.functionName(), in.qualifier(), caller),
                        GetRuntimeManagementConfigResponse.builder())
                .build();
    }

    @Override
    default ListFunctionsResponse listFunctions(ListFunctionsRequest in, Caller caller) {
        return functions().list(in, caller);
    }

    @Override
    default ListTagsResponse listTags(ListTagsRequest in, Caller caller) {
        return ListTagsResponse.builder().tags(tags().list(in.resource(), caller)).build();
    }

    @Override
    default PutFunctionRecursionConfigResponse putFunctionRecursionConfig(
            PutFunctionRecursionConfigRequest in, Caller caller) {
        String set = options().setRecursion(in.functionName(), in.recursiveLoop(), caller);
        return PutFunctionRecursionConfigResponse.builder().recursiveLoop(set).build();
    }

    @Override
    default PutRuntimeManagementConfigResponse putRuntimeManagementConfig(
            PutRuntimeManagementConfigRequest in, Caller caller) {
        return options().setRuntime(in, caller);
    }

    @Override
    default RemovePermissionResponse removePermission(RemovePermissionRequest in, Caller caller) {
        policies().remove(in, caller);
        return RemovePermissionResponse.builder().build();
    }

    @Override
    default TagResourceResponse tagResource(TagResourceRequest in, Caller caller) {
        tags().tag(in.resource(), in.tags(), caller);
        return TagResourceResponse.builder().build();
    }

    @Override
    default UntagResourceResponse untagResource(UntagResourceRequest in, Caller caller) {
        tags().untag(in.resource(), in.tagKeys(), caller);
        return UntagResourceResponse.builder().build();
    }

    @Override
    default UpdateFunctionCodeResponse updateFunctionCode(
            UpdateFunctionCodeRequest in, Caller caller) {
        return Copies.of(functions().updateCode(in, caller), UpdateFunctionCodeResponse.builder())
                .build();
    }

    @Override
    default UpdateFunctionConfigurationResponse updateFunctionConfiguration(
            UpdateFunctionConfigurationRequest in, Caller caller) {
        return Copies.of(
                        functions().updateConfiguration(in, caller),
                        UpdateFunctionConfigurationResponse.builder())
                .build();
    }
}
