package dev.freehold.services.apigateway;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.QueryParameter;
import dev.freehold.protocol.Request;
import dev.freehold.services.json.Json;
import java.net.URLDecoder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The event that a Lambda function gets for a request of an HTTP API, in payload format 1.0 or
/// 2.0.
///
/// See
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.
///
/// @param request as it came; the path without the stage's name
/// @param path the path with the stage's name, unless it is `$default`
/// @param body the whole body, or null when there is none
/// @param accountId the account that owns the API
/// @param apiId the API
/// @param stage the stage's name
/// @param routeKey the key of the route that took it
/// @param pathParameters the route's variables
/// @param stageVariables the stage's variables
/// @param time when it came
/// @param identity who was authorised, or null when nobody had to be
record ProxyEvent(
        Request request,
        String path,
        @Nullable Blob body,
        String accountId,
        String apiId,
        String stage,
        String routeKey,
        Map<String, String> pathParameters,
        Map<String, String> stageVariables,
        Instant time,
        @Nullable Identity identity) {
    private static final DateTimeFormatter COMMON_LOG =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    /// The event that a Lambda authorizer gets, in format 2.0.
    ///
    /// @param sources the values of the authorizer's identity sources
    String authorizer2(String routeArn, List<String> sources) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("type", "REQUEST");
        event.put("routeArn", routeArn);
        event.put("identitySource", sources.isEmpty() ? null : sources);
        event.put("routeKey", routeKey);
        event.put("rawPath", decodedPath());
        event.put("rawQueryString", request.rawQuery());
        List<String> cookies = cookies();
        if (!cookies.isEmpty()) {
            event.put("cookies", cookies);
        }
        event.put("headers", joinedHeaders());
        putUnlessEmpty(event, "queryStringParameters", joinedQuery());
        event.put("requestContext", context2());
        putUnlessEmpty(event, "pathParameters", pathParameters);
        putUnlessEmpty(event, "stageVariables", stageVariables);
        return Json.write(event);
    }

    /// The event that a Lambda authorizer gets, in format 1.0.
    ///
    /// @param sources the values of the authorizer's identity sources
    String authorizer1(String methodArn, List<String> sources) {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("version", "1.0");
        event.put("type", "REQUEST");
        event.put("methodArn", methodArn);
        event.put("identitySource", String.join(",", sources));
        event.put("authorizationToken", String.join(",", sources));
        event.put("resource", resource());
        event.put("path", path);
        event.put("httpMethod", request.method());
        event.put("headers", joinedHeaders());
        event.put("queryStringParameters", joinedQuery());
        event.put("pathParameters", pathParameters);
        event.put("stageVariables", stageVariables);
        event.put("requestContext", context1());
        return Json.write(event);
    }

    private String decodedPath() {
        return URLDecoder.decode(path.replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    /// The event of format 2.0.
    String version2() {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("routeKey", routeKey);
        event.put("rawPath", decodedPath());
        event.put("rawQueryString", request.rawQuery());
        List<String> cookies = cookies();
        if (!cookies.isEmpty()) {
            event.put("cookies", cookies);
        }
        event.put("headers", joinedHeaders());
        putUnlessEmpty(event, "queryStringParameters", joinedQuery());
        event.put("requestContext", context2());
        putUnlessEmpty(event, "pathParameters", pathParameters);
        putUnlessEmpty(event, "stageVariables", stageVariables);
        putBody(event);
        return Json.write(event);
    }

    /// The event of format 1.0.
    String version1() {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("version", "1.0");
        event.put("resource", resource());
        event.put("path", path);
        event.put("httpMethod", request.method());
        Map<String, List<String>> headers = new LinkedHashMap<>();
        request.headers().names().forEach(n -> headers.put(n, request.headers().all(n)));
        event.put("headers", lasts(headers));
        event.put("multiValueHeaders", headers);
        Map<String, List<String>> query = query();
        event.put("queryStringParameters", query.isEmpty() ? null : lasts(query));
        event.put("multiValueQueryStringParameters", query.isEmpty() ? null : query);
        event.put("requestContext", context1());
        event.put("pathParameters", pathParameters.isEmpty() ? null : pathParameters);
        event.put("stageVariables", stageVariables.isEmpty() ? null : stageVariables);
        event.put("body", null);
        event.put("isBase64Encoded", false);
        putBody(event);
        return Json.write(event);
    }

    private String resource() {
        int space = routeKey.indexOf(' ');
        return space < 0 ? routeKey : routeKey.substring(space + 1);
    }

    private Map<String, Object> context2() {
        Map<String, Object> context = commonContext();
        Map<String, Object> http = new LinkedHashMap<>();
        http.put("method", request.method());
        http.put("path", path);
        http.put("protocol", "HTTP/1.1");
        http.put("sourceIp", request.sourceIp());
        http.put("userAgent", userAgent());
        context.put("http", http);
        if (identity != null) {
            context.put("authorizer", identity.version2());
        }
        context.put("requestId", request.requestId());
        context.put("routeKey", routeKey);
        context.put("stage", stage);
        context.put("time", COMMON_LOG.format(time));
        context.put("timeEpoch", time.toEpochMilli());
        return context;
    }

    private Map<String, Object> context1() {
        Map<String, Object> context = commonContext();
        if (identity != null) {
            context.put("authorizer", identity.version1());
        }
        context.put("extendedRequestId", request.requestId());
        context.put("httpMethod", request.method());
        context.put("identity", Map.of("sourceIp", request.sourceIp(), "userAgent", userAgent()));
        context.put("path", path);
        context.put("protocol", "HTTP/1.1");
        context.put("requestId", request.requestId());
        context.put("requestTime", COMMON_LOG.format(time));
        context.put("requestTimeEpoch", time.toEpochMilli());
        context.put("resourceId", routeKey);
        context.put("resourcePath", resource());
        context.put("stage", stage);
        return context;
    }

    private Map<String, Object> commonContext() {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("accountId", accountId);
        context.put("apiId", apiId);
        String host = request.host();
        int dot = host.indexOf('.');
        context.put("domainName", host);
        context.put("domainPrefix", dot < 0 ? host : host.substring(0, dot));
        return context;
    }

    private String userAgent() {
        String agent = request.headers().first("user-agent");
        return agent == null ? "" : agent;
    }

    private List<String> cookies() {
        List<String> cookies = new ArrayList<>();
        for (String header : request.headers().all("cookie")) {
            for (String cookie : header.split(";", -1)) {
                if (!cookie.isBlank()) {
                    cookies.add(cookie.strip());
                }
            }
        }
        return cookies;
    }

    private Map<String, String> joinedHeaders() {
        Map<String, String> joined = new LinkedHashMap<>();
        for (String name : request.headers().names()) {
            if (!name.equals("cookie")) {
                joined.put(name, String.join(",", request.headers().all(name)));
            }
        }
        return joined;
    }

    private Map<String, List<String>> query() {
        Map<String, List<String>> query = new LinkedHashMap<>();
        for (QueryParameter parameter : request.query()) {
            query.computeIfAbsent(parameter.name(), _ -> new ArrayList<>(1)).add(parameter.value());
        }
        return query;
    }

    private Map<String, String> joinedQuery() {
        Map<String, String> joined = new LinkedHashMap<>();
        query().forEach((name, values) -> joined.put(name, String.join(",", values)));
        return joined;
    }

    private static Map<String, String> lasts(Map<String, List<String>> values) {
        Map<String, String> lasts = new LinkedHashMap<>();
        values.forEach((name, all) -> lasts.put(name, all.getLast()));
        return lasts;
    }

    private static void putUnlessEmpty(
            Map<String, @Nullable Object> event, String name, Map<String, String> values) {
        if (!values.isEmpty()) {
            event.put(name, values);
        }
    }

    /// A body of text goes as it is; anything else in base64.
    private void putBody(Map<String, @Nullable Object> event) {
        if (body != null && body.length() > 0) {
            String text = isText(request.headers().first("content-type")) ? utf8(body) : null;
            event.put("body", text == null ? body.base64() : text);
            event.put("isBase64Encoded", text == null);
        } else {
            event.put("isBase64Encoded", false);
        }
    }

    private static @Nullable String utf8(Blob body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(java.nio.ByteBuffer.wrap(body.bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /// What HTTP APIs hand on as text: `text/*`, JSON, XML, JavaScript.
    static boolean isText(@Nullable String contentType) {
        if (contentType == null) {
            return false;
        }
        String type = contentType.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
        return type.startsWith("text/")
                || type.equals("application/json")
                || type.equals("application/xml")
                || type.equals("application/javascript")
                || type.endsWith("+json")
                || type.endsWith("+xml");
    }
}
