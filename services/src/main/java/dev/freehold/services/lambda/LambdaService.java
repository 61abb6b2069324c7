package dev.freehold.services.lambda;

import dev.freehold.api.lambda.AddLayerVersionPermissionRequest;
import dev.freehold.api.lambda.AddLayerVersionPermissionResponse;
import dev.freehold.api.lambda.AddPermissionRequest;
import dev.freehold.api.lambda.AddPermissionResponse;
import dev.freehold.api.lambda.CreateAliasRequest;
import dev.freehold.api.lambda.CreateAliasResponse;
import dev.freehold.api.lambda.CreateCodeSigningConfigRequest;
import dev.freehold.api.lambda.CreateCodeSigningConfigResponse;
import dev.freehold.api.lambda.CreateEventSourceMappingRequest;
import dev.freehold.api.lambda.CreateEventSourceMappingResponse;
import dev.freehold.api.lambda.CreateFunctionRequest;
import dev.freehold.api.lambda.CreateFunctionResponse;
import dev.freehold.api.lambda.CreateFunctionUrlConfigRequest;
import dev.freehold.api.lambda.CreateFunctionUrlConfigResponse;
import dev.freehold.api.lambda.DeleteAliasRequest;
import dev.freehold.api.lambda.DeleteAliasResponse;
import dev.freehold.api.lambda.DeleteCodeSigningConfigRequest;
import dev.freehold.api.lambda.DeleteCodeSigningConfigResponse;
import dev.freehold.api.lambda.DeleteEventSourceMappingRequest;
import dev.freehold.api.lambda.DeleteEventSourceMappingResponse;
import dev.freehold.api.lambda.DeleteFunctionCodeSigningConfigRequest;
import dev.freehold.api.lambda.DeleteFunctionCodeSigningConfigResponse;
import dev.freehold.api.lambda.DeleteFunctionConcurrencyRequest;
import dev.freehold.api.lambda.DeleteFunctionConcurrencyResponse;
import dev.freehold.api.lambda.DeleteFunctionEventInvokeConfigRequest;
import dev.freehold.api.lambda.DeleteFunctionEventInvokeConfigResponse;
import dev.freehold.api.lambda.DeleteFunctionRequest;
import dev.freehold.api.lambda.DeleteFunctionResponse;
import dev.freehold.api.lambda.DeleteFunctionUrlConfigRequest;
import dev.freehold.api.lambda.DeleteFunctionUrlConfigResponse;
import dev.freehold.api.lambda.DeleteLayerVersionRequest;
import dev.freehold.api.lambda.DeleteLayerVersionResponse;
import dev.freehold.api.lambda.DeleteProvisionedConcurrencyConfigRequest;
import dev.freehold.api.lambda.DeleteProvisionedConcurrencyConfigResponse;
import dev.freehold.api.lambda.GetAccountSettingsRequest;
import dev.freehold.api.lambda.GetAccountSettingsResponse;
import dev.freehold.api.lambda.GetAliasRequest;
import dev.freehold.api.lambda.GetAliasResponse;
import dev.freehold.api.lambda.GetCodeSigningConfigRequest;
import dev.freehold.api.lambda.GetCodeSigningConfigResponse;
import dev.freehold.api.lambda.GetEventSourceMappingRequest;
import dev.freehold.api.lambda.GetEventSourceMappingResponse;
import dev.freehold.api.lambda.GetFunctionCodeSigningConfigRequest;
import dev.freehold.api.lambda.GetFunctionCodeSigningConfigResponse;
import dev.freehold.api.lambda.GetFunctionConcurrencyRequest;
import dev.freehold.api.lambda.GetFunctionConcurrencyResponse;
import dev.freehold.api.lambda.GetFunctionConfigurationRequest;
import dev.freehold.api.lambda.GetFunctionConfigurationResponse;
import dev.freehold.api.lambda.GetFunctionEventInvokeConfigRequest;
import dev.freehold.api.lambda.GetFunctionEventInvokeConfigResponse;
import dev.freehold.api.lambda.GetFunctionRecursionConfigRequest;
import dev.freehold.api.lambda.GetFunctionRecursionConfigResponse;
import dev.freehold.api.lambda.GetFunctionRequest;
import dev.freehold.api.lambda.GetFunctionResponse;
import dev.freehold.api.lambda.GetFunctionUrlConfigRequest;
import dev.freehold.api.lambda.GetFunctionUrlConfigResponse;
import dev.freehold.api.lambda.GetLayerVersionByArnRequest;
import dev.freehold.api.lambda.GetLayerVersionByArnResponse;
import dev.freehold.api.lambda.GetLayerVersionPolicyRequest;
import dev.freehold.api.lambda.GetLayerVersionPolicyResponse;
import dev.freehold.api.lambda.GetLayerVersionRequest;
import dev.freehold.api.lambda.GetLayerVersionResponse;
import dev.freehold.api.lambda.GetPolicyRequest;
import dev.freehold.api.lambda.GetPolicyResponse;
import dev.freehold.api.lambda.GetProvisionedConcurrencyConfigRequest;
import dev.freehold.api.lambda.GetProvisionedConcurrencyConfigResponse;
import dev.freehold.api.lambda.GetRuntimeManagementConfigRequest;
import dev.freehold.api.lambda.GetRuntimeManagementConfigResponse;
import dev.freehold.api.lambda.InvokeAsyncRequest;
import dev.freehold.api.lambda.InvokeAsyncResponse;
import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.InvokeResponse;
import dev.freehold.api.lambda.InvokeWithResponseStreamRequest;
import dev.freehold.api.lambda.InvokeWithResponseStreamResponse;
import dev.freehold.api.lambda.ListAliasesRequest;
import dev.freehold.api.lambda.ListAliasesResponse;
import dev.freehold.api.lambda.ListCodeSigningConfigsRequest;
import dev.freehold.api.lambda.ListCodeSigningConfigsResponse;
import dev.freehold.api.lambda.ListEventSourceMappingsRequest;
import dev.freehold.api.lambda.ListEventSourceMappingsResponse;
import dev.freehold.api.lambda.ListFunctionEventInvokeConfigsRequest;
import dev.freehold.api.lambda.ListFunctionEventInvokeConfigsResponse;
import dev.freehold.api.lambda.ListFunctionUrlConfigsRequest;
import dev.freehold.api.lambda.ListFunctionUrlConfigsResponse;
import dev.freehold.api.lambda.ListFunctionsByCodeSigningConfigRequest;
import dev.freehold.api.lambda.ListFunctionsByCodeSigningConfigResponse;
import dev.freehold.api.lambda.ListFunctionsRequest;
import dev.freehold.api.lambda.ListFunctionsResponse;
import dev.freehold.api.lambda.ListLayerVersionsRequest;
import dev.freehold.api.lambda.ListLayerVersionsResponse;
import dev.freehold.api.lambda.ListLayersRequest;
import dev.freehold.api.lambda.ListLayersResponse;
import dev.freehold.api.lambda.ListProvisionedConcurrencyConfigsRequest;
import dev.freehold.api.lambda.ListProvisionedConcurrencyConfigsResponse;
import dev.freehold.api.lambda.ListTagsRequest;
import dev.freehold.api.lambda.ListTagsResponse;
import dev.freehold.api.lambda.ListVersionsByFunctionRequest;
import dev.freehold.api.lambda.ListVersionsByFunctionResponse;
import dev.freehold.api.lambda.PublishLayerVersionRequest;
import dev.freehold.api.lambda.PublishLayerVersionResponse;
import dev.freehold.api.lambda.PublishVersionRequest;
import dev.freehold.api.lambda.PublishVersionResponse;
import dev.freehold.api.lambda.PutFunctionCodeSigningConfigRequest;
import dev.freehold.api.lambda.PutFunctionCodeSigningConfigResponse;
import dev.freehold.api.lambda.PutFunctionConcurrencyRequest;
import dev.freehold.api.lambda.PutFunctionConcurrencyResponse;
import dev.freehold.api.lambda.PutFunctionEventInvokeConfigRequest;
import dev.freehold.api.lambda.PutFunctionEventInvokeConfigResponse;
import dev.freehold.api.lambda.PutFunctionRecursionConfigRequest;
import dev.freehold.api.lambda.PutFunctionRecursionConfigResponse;
import dev.freehold.api.lambda.PutProvisionedConcurrencyConfigRequest;
import dev.freehold.api.lambda.PutProvisionedConcurrencyConfigResponse;
import dev.freehold.api.lambda.PutRuntimeManagementConfigRequest;
import dev.freehold.api.lambda.PutRuntimeManagementConfigResponse;
import dev.freehold.api.lambda.RemoveLayerVersionPermissionRequest;
import dev.freehold.api.lambda.RemoveLayerVersionPermissionResponse;
import dev.freehold.api.lambda.RemovePermissionRequest;
import dev.freehold.api.lambda.RemovePermissionResponse;
import dev.freehold.api.lambda.TagResourceRequest;
import dev.freehold.api.lambda.TagResourceResponse;
import dev.freehold.api.lambda.UntagResourceRequest;
import dev.freehold.api.lambda.UntagResourceResponse;
import dev.freehold.api.lambda.UpdateAliasRequest;
import dev.freehold.api.lambda.UpdateAliasResponse;
import dev.freehold.api.lambda.UpdateCodeSigningConfigRequest;
import dev.freehold.api.lambda.UpdateCodeSigningConfigResponse;
import dev.freehold.api.lambda.UpdateEventSourceMappingRequest;
import dev.freehold.api.lambda.UpdateEventSourceMappingResponse;
import dev.freehold.api.lambda.UpdateFunctionCodeRequest;
import dev.freehold.api.lambda.UpdateFunctionCodeResponse;
import dev.freehold.api.lambda.UpdateFunctionConfigurationRequest;
import dev.freehold.api.lambda.UpdateFunctionConfigurationResponse;
import dev.freehold.api.lambda.UpdateFunctionEventInvokeConfigRequest;
import dev.freehold.api.lambda.UpdateFunctionEventInvokeConfigResponse;
import dev.freehold.api.lambda.UpdateFunctionUrlConfigRequest;
import dev.freehold.api.lambda.UpdateFunctionUrlConfigResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.lambda.durable.ops.DurableOperations;
import dev.freehold.services.lambda.durable.ops.DurableService;
import dev.freehold.services.lambda.ops.Account;
import dev.freehold.services.lambda.ops.Aliases;
import dev.freehold.services.lambda.ops.CodeSigning;
import dev.freehold.services.lambda.ops.EventConfigs;
import dev.freehold.services.lambda.ops.FunctionOptions;
import dev.freehold.services.lambda.ops.Functions;
import dev.freehold.services.lambda.ops.Invocations;
import dev.freehold.services.lambda.ops.LayerPolicies;
import dev.freehold.services.lambda.ops.Layers;
import dev.freehold.services.lambda.ops.Policies;
import dev.freehold.services.lambda.ops.ProvisionedConcurrency;
import dev.freehold.services.lambda.ops.ReservedConcurrency;
import dev.freehold.services.lambda.ops.Tags;
import dev.freehold.services.lambda.ops.UrlConfigs;
import dev.freehold.services.lambda.ops.Versions;
import dev.freehold.services.lambda.sources.Mappings;
import dev.freehold.services.lambda.state.PolicyRow;
import dev.freehold.services.structures.Copies;

