package dev.freehold.services.apigateway;

import dev.freehold.protocol.QueryParameter;
import org.jspecify.annotations.Nullable;

/// Where authorizers look for who asks: `$request.header.Authorization`, `$context.routeKey`.
final class IdentitySource {
    private static final String HEADER = "$request.header.";
    private static final String QUERY = "$request.querystring.";
    private static final String STAGE = "$stageVariables.";
    private static final String ROUTE_KEY = "$context.routeKey";

    private IdentitySource() {}

    static boolean known(String expression) {
        return expression.startsWith(HEADER)
                || expression.startsWith(QUERY)
                || expression.startsWith(STAGE)
                || expression.equals(ROUTE_KEY);
    }

    /// The value in a request, or null when it has none.
    static @Nullable String value(String expression, LiveApis.Hit hit) {
        if (expression.startsWith(HEADER)) {
            return emptyAsNull(
                    hit.request().headers().first(expression.substring(HEADER.length())));
        }
        if (expression.startsWith(QUERY)) {
            return emptyAsNull(
                    QueryParameter.first(
                            hit.request().query(), expression.substring(QUERY.length())));
        }
        if (expression.startsWith(STAGE)) {
            return emptyAsNull(hit.variables().get(expression.substring(STAGE.length())));
        }
        return hit.key().text();
    }

    private static @Nullable String emptyAsNull(@Nullable String value) {
        return value == null || value.isEmpty() ? null : value;
    }
}
