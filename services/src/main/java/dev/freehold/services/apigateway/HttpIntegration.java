package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Integration;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/// Hands requests on to another server and its answers back.
final class HttpIntegration {
    private static final System.Logger LOG = System.getLogger(HttpIntegration.class.getName());
    private static final Duration CONNECT = Duration.ofSeconds(10);

    /// The most bytes of an answer.
    private static final int MAX_ANSWER = 10 * 1024 * 1024;

    /// What is between two neighbours alone, and what the client sets itself.
    private static final Set<String> NOT_HANDED_ON =
            Set.of(
                    "connection",
                    "content-length",
                    "expect",
                    "host",
                    "http2-settings",
                    "keep-alive",
                    "te",
                    "trailer",
                    "transfer-encoding",
                    "upgrade");

    private final HttpClient client =
            HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_1_1)
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(CONNECT)
                    .build();

    Response call(LiveApis.Hit hit, Integration integration, Blob body) {
        HttpRequest request;
        try {
            request = request(hit, integration, body);
        } catch (IllegalArgumentException e) {
            LOG.log(System.Logger.Level.INFO, "API {0}: {1}", hit.row().id(), e.getMessage());
            return HttpApis.message(500, "Internal Server Error");
        }
        try {
            HttpResponse<InputStream> answer =
                    client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (InputStream in = answer.body()) {
                byte[] bytes = in.readNBytes(MAX_ANSWER + 1);
                if (bytes.length > MAX_ANSWER) {
                    return HttpApis.message(500, "Internal Server Error");
                }
                return new Response(
                        answer.statusCode(), headers(answer), ByteStream.of(Blob.wrap(bytes)));
            }
        } catch (HttpTimeoutException e) {
            return HttpApis.message(504, "Gateway Timeout");
        } catch (IOException e) {
            return HttpApis.message(503, "Service Unavailable");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return HttpApis.message(503, "Service Unavailable");
        }
    }

    private static HttpRequest request(LiveApis.Hit hit, Integration integration, Blob body) {
        Request from = hit.request();
        String method = String.valueOf(integration.integrationMethod());
        int timeout =
                integration.timeoutInMillis() == null
                        ? RouteRules.MAX_TIMEOUT
                        : integration.timeoutInMillis();
        HttpRequest.Builder request =
                HttpRequest.newBuilder(target(hit, String.valueOf(integration.integrationUri())))
                        .timeout(Duration.ofMillis(timeout))
                        .method(
                                method.equals("ANY") ? from.method() : method,
                                body.length() == 0
                                        ? HttpRequest.BodyPublishers.noBody()
                                        : HttpRequest.BodyPublishers.ofByteArray(body.bytes()));
        from.headers()
                .forEach((name, value) -> {
                    if (!NOT_HANDED_ON.contains(name)) {
                        request.header(name, value);
                    }
                });
        request.header(
                "Forwarded",
                "by="
                        + hit.row().id()
                        + ";for="
                        + from.sourceIp()
                        + ";host="
                        + from.host()
                        + ";proto="
                        + (from.secure() ? "https" : "http"));
        request.header("Via", "HTTP/1.1 AmazonAPIGateway");
        return request.build();
    }

    /// The integration's URI with the route's variables and the request's query.
    private static URI target(LiveApis.Hit hit, String uri) {
        String target = LambdaIntegration.replaced(uri, hit.variables());
        for (Map.Entry<String, String> variable : hit.pathParameters().entrySet()) {
            String value =
                    URLEncoder.encode(variable.getValue(), StandardCharsets.UTF_8)
                            .replace("+", "%20")
                            .replace("%2F", "/");
            target = target.replace("{" + variable.getKey() + "}", value);
        }
        String query = hit.request().rawQuery();
        if (!query.isEmpty()) {
            target += (target.indexOf('?') < 0 ? "?" : "&") + query;
        }
        return URI.create(target);
    }

    private static Headers headers(HttpResponse<?> answer) {
        Headers.Builder headers = Headers.builder();
        answer.headers()
                .map()
                .forEach((name, values) -> {
                    String lower = name.toLowerCase(Locale.ROOT);
                    if (!NOT_HANDED_ON.contains(lower) && !lower.startsWith(":")) {
                        values.forEach(value -> headers.add(lower, value));
                    }
                });
        return headers.build();
    }
}
