package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Api;
import dev.freehold.api.apigatewayv2.BadRequestException;
import dev.freehold.api.apigatewayv2.CreateApiRequest;
import dev.freehold.api.apigatewayv2.CreateApiResponse;
import dev.freehold.api.apigatewayv2.DeleteApiRequest;
import dev.freehold.api.apigatewayv2.DeleteApiResponse;
import dev.freehold.api.apigatewayv2.DeleteCorsConfigurationRequest;
import dev.freehold.api.apigatewayv2.DeleteCorsConfigurationResponse;
import dev.freehold.api.apigatewayv2.GetApiRequest;
import dev.freehold.api.apigatewayv2.GetApiResponse;
import dev.freehold.api.apigatewayv2.GetApisRequest;
import dev.freehold.api.apigatewayv2.GetApisResponse;
import dev.freehold.api.apigatewayv2.GetTagsRequest;
import dev.freehold.api.apigatewayv2.GetTagsResponse;
import dev.freehold.api.apigatewayv2.Integration;
import dev.freehold.api.apigatewayv2.Route;
import dev.freehold.api.apigatewayv2.Stage;
import dev.freehold.api.apigatewayv2.TagResourceRequest;
import dev.freehold.api.apigatewayv2.TagResourceResponse;
import dev.freehold.api.apigatewayv2.UntagResourceRequest;
import dev.freehold.api.apigatewayv2.UntagResourceResponse;
import dev.freehold.api.apigatewayv2.UpdateApiRequest;
import dev.freehold.api.apigatewayv2.UpdateApiResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.structures.Copies;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The front of API Gateway v2: HTTP APIs. WebSocket APIs are refused.
public final class ApiGatewayService implements RouteOperations, StageOperations {
    private final Apis apis;
    private final String endpoint;

    /// @param ids makes random letters and digits
    /// @param endpoint where APIs are found, with `{api}` and `{region}`
    public ApiGatewayService(
            Store store, InstantSource clock, Supplier<String> ids, String endpoint) {
        this.apis = new Apis(store, clock, ids);
        this.endpoint = endpoint;
    }

    @Override
    public Apis apis() {
        return apis;
    }

    @Override
    public CreateApiResponse createApi(CreateApiRequest in, Caller caller) {
        Apis.refuse("ProtocolType " + in.protocolType(), !"HTTP".equals(in.protocolType()));
        Apis.refuse("CredentialsArn", in.credentialsArn() != null);
        if (in.routeKey() != null && in.target() == null) {
            throw new BadRequestException("RouteKey requires Target");
        }
        String id = apis.id(10);
        String url = endpoint.replace("{api}", id).replace("{region}", caller.region());
        Api api =
                Copies.of(in, Api.builder())
                        .apiId(id)
                        .apiEndpoint(url)
                        .apiKeySelectionExpression("$request.header.x-api-key")
                        .routeSelectionExpression("$request.method $request.path")
                        .disableExecuteApiEndpoint(
                                Boolean.TRUE.equals(in.disableExecuteApiEndpoint()))
                        .ipAddressType(in.ipAddressType() == null ? "ipv4" : in.ipAddressType())
                        .tags(in.tags() == null ? Map.of() : in.tags())
                        .createdDate(apis.now())
                        .build();
        ApiRow row = new ApiRow(caller.account(), caller.region(), api);
        Quick quick = in.target() == null ? null : quick(in.target(), in.routeKey());
        apis.store()
                .updateOnly(tx -> {
                    tx.put(ApiTables.APIS, id, row);
                    ApiTables.changed(tx, id);
                });
        if (quick != null) {
            apis.change(id, caller, tx -> put(tx, id, quick));
        }
        return Copies.of(api, CreateApiResponse.builder()).build();
    }

    /// What quick create makes: a route, an integration and a stage that deploys by itself.
    private record Quick(Route route, Integration integration, Stage stage) {}

    private Quick quick(String target, @Nullable String key) {
        boolean http = target.startsWith("http:") || target.startsWith("https:");
        Integration integration =
                Integration.builder()
                        .apiGatewayManaged(true)
                        .connectionType("INTERNET")
                        .integrationId(apis.id(7))
                        .integrationType(http ? "HTTP_PROXY" : "AWS_PROXY")
                        .integrationMethod(http ? "ANY" : "POST")
                        .integrationUri(target)
                        .payloadFormatVersion(http ? "1.0" : "2.0")
                        .timeoutInMillis(RouteRules.MAX_TIMEOUT)
                        .build();
        Route route =
                Route.builder()
                        .apiGatewayManaged(true)
                        .routeId(apis.id(7))
                        .routeKey(Apis.checkedRoute(key == null ? RouteKey.DEFAULT : key))
                        .target("integrations/" + integration.integrationId())
                        .authorizationType("NONE")
                        .apiKeyRequired(false)
                        .build();
        Stage stage =
                Stage.builder()
                        .apiGatewayManaged(true)
                        .autoDeploy(true)
                        .stageName("$default")
                        .createdDate(apis.now())
                        .lastUpdatedDate(apis.now())
                        .routeSettings(Map.of())
                        .stageVariables(Map.of())
                        .tags(Map.of())
                        .build();
        return new Quick(route, integration, stage);
    }