/// The front of Lambda: a method per operation, in the model's order. What isn't here answers that
/// it isn't implemented.
public final class LambdaService implements DurableOperations {
    private final Functions functions;
    private final Invocations invocations;
    private final Versions versions;
    private final Aliases aliases;
    private final Policies policies;
    private final Tags tags;
    private final ReservedConcurrency reserved;
    private final ProvisionedConcurrency provisioned;
    private final EventConfigs eventConfigs;
    private final UrlConfigs urls;
    private final Layers layers;
    private final LayerPolicies layerPolicies;
    private final CodeSigning signing;
    private final FunctionOptions options;
    private final Account account;
    private final Mappings mappings;
    private final DurableService durables;

    /// The operations by what they work on.
    record Parts(
            Functions functions,
            Invocations invocations,
            Versions versions,
            Aliases aliases,
            Policies policies,
            Tags tags,
            ReservedConcurrency reserved,
            ProvisionedConcurrency provisioned,
            EventConfigs eventConfigs,
            UrlConfigs urls,
            Layers layers,
            LayerPolicies layerPolicies,
            CodeSigning signing,
            FunctionOptions options,
            Account account,
            Mappings mappings,
            DurableService durables) {}

    LambdaService(Parts parts) {
        this.functions = parts.functions;
        this.invocations = parts.invocations;
        this.versions = parts.versions;
        this.aliases = parts.aliases;
        this.policies = parts.policies;
        this.tags = parts.tags;
        this.reserved = parts.reserved;
        this.provisioned = parts.provisioned;
        this.eventConfigs = parts.eventConfigs;
        this.urls = parts.urls;
        this.layers = parts.layers;
        this.layerPolicies = parts.layerPolicies;
        this.signing = parts.signing;
        this.options = parts.options;
        this.account = parts.account;
        this.mappings = parts.mappings;
        this.durables = parts.durables;
    }

