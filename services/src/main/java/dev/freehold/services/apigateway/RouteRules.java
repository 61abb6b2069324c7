package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Authorizer;
import dev.freehold.api.apigatewayv2.BadRequestException;
import dev.freehold.api.apigatewayv2.ConflictException;
import dev.freehold.api.apigatewayv2.Integration;
import dev.freehold.api.apigatewayv2.Route;
import dev.freehold.storage.Transaction;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What routes, integrations and authorizers must be like.
final class RouteRules {
    /// The longest that an integration may take, in milliseconds.
    static final int MAX_TIMEOUT = 30_000;

    private static final int MIN_TIMEOUT = 50;
    private static final int MAX_TTL = 3_600;
    private static final String TARGET = "integrations/";

    private RouteRules() {}

    /// Refuses what only WebSocket APIs have, and what is not implemented.
    static void refuseUnknown(Route route) {
        Apis.refuse(
                "RouteResponseSelectionExpression",
                route.routeResponseSelectionExpression() != null);
        Apis.refuse("ModelSelectionExpression", route.modelSelectionExpression() != null);
        Apis.refuse("RequestModels", some(route.requestModels()));
        Apis.refuse("RequestParameters of routes", some(route.requestParameters()));
    }

    private static boolean some(@Nullable Map<?, ?> map) {
        return map != null && !map.isEmpty();
    }

    /// @throws BadRequestException AWS's, when the route can't be
    static void check(Transaction tx, String api, Route route) {
        Apis.checkedRoute(route.routeKey());
        for (Route other : ApiTables.all(tx, ApiTables.ROUTES, api, ApiTables.DRAFT).values()) {
            if (other.routeKey().equals(route.routeKey())
                    && !String.valueOf(other.routeId()).equals(route.routeId())) {
                throw new ConflictException(
                        "Route with key " + route.routeKey() + " already exists for this API");
            }
        }
        String target = route.target();
        if (target != null) {
            String id = target.startsWith(TARGET) ? target.substring(TARGET.length()) : "";
            ApiTables.PartKey key = new ApiTables.PartKey(api, ApiTables.DRAFT, id);
            if (id.isEmpty() || tx.get(ApiTables.INTEGRATIONS, key) == null) {
                throw new BadRequestException(
                        "Invalid target " + target + " specified for the route");
            }
        }
        checkAuthorization(tx, api, route);
    }

    private static void checkAuthorization(Transaction tx, String api, Route route) {
        String type = route.authorizationType() == null ? "NONE" : route.authorizationType();
        boolean byAuthorizer = type.equals("JWT") || type.equals("CUSTOM");
        if (!byAuthorizer) {
            if (route.authorizerId() != null && !type.equals("NONE")) {
                throw new BadRequestException(
                        "AuthorizerId is not allowed for authorization type " + type);
            }
            return;
        }
        String id = route.authorizerId();
        Authorizer authorizer =
                id == null
                        ? null
                        : tx.get(
                                ApiTables.AUTHORIZERS,
                                new ApiTables.PartKey(api, ApiTables.DRAFT, id));
        if (authorizer == null) {
            throw new BadRequestException("Invalid authorizer ID specified. Please check the ID");
        }
        boolean jwt = "JWT".equals(authorizer.authorizerType());
        if (jwt != type.equals("JWT")) {
            throw new BadRequestException("Invalid authorizer type for authorization type " + type);
        }
        if (!jwt && route.authorizationScopes() != null && !route.authorizationScopes().isEmpty()) {
            throw new BadRequestException(
                    "AuthorizationScopes are only supported for JWT authorization");
        }
    }

