package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Apigatewayv2Api;
import dev.freehold.api.apigatewayv2.Authorizer;
import dev.freehold.api.apigatewayv2.CreateAuthorizerRequest;
import dev.freehold.api.apigatewayv2.CreateAuthorizerResponse;
import dev.freehold.api.apigatewayv2.CreateIntegrationRequest;
import dev.freehold.api.apigatewayv2.CreateIntegrationResponse;
import dev.freehold.api.apigatewayv2.CreateRouteRequest;
import dev.freehold.api.apigatewayv2.CreateRouteResponse;
import dev.freehold.api.apigatewayv2.DeleteAuthorizerRequest;
import dev.freehold.api.apigatewayv2.DeleteAuthorizerResponse;
import dev.freehold.api.apigatewayv2.DeleteIntegrationRequest;
import dev.freehold.api.apigatewayv2.DeleteIntegrationResponse;
import dev.freehold.api.apigatewayv2.DeleteRouteRequest;
import dev.freehold.api.apigatewayv2.DeleteRouteResponse;
import dev.freehold.api.apigatewayv2.GetAuthorizerRequest;
import dev.freehold.api.apigatewayv2.GetAuthorizerResponse;
import dev.freehold.api.apigatewayv2.GetAuthorizersRequest;
import dev.freehold.api.apigatewayv2.GetAuthorizersResponse;
import dev.freehold.api.apigatewayv2.GetIntegrationRequest;
import dev.freehold.api.apigatewayv2.GetIntegrationResponse;
import dev.freehold.api.apigatewayv2.GetIntegrationsRequest;
import dev.freehold.api.apigatewayv2.GetIntegrationsResponse;
import dev.freehold.api.apigatewayv2.GetRouteRequest;
import dev.freehold.api.apigatewayv2.GetRouteResponse;
import dev.freehold.api.apigatewayv2.GetRoutesRequest;
import dev.freehold.api.apigatewayv2.GetRoutesResponse;
import dev.freehold.api.apigatewayv2.Integration;
import dev.freehold.api.apigatewayv2.Route;
import dev.freehold.api.apigatewayv2.UpdateAuthorizerRequest;
import dev.freehold.api.apigatewayv2.UpdateAuthorizerResponse;
import dev.freehold.api.apigatewayv2.UpdateIntegrationRequest;
import dev.freehold.api.apigatewayv2.UpdateIntegrationResponse;
import dev.freehold.api.apigatewayv2.UpdateRouteRequest;
import dev.freehold.api.apigatewayv2.UpdateRouteResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.services.structures.Copies;
import dev.freehold.storage.Transaction;

/// The operations on routes, integrations and authorizers.
interface RouteOperations extends Apigatewayv2Api {
    Apis apis();

    @Override
    default CreateRouteResponse createRoute(CreateRouteRequest in, Caller caller) {
        Route route =
                Copies.of(in, Route.builder())
                        .routeId(apis().id(7))
                        .authorizationType(
                                in.authorizationType() == null ? "NONE" : in.authorizationType())
                        .apiKeyRequired(false)
                        .build();
        RouteRules.refuseUnknown(route);
        Apis.refuse("ApiKeyRequired", Boolean.TRUE.equals(in.apiKeyRequired()));
        apis().change(
                        in.apiId(),
                        caller,
                        tx -> {
                            RouteRules.check(tx, in.apiId(), route);
                            put(tx, in.apiId(), route);
                        });
        return Copies.of(route, CreateRouteResponse.builder()).build();
    }

    private void put(Transaction tx, String api, Route route) {
        apis().put(tx, ApiTables.ROUTES, api, String.valueOf(route.routeId()), route);
    }

    @Override
    default GetRouteResponse getRoute(GetRouteRequest in, Caller caller) {
        Route route = apis().part(ApiTables.ROUTES, in.apiId(), in.routeId(), caller, "Route");
        return Copies.of(route, GetRouteResponse.builder()).build();
    }