    @Override
    public DurableService durables() {
        return durables;
    }

    @Override
    public AddLayerVersionPermissionResponse addLayerVersionPermission(
            AddLayerVersionPermissionRequest in, Caller caller) {
        LayerPolicies.Added added = layerPolicies.add(in, caller);
        return AddLayerVersionPermissionResponse.builder()
                .statement(added.statement())
                .revisionId(added.revision())
                .build();
    }

    @Override
    public AddPermissionResponse addPermission(AddPermissionRequest in, Caller caller) {
        return AddPermissionResponse.builder().statement(policies.add(in, caller)).build();
    }

    @Override
    public CreateAliasResponse createAlias(CreateAliasRequest in, Caller caller) {
        return Copies.of(aliases.create(in, caller), CreateAliasResponse.builder()).build();
    }

    @Override
    public CreateCodeSigningConfigResponse createCodeSigningConfig(
            CreateCodeSigningConfigRequest in, Caller caller) {
        return CreateCodeSigningConfigResponse.builder()
                .codeSigningConfig(signing.create(in, caller))
                .build();
    }

    @Override
    public CreateEventSourceMappingResponse createEventSourceMapping(
            CreateEventSourceMappingRequest in, Caller caller) {
        return Copies.of(mappings.create(in, caller), CreateEventSourceMappingResponse.builder())
                .build();
    }