    private void put(Transaction tx, String id, Quick quick) {
        String integration = String.valueOf(quick.integration.integrationId());
        apis.put(tx, ApiTables.INTEGRATIONS, id, integration, quick.integration);
        apis.put(tx, ApiTables.ROUTES, id, String.valueOf(quick.route.routeId()), quick.route);
        apis.put(tx, ApiTables.STAGES, id, quick.stage.stageName(), quick.stage);
    }

    @Override
    public GetApiResponse getApi(GetApiRequest in, Caller caller) {
        return Copies.of(apis.get(in.apiId(), caller).api(), GetApiResponse.builder()).build();
    }

    @Override
    public GetApisResponse getApis(GetApisRequest in, Caller caller) {
        List<Api> all = apis.list(caller).stream().map(ApiRow::api).toList();
        Paging.Page<Api> page =
                Paging.of(all, a -> String.valueOf(a.apiId()), in.nextToken(), in.maxResults());
        return GetApisResponse.builder().items(page.items()).nextToken(page.next()).build();
    }

    @Override
    public UpdateApiResponse updateApi(UpdateApiRequest in, Caller caller) {
        Apis.refuse(
                "RouteKey, Target and CredentialsArn in UpdateApi",
                in.routeKey() != null || in.target() != null || in.credentialsArn() != null);
        changeApi(in.apiId(), caller, api -> Copies.of(in, api.toBuilder()).build());
        Api api = apis.get(in.apiId(), caller).api();
        return Copies.of(api, UpdateApiResponse.builder()).build();
    }

    private void changeApi(String id, Caller caller, UnaryOperator<Api> change) {
        apis.change(
                id,
                caller,
                tx -> {
                    ApiRow before = apis.get(tx, id, caller);
                    tx.put(ApiTables.APIS, id, before.with(change.apply(before.api())));
                });
    }

    @Override
    public DeleteCorsConfigurationResponse deleteCorsConfiguration(
            DeleteCorsConfigurationRequest in, Caller caller) {
        changeApi(in.apiId(), caller, api -> api.toBuilder().corsConfiguration(null).build());
        return DeleteCorsConfigurationResponse.builder().build();
    }

    @Override
    public DeleteApiResponse deleteApi(DeleteApiRequest in, Caller caller) {
        apis.delete(in.apiId(), caller);
        return DeleteApiResponse.builder().build();
    }

    /// What an ARN to be tagged names.
    ///
    /// @param stage or null when it is the API
    private record Tagged(String api, @Nullable String stage) {
        static Tagged of(String arn) {
            String[] parts = arn.split("/", -1);
            boolean api = arn.contains(":apigateway:") && parts.length >= 3;
            if (api && parts[1].equals("apis") && parts.length == 3) {
                return new Tagged(parts[2], null);
            }
            if (api && parts[1].equals("apis") && parts.length == 5 && parts[3].equals("stages")) {
                return new Tagged(parts[2], parts[4]);
            }
            throw new BadRequestException("Invalid resource ARN: " + arn);
        }
    }

    private Map<String, String> tags(Tagged tagged, Caller caller) {
        Map<String, String> tags =
                tagged.stage == null
                        ? apis.get(tagged.api, caller).api().tags()
                        : apis.part(ApiTables.STAGES, tagged.api, tagged.stage, caller, "stage")
                                .tags();
        return tags == null ? Map.of() : tags;
    }

    private void setTags(Tagged tagged, Caller caller, Map<String, String> tags) {
        String stage = tagged.stage;
        if (stage == null) {
            changeApi(tagged.api, caller, api -> api.toBuilder().tags(tags).build());
            return;
        }
        apis.change(
                tagged.api,
                caller,
                tx -> {
                    Stage before = apis.part(tx, ApiTables.STAGES, tagged.api, stage, "stage");
                    Stage after = before.toBuilder().tags(tags).build();
                    apis.put(tx, ApiTables.STAGES, tagged.api, stage, after);
                });
    }

    @Override
    public GetTagsResponse getTags(GetTagsRequest in, Caller caller) {
        return GetTagsResponse.builder().tags(tags(Tagged.of(in.resourceArn()), caller)).build();
    }

    @Override
    public TagResourceResponse tagResource(TagResourceRequest in, Caller caller) {
        Tagged tagged = Tagged.of(in.resourceArn());
        Map<String, String> tags = new LinkedHashMap<>(tags(tagged, caller));
        tags.putAll(in.tags() == null ? Map.of() : in.tags());
        setTags(tagged, caller, tags);
        return TagResourceResponse.builder().build();
    }

    @Override
    public UntagResourceResponse untagResource(UntagResourceRequest in, Caller caller) {
        Tagged tagged = Tagged.of(in.resourceArn());
        Map<String, String> tags = new LinkedHashMap<>(tags(tagged, caller));
        in.tagKeys().forEach(tags::remove);
        setTags(tagged, caller, tags);
        return UntagResourceResponse.builder().build();
    }
}
