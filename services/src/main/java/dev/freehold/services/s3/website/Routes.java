package dev.freehold.services.s3.website;

import dev.freehold.api.s3.Condition;
import dev.freehold.api.s3.Redirect;
import dev.freehold.api.s3.RedirectAllRequestsTo;
import dev.freehold.api.s3.RoutingRule;
import dev.freehold.api.s3.WebsiteConfiguration;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where a website's configuration sends a visitor.
final class Routes {
    private static final String MOVED = "301";

    private Routes() {}

    /// The name of a folder's index.
    static String suffix(WebsiteConfiguration site) {
        return site.indexDocument() == null ? "" : site.indexDocument().suffix();
    }

    /// The redirect of whatever is asked for, or null.
    static @Nullable Response before(WebsiteConfiguration site, Request request, String key) {
        RedirectAllRequestsTo all = site.redirectAllRequestsTo();
        if (all != null) {
            String protocol = all.protocol() == null ? scheme(request) : all.protocol();
            return to(MOVED, protocol + "://" + all.hostName() + request.rawPath());
        }
        return find(site, request, key, null);
    }

    /// The redirect of what failed, or null.
    ///
    /// @param status how it failed
    static @Nullable Response after(
            WebsiteConfiguration site, Request request, String key, int status) {
        return find(site, request, key, Integer.toString(status));
    }

    private static @Nullable Response find(
            WebsiteConfiguration site, Request request, String key, @Nullable String error) {
        List<RoutingRule> rules = site.routingRules();
        for (RoutingRule rule : rules == null ? List.<RoutingRule>of() : rules) {
            if (matches(rule.condition(), key, error)) {
                return redirect(rule, request, key);
            }
        }
        return null;
    }

    private static boolean matches(
            @Nullable Condition condition, String key, @Nullable String error) {
        if (condition == null) {
            return error == null;
        }
        String wanted = condition.httpErrorCodeReturnedEquals();
        boolean sameError = wanted == null ? error == null : wanted.equals(error);
        String prefix = condition.keyPrefixEquals();
        return sameError && (prefix == null || key.startsWith(prefix));
    }

    private static Response redirect(RoutingRule rule, Request request, String key) {
        Redirect redirect = rule.redirect();
        Condition condition = rule.condition();
        String target = key;
        if (redirect.replaceKeyWith() != null) {
            target = redirect.replaceKeyWith();
        } else if (redirect.replaceKeyPrefixWith() != null) {
            String prefix = condition == null ? null : condition.keyPrefixEquals();
            int skipped = prefix == null ? 0 : prefix.length();
            target = redirect.replaceKeyPrefixWith() + key.substring(skipped);
        }
        String protocol = redirect.protocol() == null ? scheme(request) : redirect.protocol();
        String host = redirect.hostName() == null ? request.host() : redirect.hostName();
        String code = redirect.httpRedirectCode() == null ? MOVED : redirect.httpRedirectCode();
        return to(code, protocol + "://" + host + "/" + encoded(target));
    }

    private static String encoded(String key) {
        return URLEncoder.encode(key, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("%2F", "/");
    }

    private static String scheme(Request request) {
        return request.secure() ? "https" : "http";
    }

    private static Response to(String status, String location) {
        return Response.empty(
                Integer.parseInt(status), Headers.builder().set("location", location).build());
    }
}