    @Override
    public CreateFunctionResponse createFunction(CreateFunctionRequest in, Caller caller) {
        return Copies.of(functions.create(in, caller), CreateFunctionResponse.builder()).build();
    }

    @Override
    public CreateFunctionUrlConfigResponse createFunctionUrlConfig(
            CreateFunctionUrlConfigRequest in, Caller caller) {
        // AWS: the mode is answered only when it was asked for
        CreateFunctionUrlConfigResponse.Builder made =
                Copies.of(urls.create(in, caller), CreateFunctionUrlConfigResponse.builder());
        return made.invokeMode(in.invokeMode()).build();
    }

    @Override
    public DeleteAliasResponse deleteAlias(DeleteAliasRequest in, Caller caller) {
        aliases.delete(in, caller);
        return DeleteAliasResponse.builder().build();
    }

    @Override
    public DeleteCodeSigningConfigResponse deleteCodeSigningConfig(
            DeleteCodeSigningConfigRequest in, Caller caller) {
        signing.delete(in.codeSigningConfigArn(), caller);
        return DeleteCodeSigningConfigResponse.builder().build();
    }

    @Override
    public DeleteEventSourceMappingResponse deleteEventSourceMapping(
            DeleteEventSourceMappingRequest in, Caller caller) {
        return Copies.of(
                        mappings.delete(in.uuid(), caller),
                        DeleteEventSourceMappingResponse.builder())
                .build();
    }

