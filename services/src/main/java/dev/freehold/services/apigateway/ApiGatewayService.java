package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Api;
import dev.freehold.api.apigatewayv2.Apigatewayv2Api;
import dev.freehold.api.apigatewayv2.BadRequestException;
import dev.freehold.api.apigatewayv2.ConflictException;
import dev.freehold.api.apigatewayv2.CreateApiRequest;
import dev.freehold.api.apigatewayv2.CreateApiResponse;
import dev.freehold.api.apigatewayv2.CreateIntegrationRequest;
import dev.freehold.api.apigatewayv2.CreateIntegrationResponse;
import dev.freehold.api.apigatewayv2.CreateRouteRequest;
import dev.freehold.api.apigatewayv2.CreateRouteResponse;
import dev.freehold.api.apigatewayv2.CreateStageRequest;
import dev.freehold.api.apigatewayv2.CreateStageResponse;
import dev.freehold.api.apigatewayv2.DeleteApiRequest;
import dev.freehold.api.apigatewayv2.DeleteApiResponse;
import dev.freehold.api.apigatewayv2.DeleteIntegrationRequest;
import dev.freehold.api.apigatewayv2.DeleteIntegrationResponse;
import dev.freehold.api.apigatewayv2.DeleteRouteRequest;
import dev.freehold.api.apigatewayv2.DeleteRouteResponse;
import dev.freehold.api.apigatewayv2.DeleteStageRequest;
import dev.freehold.api.apigatewayv2.DeleteStageResponse;
import dev.freehold.api.apigatewayv2.GetApiRequest;
import dev.freehold.api.apigatewayv2.GetApiResponse;
import dev.freehold.api.apigatewayv2.GetApisRequest;
import dev.freehold.api.apigatewayv2.GetApisResponse;
import dev.freehold.api.apigatewayv2.GetIntegrationsRequest;
import dev.freehold.api.apigatewayv2.GetIntegrationsResponse;
import dev.freehold.api.apigatewayv2.GetRoutesRequest;
import dev.freehold.api.apigatewayv2.GetRoutesResponse;
import dev.freehold.api.apigatewayv2.GetStagesRequest;
import dev.freehold.api.apigatewayv2.GetStagesResponse;
import dev.freehold.api.apigatewayv2.Integration;
import dev.freehold.api.apigatewayv2.NotFoundException;
import dev.freehold.api.apigatewayv2.Route;
import dev.freehold.api.apigatewayv2.Stage;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.structures.Copies;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Store;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The front of API Gateway v2: HTTP APIs with Lambda proxy integrations.
public final class ApiGatewayService implements Apigatewayv2Api {
    private static final int MAX_APIS = 10_000;

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final String endpoint;

