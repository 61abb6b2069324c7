package dev.freehold.services.lambda.urls;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.QueryParameter;
import dev.freehold.protocol.Request;
import dev.freehold.services.json.Json;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
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

/// The event that a function gets for a request to its URL: payload format 2.0.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html>.
///
/// @param caller who signed the request, or null when the URL asks for no signature
record UrlEvent(String urlId, Request request, Blob body, @Nullable Caller caller, Instant time) {
    private static final DateTimeFormatter COMMON_LOG =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    byte[] json() {
        Map<String, @Nullable Object> event = new LinkedHashMap<>();
        event.put("version", "2.0");
        event.put("routeKey", "$default");
        event.put("rawPath", path());
        event.put("rawQueryString", request.rawQuery());
        List<String> cookies = cookies();
        if (!cookies.isEmpty()) {
            event.put("cookies", cookies);
        }
        event.put("headers", headers());
        Map<String, String> query = query();
        if (!query.isEmpty()) {
            event.put("queryStringParameters", query);
        }
        event.put("requestContext", context());
        putBody(event);
        return Json.write(event).getBytes(StandardCharsets.UTF_8);
    }

    private String path() {
        return URLDecoder.decode(request.rawPath().replace("+", "%2B"), StandardCharsets.UTF_8);
    }

    private Map<String, Object> context() {
        Map<String, Object> context = new LinkedHashMap<>();
        context.put("accountId", caller == null ? "anonymous" : caller.account());
        context.put("apiId", urlId);
        if (caller != null) {
            context.put("authentication", Map.of());
            context.put("authorizer", Map.of("iam", identity(caller)));
        }
        context.put("domainName", request.host());
        context.put("domainPrefix", urlId);
        Map<String, Object> http = new LinkedHashMap<>();
        http.put("method", request.method());
        http.put("path", path());
        http.put("protocol", "HTTP/1.1");
        http.put("sourceIp", request.sourceIp());
        String agent = request.headers().first("user-agent");
        if (agent != null) {
            http.put("userAgent", agent);
        }
        context.put("http", http);
        context.put("requestId", request.requestId());
        context.put("routeKey", "$default");
        context.put("stage", "$default");
        context.put("time", COMMON_LOG.format(time));
        context.put("timeEpoch", time.toEpochMilli());
        return context;
    }

    private static Map<String, @Nullable Object> identity(Caller caller) {
        Principal principal = caller.principal();
        Map<String, @Nullable Object> identity = new LinkedHashMap<>();
        identity.put("accountId", caller.account());
        identity.put("callerId", principal.id());
        identity.put("cognitoIdentity", null);
        identity.put("principalOrgId", null);
        identity.put("userArn", principal.arn());
        identity.put("userId", principal.id());
        return identity;
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

    private Map<String, String> headers() {
        Map<String, String> joined = new LinkedHashMap<>();
        for (String name : request.headers().names()) {
            if (!name.equals("cookie")) {
                joined.put(name, String.join(",", request.headers().all(name)));
            }
        }
        return joined;
    }

    private Map<String, String> query() {
        Map<String, String> joined = new LinkedHashMap<>();
        for (QueryParameter parameter : request.query()) {
            joined.merge(parameter.name(), parameter.value(), (a, b) -> a + "," + b);
        }
        return joined;
    }

    /// A body of text goes as it is; anything else in base64.
    private void putBody(Map<String, @Nullable Object> event) {
        if (body.length() == 0) {
            event.put("isBase64Encoded", false);
            return;
        }
        String text = isText(request.headers().first("content-type")) ? utf8(body) : null;
        event.put("body", text == null ? body.base64() : text);
        event.put("isBase64Encoded", text == null);
    }

    private static @Nullable String utf8(Blob body) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(body.bytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    private static boolean isText(@Nullable String contentType) {
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