    @Override
    public DeleteFunctionResponse deleteFunction(DeleteFunctionRequest in, Caller caller) {
        functions.delete(in, caller);
        return DeleteFunctionResponse.builder().statusCode(204).build();
    }

    @Override
    public DeleteFunctionCodeSigningConfigResponse deleteFunctionCodeSigningConfig(
            DeleteFunctionCodeSigningConfigRequest in, Caller caller) {
        signing.assign(in.functionName(), null, caller);
        return DeleteFunctionCodeSigningConfigResponse.builder().build();
    }

    @Override
    public DeleteFunctionConcurrencyResponse deleteFunctionConcurrency(
            DeleteFunctionConcurrencyRequest in, Caller caller) {
        reserved.delete(in, caller);
        return DeleteFunctionConcurrencyResponse.builder().build();
    }

    @Override
    public DeleteFunctionEventInvokeConfigResponse deleteFunctionEventInvokeConfig(
            DeleteFunctionEventInvokeConfigRequest in, Caller caller) {
        eventConfigs.delete(in.functionName(), in.qualifier(), caller);
        return DeleteFunctionEventInvokeConfigResponse.builder().build();
    }

    @Override
    public DeleteFunctionUrlConfigResponse deleteFunctionUrlConfig(
            DeleteFunctionUrlConfigRequest in, Caller caller) {
        urls.delete(in.functionName(), in.qualifier(), caller);
        return DeleteFunctionUrlConfigResponse.builder().build();
    }

    @Override
    public DeleteLayerVersionResponse deleteLayerVersion(
            DeleteLayerVersionRequest in, Caller caller) {
        layers.delete(in.layerName(), in.versionNumber(), caller);
        return DeleteLayerVersionResponse.builder().build();
    }

    @Override
    public DeleteProvisionedConcurrencyConfigResponse deleteProvisionedConcurrencyConfig(
            DeleteProvisionedConcurrencyConfigRequest in, Caller caller) {
        provisioned.delete(in.functionName(), in.qualifier(), caller);
        return DeleteProvisionedConcurrencyConfigResponse.builder().build();
    }

    @Override
    public GetAccountSettingsResponse getAccountSettings(
            GetAccountSettingsRequest in, Caller caller) {
        return account.settings(caller);
    }

    @Override
    public GetAliasResponse getAlias(GetAliasRequest in, Caller caller) {
        return Copies.of(aliases.get(in, caller), GetAliasResponse.builder()).build();
    }

    @Override
    public GetCodeSigningConfigResponse getCodeSigningConfig(
            GetCodeSigningConfigRequest in, Caller caller) {
        return GetCodeSigningConfigResponse.builder()
                .codeSigningConfig(signing.get(in.codeSigningConfigArn()))
                .build();
    }

    @Override
    public GetEventSourceMappingResponse getEventSourceMapping(
            GetEventSourceMappingRequest in, Caller caller) {
        return Copies.of(mappings.get(in.uuid(), caller), GetEventSourceMappingResponse.builder())
                .build();
    }

    @Override
    public GetFunctionResponse getFunction(GetFunctionRequest in, Caller caller) {
        return functions.get(in.functionName(), in.qualifier(), caller);
    }

