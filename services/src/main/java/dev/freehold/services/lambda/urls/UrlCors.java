package dev.freehold.services.lambda.urls;

import dev.freehold.api.lambda.Cors;
import dev.freehold.protocol.Headers;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// A function URL's CORS settings, and what they answer to a browser. With them a preflight never
/// reaches the function.
record UrlCors(Cors cors) {
    /// The response's headers with what the settings say of an origin.
    Headers apply(Headers response, @Nullable String origin) {
        Headers.Builder headers = response.toBuilder();
        String allowed = origin == null ? null : allowed(origin);
        if (allowed == null) {
            return headers.build();
        }
        headers.set("access-control-allow-origin", allowed);
        headers.set("vary", "Origin");
        if (Boolean.TRUE.equals(cors.allowCredentials())) {
            headers.set("access-control-allow-credentials", "true");
        }
        join(headers, "access-control-expose-headers", cors.exposeHeaders());
        return headers.build();
    }

    /// The headers that answer a preflight.
    Headers preflight(@Nullable String origin) {
        Headers.Builder headers = apply(Headers.EMPTY, origin).toBuilder();
        if (origin != null && allowed(origin) != null) {
            join(headers, "access-control-allow-methods", cors.allowMethods());
            join(headers, "access-control-allow-headers", cors.allowHeaders());
            if (cors.maxAge() != null) {
                headers.set("access-control-max-age", String.valueOf(cors.maxAge()));
            }
        }
        return headers.build();
    }

    private static void join(Headers.Builder headers, String name, @Nullable List<String> values) {
        if (values != null && !values.isEmpty()) {
            headers.set(name, String.join(",", values));
        }
    }

    private @Nullable String allowed(String origin) {
        if (cors.allowOrigins() == null) {
            return null;
        }
        String wanted = origin.toLowerCase(Locale.ROOT);
        for (String pattern : cors.allowOrigins()) {
            String rule = pattern.toLowerCase(Locale.ROOT);
            if (rule.equals("*")) {
                return Boolean.TRUE.equals(cors.allowCredentials()) ? origin : "*";
            }
            int star = rule.indexOf('*');
            boolean matches =
                    star < 0
                            ? rule.equals(wanted)
                            : wanted.startsWith(rule.substring(0, star))
                                    && wanted.endsWith(rule.substring(star + 1));
            if (matches) {
                return origin;
            }
        }
        return null;
    }
}