    @Override
    default GetRoutesResponse getRoutes(GetRoutesRequest in, Caller caller) {
        Paging.Page<Route> page =
                Paging.of(
                        apis().parts(ApiTables.ROUTES, in.apiId(), caller),
                        r -> String.valueOf(r.routeId()),
                        in.nextToken(),
                        in.maxResults());
        return GetRoutesResponse.builder().items(page.items()).nextToken(page.next()).build();
    }

    @Override
    default UpdateRouteResponse updateRoute(UpdateRouteRequest in, Caller caller) {
        Apis.refuse("ApiKeyRequired", Boolean.TRUE.equals(in.apiKeyRequired()));
        apis().change(
                        in.apiId(),
                        caller,
                        tx -> {
                            Route before =
                                    apis().part(
                                                    tx,
                                                    ApiTables.ROUTES,
                                                    in.apiId(),
                                                    in.routeId(),
                                                    "Route");
                            Route after = Copies.of(in, before.toBuilder()).build();
                            RouteRules.refuseUnknown(after);
                            RouteRules.check(tx, in.apiId(), after);
                            put(tx, in.apiId(), after);
                        });
        Route route = apis().part(ApiTables.ROUTES, in.apiId(), in.routeId(), caller, "Route");
        return Copies.of(route, UpdateRouteResponse.builder()).build();
    }

    @Override
    default DeleteRouteResponse deleteRoute(DeleteRouteRequest in, Caller caller) {
        apis().remove(ApiTables.ROUTES, in.apiId(), in.routeId(), caller, "Route");
        return DeleteRouteResponse.builder().build();
    }

    @Override
    default CreateIntegrationResponse createIntegration(
            CreateIntegrationRequest in, Caller caller) {
        boolean http = "HTTP_PROXY".equals(in.integrationType());
        Integration integration =
                Copies.of(in, Integration.builder())
                        .integrationId(apis().id(7))
                        .integrationMethod(http ? in.integrationMethod() : "POST")
                        .connectionType("INTERNET")
                        .payloadFormatVersion(
                                in.payloadFormatVersion() == null
                                        ? "1.0"
                                        : in.payloadFormatVersion())
                        .timeoutInMillis(
                                in.timeoutInMillis() == null
                                        ? RouteRules.MAX_TIMEOUT
                                        : in.timeoutInMillis())
                        .build();
        Apis.refuse("TlsConfig", in.tlsConfig() != null);
        Apis.refuse(
                "ConnectionType " + in.connectionType(), "VPC_LINK".equals(in.connectionType()));
        RouteRules.check(integration);
        apis().change(
                        in.apiId(),
                        caller,
                        tx ->
                                apis().put(
                                                tx,
                                                ApiTables.INTEGRATIONS,
                                                in.apiId(),
                                                String.valueOf(integration.integrationId()),
                                                integration));
        return Copies.of(integration, CreateIntegrationResponse.builder()).build();
    }

    @Override
    default GetIntegrationResponse getIntegration(GetIntegrationRequest in, Caller caller) {
        return Copies.of(
                        integration(in.apiId(), in.integrationId(), caller),
                        GetIntegrationResponse.builder())
                .build();
    }

    private Integration integration(String api, String id, Caller caller) {
        return apis().part(ApiTables.INTEGRATIONS, api, id, caller, "Integration");
    }

    @Override
    default GetIntegrationsResponse getIntegrations(GetIntegrationsRequest in, Caller caller) {
        Paging.Page<Integration> page =
                Paging.of(
                        apis().parts(ApiTables.INTEGRATIONS, in.apiId(), caller),
                        i -> String.valueOf(i.integrationId()),
                        in.nextToken(),
                        in.maxResults());
        return GetIntegrationsResponse.builder().items(page.items()).nextToken(page.next()).build();
    }