    @Override
    public GetFunctionCodeSigningConfigResponse getFunctionCodeSigningConfig(
            GetFunctionCodeSigningConfigRequest in, Caller caller) {
        return signing.ofFunction(in.functionName(), caller);
    }

    @Override
    public GetFunctionConcurrencyResponse getFunctionConcurrency(
            GetFunctionConcurrencyRequest in, Caller caller) {
        return GetFunctionConcurrencyResponse.builder()
                .reservedConcurrentExecutions(reserved.get(in, caller))
                .build();
    }

    @Override
    public GetFunctionConfigurationResponse getFunctionConfiguration(
            GetFunctionConfigurationRequest in, Caller caller) {
        return Copies.of(
                        functions.configuration(in.functionName(), in.qualifier(), caller),
                        GetFunctionConfigurationResponse.builder())
                .build();
    }

    @Override
    public GetFunctionEventInvokeConfigResponse getFunctionEventInvokeConfig(
            GetFunctionEventInvokeConfigRequest in, Caller caller) {
        return Copies.of(
                        eventConfigs.get(in.functionName(), in.qualifier(), caller),
                        GetFunctionEventInvokeConfigResponse.builder())
                .build();
    }

    @Override
    public GetFunctionRecursionConfigResponse getFunctionRecursionConfig(
            GetFunctionRecursionConfigRequest in, Caller caller) {
        return GetFunctionRecursionConfigResponse.builder()
                .recursiveLoop(options.recursion(in.functionName(), caller))
                .build();
    }

    @Override
    public GetFunctionUrlConfigResponse getFunctionUrlConfig(
            GetFunctionUrlConfigRequest in, Caller caller) {
        return Copies.of(
                        urls.get(in.functionName(), in.qualifier(), caller),
                        GetFunctionUrlConfigResponse.builder())
                .build();
    }

    @Override
    public GetLayerVersionResponse getLayerVersion(GetLayerVersionRequest in, Caller caller) {
        return layers.get(in.layerName(), in.versionNumber(), caller);
    }

    @Override
    public GetLayerVersionByArnResponse getLayerVersionByArn(
            GetLayerVersionByArnRequest in, Caller caller) {
        return Copies.of(layers.getByArn(in.arn(), caller), GetLayerVersionByArnResponse.builder())
                .build();
    }

    @Override
    public GetLayerVersionPolicyResponse getLayerVersionPolicy(
            GetLayerVersionPolicyRequest in, Caller caller) {
        PolicyRow policy = layerPolicies.get(in.layerName(), in.versionNumber(), caller);
        return GetLayerVersionPolicyResponse.builder()
                .policy(policy.document())
                .revisionId(policy.revision())
                .build();
    }

    @Override
    public GetPolicyResponse getPolicy(GetPolicyRequest in, Caller caller) {
        return policies.get(in, caller);
    }

    @Override
    public GetProvisionedConcurrencyConfigResponse getProvisionedConcurrencyConfig(
            GetProvisionedConcurrencyConfigRequest in, Caller caller) {
        ProvisionedConcurrency.View view =
                provisioned.get(in.functionName(), in.qualifier(), caller);
        return GetProvisionedConcurrencyConfigResponse.builder()
                .requestedProvisionedConcurrentExecutions(view.requested())
                .allocatedProvisionedConcurrentExecutions(view.allocated())
                .availableProvisionedConcurrentExecutions(view.allocated())
                .status(view.status())
                .lastModified(view.lastModified())
                .build();
    }

    @Override
    public GetRuntimeManagementConfigResponse getRuntimeManagementConfig(
            GetRuntimeManagementConfigRequest in, Caller caller) {
        return Copies.of(
                        options.runtime(in.functionName(), in.qualifier(), caller),
                        GetRuntimeManagementConfigResponse.builder())
                .build();
    }

    @Override
    public InvokeResponse invoke(InvokeRequest in, Caller caller) {
        return invocations.invoke(in, caller);
    }