    /// @throws BadRequestException AWS's, when the integration can't be
    static void check(Integration integration) {
        String type = String.valueOf(integration.integrationType());
        boolean http = type.equals("HTTP_PROXY");
        Apis.refuse("IntegrationType " + type, !http && !type.equals("AWS_PROXY"));
        Apis.refuse("IntegrationSubtype", integration.integrationSubtype() != null);
        Apis.refuse("RequestParameters of integrations", some(integration.requestParameters()));
        Apis.refuse("ResponseParameters of integrations", some(integration.responseParameters()));
        Apis.refuse("CredentialsArn of integrations", integration.credentialsArn() != null);
        if (integration.integrationUri() == null) {
            throw new BadRequestException("IntegrationUri is required");
        }
        if (http && integration.integrationMethod() == null) {
            throw new BadRequestException("HttpMethod is required for HTTP_PROXY integrations");
        }
        String version = String.valueOf(integration.payloadFormatVersion());
        if (!version.equals("1.0") && (http || !version.equals("2.0"))) {
            throw new BadRequestException(
                    "PayloadFormatVersion must be "
                            + (http ? "1.0 for HTTP_PROXY integrations" : "1.0 or 2.0"));
        }
        int timeout =
                integration.timeoutInMillis() == null ? MAX_TIMEOUT : integration.timeoutInMillis();
        if (timeout < MIN_TIMEOUT || timeout > MAX_TIMEOUT) {
            throw new BadRequestException(
                    "Timeout should be between " + MIN_TIMEOUT + " ms and " + MAX_TIMEOUT + " ms");
        }
    }

    /// @throws ConflictException when a route has the integration
    static void refuseIfUsed(Transaction tx, String api, String integration) {
        for (Route route : ApiTables.all(tx, ApiTables.ROUTES, api, ApiTables.DRAFT).values()) {
            if ((TARGET + integration).equals(route.target())) {
                throw new ConflictException(
                        "Cannot delete Integration '"
                                + integration
                                + "' because it is referenced by Route '"
                                + route.routeKey()
                                + "'.");
            }
        }
    }

    /// @throws BadRequestException AWS's, when the authorizer can't be
    static void check(Authorizer authorizer) {
        List<String> sources =
                authorizer.identitySource() == null ? List.of() : authorizer.identitySource();
        Apis.refuse("AuthorizerCredentialsArn", authorizer.authorizerCredentialsArn() != null);
        if ("JWT".equals(authorizer.authorizerType())) {
            checkJwt(authorizer, sources);
            return;
        }
        if (authorizer.authorizerUri() == null) {
            throw new BadRequestException("AuthorizerUri is required for REQUEST authorizers");
        }
        String version = authorizer.authorizerPayloadFormatVersion();
        if (version == null) {
            throw new BadRequestException(
                    "AuthorizerPayloadFormatVersion is a required parameter for REQUEST"
                            + " authorizer");
        }
        if (!version.equals("1.0") && !version.equals("2.0")) {
            throw new BadRequestException("AuthorizerPayloadFormatVersion must be 1.0 or 2.0");
        }
        if (Boolean.TRUE.equals(authorizer.enableSimpleResponses()) && version.equals("1.0")) {
            throw new BadRequestException(
                    "EnableSimpleResponses is only supported for payload format version 2.0");
        }
        int ttl =
                authorizer.authorizerResultTtlInSeconds() == null
                        ? 0
                        : authorizer.authorizerResultTtlInSeconds();
        if (ttl < 0 || ttl > MAX_TTL) {
            throw new BadRequestException(
                    "AuthorizerResultTtlInSeconds must be between 0 and " + MAX_TTL);
        }
        if (ttl > 0 && sources.isEmpty()) {
            throw new BadRequestException("IdentitySource is required when caching is enabled");
        }
        for (String source : sources) {
            Apis.refuse("The identity source " + source, !IdentitySource.known(source));
        }
    }

    private static void checkJwt(Authorizer authorizer, List<String> sources) {
        if (authorizer.jwtConfiguration() == null
                || authorizer.jwtConfiguration().issuer() == null
                || authorizer.jwtConfiguration().audience() == null) {
            throw new BadRequestException(
                    "JwtConfiguration with Issuer and Audience is required for JWT authorizers");
        }
        if (sources.size() != 1 || !IdentitySource.known(sources.getFirst())) {
            throw new BadRequestException("Invalid IdentitySource for a JWT authorizer");
        }
    }
}
