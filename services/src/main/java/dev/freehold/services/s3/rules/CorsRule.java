package dev.freehold.services.s3.rules;

import dev.freehold.protocol.Headers;
import dev.freehold.services.s3.error.S3Errors;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One rule of a bucket's CORS configuration.
///
/// @param origins the origins it allows, each with at most one `*`
/// @param methods the methods it allows
/// @param headers the request headers it allows, each with at most one `*`
/// @param exposed the response headers that a page may read
/// @param maxAgeSeconds how long a browser may remember a preflight, or null
public record CorsRule(
        List<String> origins,
        List<String> methods,
        List<String> headers,
        List<String> exposed,
        @Nullable Integer maxAgeSeconds) {
    private static final Set<String> METHODS = Set.of("GET", "PUT", "POST", "DELETE", "HEAD");

    public CorsRule {
        origins = List.copyOf(origins);
        methods = List.copyOf(methods);
        headers = List.copyOf(headers);
        exposed = List.copyOf(exposed);
    }

    /// Refuses what no configuration may have.
    public void requireValid() {
        for (String method : methods) {
            if (!METHODS.contains(method)) {
                throw S3Errors.invalidRequest(
                        "Found unsupported HTTP method in CORS config. Unsupported method is "
                                + method);
            }
        }
        for (String origin : origins) {
            if (stars(origin) > 1) {
                throw S3Errors.invalidRequest(
                        "AllowedOrigin \"" + origin + "\" can not have more than one wildcard.");
            }
        }
        for (String header : headers) {
            if (stars(header) > 1) {
                throw S3Errors.invalidRequest(
                        "AllowedHeader \"" + header + "\" can not have more than one wildcard.");
            }
        }
        for (String header : exposed) {
            if (header.contains("*")) {
                throw S3Errors.invalidRequest(
                        "ExposeHeader \""
                                + header
                                + "\" contains wildcard. We currently do not support wildcard for"
                                + " ExposeHeader.");
            }
        }
    }

    /// The first rule that allows a request, or null.
    ///
    /// @param wanted the headers that a preflight asks for; empty for the request itself
    public static @Nullable CorsRule find(
            List<CorsRule> rules, String origin, String method, List<String> wanted) {
        for (CorsRule rule : rules) {
            if (rule.methods.contains(method)
                    && rule.origins.stream().anyMatch(pattern -> matches(pattern, origin))
                    && wanted.stream().allMatch(rule::allowsHeader)) {
                return rule;
            }
        }
        return null;
    }

    /// The headers that tell a browser that it may go on.
    public Headers answer(String origin, List<String> wanted) {
        Headers.Builder answer = Headers.builder();
        boolean any = origins.contains("*");
        answer.set("Access-Control-Allow-Origin", any ? "*" : origin);
        answer.set("Access-Control-Allow-Methods", String.join(", ", methods));
        if (!wanted.isEmpty()) {
            List<String> lower = wanted.stream().map(CorsRule::lower).toList();
            answer.set("Access-Control-Allow-Headers", String.join(", ", lower));
        }
        if (!exposed.isEmpty()) {
            answer.set("Access-Control-Expose-Headers", String.join(", ", exposed));
        }
        if (maxAgeSeconds != null) {
            answer.set("Access-Control-Max-Age", maxAgeSeconds.toString());
        }
        if (!any) {
            answer.set("Access-Control-Allow-Credentials", "true");
        }
        return answer.set(
                        "Vary",
                        "Origin, Access-Control-Request-Headers, Access-Control-Request-Method")
                .build();
    }

    private boolean allowsHeader(String header) {
        return headers.stream().anyMatch(pattern -> matches(lower(pattern), lower(header)));
    }

    private static boolean matches(String pattern, String text) {
        int star = pattern.indexOf('*');
        if (star < 0) {
            return pattern.equals(text);
        }
        return text.length() >= pattern.length() - 1
                && text.startsWith(pattern.substring(0, star))
                && text.endsWith(pattern.substring(star + 1));
    }

    private static long stars(String pattern) {
        return pattern.chars().filter(c -> c == '*').count();
    }

    private static String lower(String text) {
        return text.strip().toLowerCase(Locale.ROOT);
    }
}