    @Override
    public InvokeWithResponseStreamResponse invokeWithResponseStream(
            InvokeWithResponseStreamRequest in, Caller caller) {
        return invocations.stream(in, caller);
    }

    @Override
    public InvokeAsyncResponse invokeAsync(InvokeAsyncRequest in, Caller caller) {
        return invocations.invokeAsync(in, caller);
    }

    @Override
    public ListAliasesResponse listAliases(ListAliasesRequest in, Caller caller) {
        return aliases.list(in, caller);
    }

    @Override
    public ListCodeSigningConfigsResponse listCodeSigningConfigs(
            ListCodeSigningConfigsRequest in, Caller caller) {
        return signing.list(in, caller);
    }

    @Override
    public ListEventSourceMappingsResponse listEventSourceMappings(
            ListEventSourceMappingsRequest in, Caller caller) {
        return mappings.list(in, caller);
    }

    @Override
    public ListFunctionEventInvokeConfigsResponse listFunctionEventInvokeConfigs(
            ListFunctionEventInvokeConfigsRequest in, Caller caller) {
        return eventConfigs.list(in, caller);
    }

    @Override
    public ListFunctionUrlConfigsResponse listFunctionUrlConfigs(
            ListFunctionUrlConfigsRequest in, Caller caller) {
        return urls.list(in, caller);
    }

    @Override
    public ListFunctionsResponse listFunctions(ListFunctionsRequest in, Caller caller) {
        return functions.list(in, caller);
    }

    @Override
    public ListFunctionsByCodeSigningConfigResponse listFunctionsByCodeSigningConfig(
            ListFunctionsByCodeSigningConfigRequest in, Caller caller) {
        return signing.functions(in, caller);
    }

    @Override
    public ListLayerVersionsResponse listLayerVersions(ListLayerVersionsRequest in, Caller caller) {
        return layers.versions(in, caller);
    }

    @Override
    public ListLayersResponse listLayers(ListLayersRequest in, Caller caller) {
        return layers.list(in, caller);
    }

    @Override
    public ListProvisionedConcurrencyConfigsResponse listProvisionedConcurrencyConfigs(
            ListProvisionedConcurrencyConfigsRequest in, Caller caller) {
        return provisioned.list(in, caller);
    }

    @Override
    public ListTagsResponse listTags(ListTagsRequest in, Caller caller) {
        return ListTagsResponse.builder().tags(tags.list(in.resource(), caller)).build();
    }

    @Override
    public ListVersionsByFunctionResponse listVersionsByFunction(
            ListVersionsByFunctionRequest in, Caller caller) {
        return versions.list(in, caller);
    }

    @Override
    public PublishLayerVersionResponse publishLayerVersion(
            PublishLayerVersionRequest in, Caller caller) {
        return Copies.of(layers.publish(in, caller), PublishLayerVersionResponse.builder()).build();
    }

    @Override
    public PublishVersionResponse publishVersion(PublishVersionRequest in, Caller caller) {
        return Copies.of(versions.publish(in, caller), PublishVersionResponse.builder()).build();
    }

    @Override
    public PutFunctionCodeSigningConfigResponse putFunctionCodeSigningConfig(
            PutFunctionCodeSigningConfigRequest in, Caller caller) {
        String name = signing.assign(in.functionName(), in.codeSigningConfigArn(), caller).name();
        return PutFunctionCodeSigningConfigResponse.builder()
                .codeSigningConfigArn(in.codeSigningConfigArn())
                .functionName(name)
                .build();
    }

    @Override
    public PutFunctionConcurrencyResponse putFunctionConcurrency(
            PutFunctionConcurrencyRequest in, Caller caller) {
        reserved.put(in, caller);
        return PutFunctionConcurrencyResponse.builder()
                .reservedConcurrentExecutions(in.reservedConcurrentExecutions())
                .build();
    }

