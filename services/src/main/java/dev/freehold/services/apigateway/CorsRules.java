package dev.freehold.services.apigateway;

import dev.freehold.protocol.Headers;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// An HTTP API's CORS settings, and what they answer to a browser. With them the API answers
/// preflights itself and its integrations' CORS headers are ignored.
///
/// See <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-cors.html>.
///
/// @param maxAge in seconds, or null
record CorsRules(
        boolean allowCredentials,
        List<String> allowHeaders,
        List<String> allowMethods,
        List<String> allowOrigins,
        List<String> exposeHeaders,
        @Nullable Integer maxAge) {

    /// The response's headers with what the rules say of this origin.
    Headers apply(Headers response, @Nullable String origin) {
        Headers.Builder headers = response.toBuilder();
        for (String name : response.names()) {
            if (name.startsWith("access-control-")) {
                headers.remove(name);
            }
        }
        String allowed = origin == null ? null : allowed(origin);
        if (allowed != null) {
            headers.set("access-control-allow-origin", allowed);
            if (allowCredentials) {
                headers.set("access-control-allow-credentials", "true");
            }
            join(headers, "access-control-expose-headers", exposeHeaders);
            if (!allowed.equals("*")) {
                headers.add("vary", "Origin");
            }
        }
        return headers.build();
    }

    /// The headers that answer a preflight, whose status is 204.
    Headers preflight(@Nullable String origin) {
        Headers.Builder headers = apply(Headers.EMPTY, origin).toBuilder();
        if (origin != null && allowed(origin) != null) {
            join(headers, "access-control-allow-methods", allowMethods);
            join(headers, "access-control-allow-headers", allowHeaders);
            if (maxAge != null) {
                headers.set("access-control-max-age", String.valueOf(maxAge));
            }
        }
        return headers.build();
    }

    private static void join(Headers.Builder headers, String name, List<String> values) {
        if (!values.isEmpty()) {
            headers.set(name, String.join(",", values));
        }
    }

    private @Nullable String allowed(String origin) {
        String wanted = origin.toLowerCase(Locale.ROOT);
        for (String pattern : allowOrigins) {
            String rule = pattern.toLowerCase(Locale.ROOT);
            if (rule.equals("*")) {
                return "*";
            }
            boolean scheme = rule.endsWith("*") && wanted.startsWith(rule.replace("*", ""));
            if (scheme || rule.equals(wanted)) {
                return origin;
            }
        }
        return null;
    }
}