    @Override
    default UpdateIntegrationResponse updateIntegration(
            UpdateIntegrationRequest in, Caller caller) {
        Apis.refuse("TlsConfig", in.tlsConfig() != null);
        Apis.refuse(
                "ConnectionType " + in.connectionType(), "VPC_LINK".equals(in.connectionType()));
        apis().change(
                        in.apiId(),
                        caller,
                        tx -> {
                            Integration before =
                                    apis().part(
                                                    tx,
                                                    ApiTables.INTEGRATIONS,
                                                    in.apiId(),
                                                    in.integrationId(),
                                                    "Integration");
                            Integration after = Copies.of(in, before.toBuilder()).build();
                            RouteRules.check(after);
                            apis().put(
                                            tx,
                                            ApiTables.INTEGRATIONS,
                                            in.apiId(),
                                            in.integrationId(),
                                            after);
                        });
        return Copies.of(
                        integration(in.apiId(), in.integrationId(), caller),
                        UpdateIntegrationResponse.builder())
                .build();
    }

    @Override
    default DeleteIntegrationResponse deleteIntegration(
            DeleteIntegrationRequest in, Caller caller) {
        apis().change(
                        in.apiId(),
                        caller,
                        tx -> {
                            RouteRules.refuseIfUsed(tx, in.apiId(), in.integrationId());
                            apis().part(
                                            tx,
                                            ApiTables.INTEGRATIONS,
                                            in.apiId(),
                                            in.integrationId(),
                                            "Integration");
                            tx.delete(
                                    ApiTables.INTEGRATIONS,
                                    new ApiTables.PartKey(
                                            in.apiId(), ApiTables.DRAFT, in.integrationId()));
                        });
        return DeleteIntegrationResponse.builder().build();
    }

    @Override
    default CreateAuthorizerResponse createAuthorizer(CreateAuthorizerRequest in, Caller caller) {
        Authorizer authorizer =
                Copies.of(in, Authorizer.builder()).authorizerId(apis().id(6)).build();
        RouteRules.check(authorizer);
        apis().change(
                        in.apiId(),
                        caller,
                        tx ->
                                apis().put(
                                                tx,
                                                ApiTables.AUTHORIZERS,
                                                in.apiId(),
                                                String.valueOf(authorizer.authorizerId()),
                                                authorizer));
        return Copies.of(authorizer, CreateAuthorizerResponse.builder()).build();
    }

    private Authorizer authorizer(String api, String id, Caller caller) {
        return apis().part(ApiTables.AUTHORIZERS, api, id, caller, "Authorizer");
    }

    @Override
    default GetAuthorizerResponse getAuthorizer(GetAuthorizerRequest in, Caller caller) {
        return Copies.of(
                        authorizer(in.apiId(), in.authorizerId(), caller),
                        GetAuthorizerResponse.builder())
                .build();
    }

    @Override
    default GetAuthorizersResponse getAuthorizers(GetAuthorizersRequest in, Caller caller) {
        Paging.Page<Authorizer> page =
                Paging.of(
                        apis().parts(ApiTables.AUTHORIZERS, in.apiId(), caller),
                        a -> String.valueOf(a.authorizerId()),
                        in.nextToken(),
                        in.maxResults());
        return GetAuthorizersResponse.builder().items(page.items()).nextToken(page.next()).build();
    }

    @Override
    default UpdateAuthorizerResponse updateAuthorizer(UpdateAuthorizerRequest in, Caller caller) {
        apis().change(
                        in.apiId(),
                        caller,
                        tx -> {
                            Authorizer before =
                                    apis().part(
                                                    tx,
                                                    ApiTables.AUTHORIZERS,
                                                    in.apiId(),
                                                    in.authorizerId(),
                                                    "Authorizer");
                            Authorizer after = Copies.of(in, before.toBuilder()).build();
                            RouteRules.check(after);
                            apis().put(
                                            tx,
                                            ApiTables.AUTHORIZERS,
                                            in.apiId(),
                                            in.authorizerId(),
                                            after);
                        });
        return Copies.of(
                        authorizer(in.apiId(), in.authorizerId(), caller),
                        UpdateAuthorizerResponse.builder())
                .build();
    }

    @Override
    default DeleteAuthorizerResponse deleteAuthorizer(DeleteAuthorizerRequest in, Caller caller) {
        apis().remove(ApiTables.AUTHORIZERS, in.apiId(), in.authorizerId(), caller, "Authorizer");
        return DeleteAuthorizerResponse.builder().build();
    }
}