    @Override
    public PutFunctionEventInvokeConfigResponse putFunctionEventInvokeConfig(
            PutFunctionEventInvokeConfigRequest in, Caller caller) {
        return Copies.of(
                        eventConfigs.put(in, caller),
                        PutFunctionEventInvokeConfigResponse.builder())
                .build();
    }

    @Override
    public PutFunctionRecursionConfigResponse putFunctionRecursionConfig(
            PutFunctionRecursionConfigRequest in, Caller caller) {
        String set = options.setRecursion(in.functionName(), in.recursiveLoop(), caller);
        return PutFunctionRecursionConfigResponse.builder().recursiveLoop(set).build();
    }

    @Override
    public PutProvisionedConcurrencyConfigResponse putProvisionedConcurrencyConfig(
            PutProvisionedConcurrencyConfigRequest in, Caller caller) {
        return provisioned.put(in, caller);
    }

    @Override
    public PutRuntimeManagementConfigResponse putRuntimeManagementConfig(
            PutRuntimeManagementConfigRequest in, Caller caller) {
        return options.setRuntime(in, caller);
    }

    @Override
    public RemoveLayerVersionPermissionResponse removeLayerVersionPermission(
            RemoveLayerVersionPermissionRequest in, Caller caller) {
        layerPolicies.remove(in, caller);
        return RemoveLayerVersionPermissionResponse.builder().build();
    }

    @Override
    public RemovePermissionResponse removePermission(RemovePermissionRequest in, Caller caller) {
        policies.remove(in, caller);
        return RemovePermissionResponse.builder().build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest in, Caller caller) {
        tags.tag(in.resource(), in.tags(), caller);
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest in, Caller caller) {
        tags.untag(in.resource(), in.tagKeys(), caller);
        return UntagResourceResponse.builder().build();
    }

    @Override
    public UpdateAliasResponse updateAlias(UpdateAliasRequest in, Caller caller) {
        return Copies.of(aliases.update(in, caller), UpdateAliasResponse.builder()).build();
    }

    @Override
    public UpdateCodeSigningConfigResponse updateCodeSigningConfig(
            UpdateCodeSigningConfigRequest in, Caller caller) {
        return UpdateCodeSigningConfigResponse.builder()
                .codeSigningConfig(signing.update(in))
                .build();
    }

    @Override
    public UpdateEventSourceMappingResponse updateEventSourceMapping(
            UpdateEventSourceMappingRequest in, Caller caller) {
        return Copies.of(mappings.update(in, caller), UpdateEventSourceMappingResponse.builder())
                .build();
    }

    @Override
    public UpdateFunctionCodeResponse updateFunctionCode(
            UpdateFunctionCodeRequest in, Caller caller) {
        return Copies.of(functions.updateCode(in, caller), UpdateFunctionCodeResponse.builder())
                .build();
    }

    @Override
    public UpdateFunctionConfigurationResponse updateFunctionConfiguration(
            UpdateFunctionConfigurationRequest in, Caller caller) {
        return Copies.of(
                        functions.updateConfiguration(in, caller),
                        UpdateFunctionConfigurationResponse.builder())
                .build();
    }

    @Override
    public UpdateFunctionEventInvokeConfigResponse updateFunctionEventInvokeConfig(
            UpdateFunctionEventInvokeConfigRequest in, Caller caller) {
        return Copies.of(
                        eventConfigs.update(in, caller),
                        UpdateFunctionEventInvokeConfigResponse.builder())
                .build();
    }

    @Override
    public UpdateFunctionUrlConfigResponse updateFunctionUrlConfig(
            UpdateFunctionUrlConfigRequest in, Caller caller) {
        UpdateFunctionUrlConfigResponse.Builder changed =
                Copies.of(urls.update(in, caller), UpdateFunctionUrlConfigResponse.builder());
        return changed.invokeMode(in.invokeMode()).build();
    }
}