    /// @param ids makes random letters and digits
    /// @param endpoint where APIs are found, with `{api}` and `{region}`
    public ApiGatewayService(
            Store store, InstantSource clock, Supplier<String> ids, String endpoint) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.endpoint = endpoint;
    }

    private String id(int length) {
        return ids.get().toLowerCase(Locale.ROOT).substring(0, length);
    }

    private static void refuse(String what, boolean used) {
        if (used) {
            throw new NotImplementedError(what + " of HTTP APIs");
        }
    }

    @Override
    public CreateApiResponse createApi(CreateApiRequest in, Caller caller) {
        refuse("ProtocolType " + in.protocolType(), !"HTTP".equals(in.protocolType()));
        refuse("CredentialsArn", in.credentialsArn() != null);
        if (in.routeKey() != null && in.target() == null) {
            throw new BadRequestException("RouteKey requires Target");
        }
        String id = id(10);
        String url = endpoint.replace("{api}", id).replace("{region}", caller.region());
        Api api =
                Copies.of(in, Api.builder())
                        .apiId(id)
                        .apiEndpoint(url)
                        .apiKeySelectionExpression("$request.header.x-api-key")
                        .routeSelectionExpression("$request.method $request.path")
                        .disableExecuteApiEndpoint(
                                Boolean.TRUE.equals(in.disableExecuteApiEndpoint()))
                        .createdDate(clock.instant().truncatedTo(ChronoUnit.SECONDS))
                        .build();
        ApiRow row =
                new ApiRow(caller.account(), caller.region(), api, Map.of(), Map.of(), Map.of());
        ApiRow whole = in.target() == null ? row : quick(row, in.target(), in.routeKey());
        store.updateOnly(tx -> tx.put(ApiRow.TABLE, id, whole));
        return Copies.of(api, CreateApiResponse.builder()).build();
    }

    /// A route, an integration and a stage that deploys by itself.
    private ApiRow quick(ApiRow row, String target, @Nullable String key) {
        String integrationId = id(7);
        Integration integration =
                Integration.builder()
                        .apiGatewayManaged(true)
                        .integrationId(integrationId)
                        .integrationType("AWS_PROXY")
                        .integrationMethod("POST")
                        .integrationUri(target)
                        .payloadFormatVersion("2.0")
                        .timeoutInMillis(30_000)
                        .build();
        String routeKey = key == null ? RouteKey.DEFAULT : key;
        String routeId = id(7);
        Route route =
                Route.builder()
                        .apiGatewayManaged(true)
                        .routeId(routeId)
                        .routeKey(checked(routeKey))
                        .target("integrations/" + integrationId)
                        .authorizationType("NONE")
                        .apiKeyRequired(false)
                        .build();
        Stage stage =
                Stage.builder()
                        .apiGatewayManaged(true)
                        .autoDeploy(true)
                        .stageName("$default")
                        .createdDate(clock.instant().truncatedTo(ChronoUnit.SECONDS))
                        .build();
        return row.withIntegration(integrationId, integration)
                .withRoute(routeId, route)
                .withStage("$default", stage);
    }

    private static String checked(String routeKey) {
        if (RouteKey.parse(routeKey) == null) {
            throw new BadRequestException(
                    "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\"");
        }
        return routeKey;
    }

    private ApiRow row(@Nullable ApiRow row, String id, Caller caller) {
        if (row == null || !row.account().equals(caller.account())) {
            throw new NotFoundException(
                    "Invalid API identifier specified " + caller.account() + ":" + id);
        }
        return row;
    }

    private ApiRow read(String id, Caller caller) {
        return row(store.read(tx -> tx.get(ApiRow.TABLE, id)), id, caller);
    }

    private void change(String id, Caller caller, UnaryOperator<ApiRow> change) {
        store.updateOnly(tx -> {
            ApiRow before = row(tx.get(ApiRow.TABLE, id), id, caller);
            tx.put(ApiRow.TABLE, id, change.apply(before));
        });
    }

    @Override
    public GetApiResponse getApi(GetApiRequest in, Caller caller) {
        return Copies.of(read(in.apiId(), caller).api(), GetApiResponse.builder()).build();
    }

    @Override
    public GetApisResponse getApis(GetApisRequest in, Caller caller) {
        List<Api> found = new ArrayList<>();
        store.read(tx -> {
            try (Cursor<String, ApiRow> cursor = tx.scan(ApiRow.TABLE, KeyRange.ALL, MAX_APIS)) {
                while (cursor.next()) {
                    ApiRow row = cursor.value();
                    if (row.account().equals(caller.account())
                            && row.region().equals(caller.region())) {
                        found.add(row.api());
                    }
                }
            }
            return found;
        });
        return GetApisResponse.builder().items(found).build();
    }

    @Override
    public DeleteApiResponse deleteApi(DeleteApiRequest in, Caller caller) {
        store.updateOnly(tx -> {
            row(tx.get(ApiRow.TABLE, in.apiId()), in.apiId(), caller);
            tx.delete(ApiRow.TABLE, in.apiId());
        });
        return DeleteApiResponse.builder().build();
    }

    @Override
    public CreateIntegrationResponse createIntegration(CreateIntegrationRequest in, Caller caller) {
        refuse(
                "IntegrationType " + in.integrationType(),
                !"AWS_PROXY".equals(in.integrationType()));
        refuse("IntegrationSubtype", in.integrationSubtype() != null);
        refuse(
                "RequestParameters",
                in.requestParameters() != null && !in.requestParameters().isEmpty());
        refuse(
                "ResponseParameters",
                in.responseParameters() != null && !in.responseParameters().isEmpty());
        refuse("CredentialsArn", in.credentialsArn() != null);
        if (in.integrationUri() == null) {
            throw new BadRequestException("IntegrationUri is required");
        }
        String id = id(7);
        Integration integration =
                Copies.of(in, Integration.builder())
                        .integrationId(id)
                        .integrationMethod("POST")
                        .connectionType("INTERNET")
                        .payloadFormatVersion(
                                in.payloadFormatVersion() == null
                                        ? "1.0"
                                        : in.payloadFormatVersion())
                        .timeoutInMillis(
                                in.timeoutInMillis() == null ? 30_000 : in.timeoutInMillis())
                        .build();
        change(in.apiId(), caller, row -> row.withIntegration(id, integration));
        return Copies.of(integration, CreateIntegrationResponse.builder()).build();
    }

    @Override
    public GetIntegrationsResponse getIntegrations(GetIntegrationsRequest in, Caller caller) {
        return GetIntegrationsResponse.builder()
                .items(List.copyOf(read(in.apiId(), caller).integrations().values()))
                .build();
    }

    @Override
    public DeleteIntegrationResponse deleteIntegration(DeleteIntegrationRequest in, Caller caller) {
        change(
                in.apiId(),
                caller,
                row -> {
                    if (!row.integrations().containsKey(in.integrationId())) {
                        throw new NotFoundException("Invalid Integration identifier specified");
                    }
                    return row.withIntegration(in.integrationId(), null);
                });
        return DeleteIntegrationResponse.builder().build();
    }

    @Override
    public CreateRouteResponse createRoute(CreateRouteRequest in, Caller caller) {
        refuse(
                "AuthorizationType " + in.authorizationType(),
                in.authorizationType() != null && !in.authorizationType().equals("NONE"));
        String id = id(7);
        Route route =
                Copies.of(in, Route.builder())
                        .routeId(id)
                        .routeKey(checked(in.routeKey()))
                        .authorizationType("NONE")
                        .apiKeyRequired(false)
                        .build();
        change(
                in.apiId(),
                caller,
                row -> {
                    if (row.routes().values().stream()
                            .anyMatch(r -> in.routeKey().equals(r.routeKey()))) {
                        throw new ConflictException(
                                "Route with key " + in.routeKey() + " already exists for this API");
                    }
                    return row.withRoute(id, route);
                });
        return Copies.of(route, CreateRouteResponse.builder()).build();
    }

    @Override
    public GetRoutesResponse getRoutes(GetRoutesRequest in, Caller caller) {
        return GetRoutesResponse.builder()
                .items(List.copyOf(read(in.apiId(), caller).routes().values()))
                .build();
    }

    @Override
    public DeleteRouteResponse deleteRoute(DeleteRouteRequest in, Caller caller) {
        change(
                in.apiId(),
                caller,
                row -> {
                    if (!row.routes().containsKey(in.routeId())) {
                        throw new NotFoundException("Invalid Route identifier specified");
                    }
                    return row.withRoute(in.routeId(), null);
                });
        return DeleteRouteResponse.builder().build();
    }

    @Override
    public CreateStageResponse createStage(CreateStageRequest in, Caller caller) {
        refuse("Deployments (use AutoDeploy)", !Boolean.TRUE.equals(in.autoDeploy()));
        refuse("AccessLogSettings", in.accessLogSettings() != null);
        refuse("RouteSettings", in.routeSettings() != null && !in.routeSettings().isEmpty());
        Stage stage =
                Copies.of(in, Stage.builder())
                        .createdDate(clock.instant().truncatedTo(ChronoUnit.SECONDS))
                        .lastUpdatedDate(clock.instant().truncatedTo(ChronoUnit.SECONDS))
                        .build();
        change(
                in.apiId(),
                caller,
                row -> {
                    if (row.stages().containsKey(in.stageName())) {
                        throw new ConflictException("Stage already exists");
                    }
                    return row.withStage(in.stageName(), stage);
                });
        return Copies.of(stage, CreateStageResponse.builder()).build();
    }

    @Override
    public GetStagesResponse getStages(GetStagesRequest in, Caller caller) {
        return GetStagesResponse.builder()
                .items(List.copyOf(read(in.apiId(), caller).stages().values()))
                .build();
    }

    @Override
    public DeleteStageResponse deleteStage(DeleteStageRequest in, Caller caller) {
        change(
                in.apiId(),
                caller,
                row -> {
                    if (!row.stages().containsKey(in.stageName())) {
                        throw new NotFoundException("Invalid stage identifier specified");
                    }
                    return row.withStage(in.stageName(), null);
                });
        return DeleteStageResponse.builder().build();
    }
}
