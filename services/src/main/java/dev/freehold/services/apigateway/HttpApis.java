package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Cors;
import dev.freehold.api.apigatewayv2.Integration;
import dev.freehold.api.apigatewayv2.Route;
import dev.freehold.api.apigatewayv2.RouteSettings;
import dev.freehold.api.apigatewayv2.Stage;
import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.InvokeResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceError;
import dev.freehold.services.access.Callers;
import dev.freehold.storage.Store;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Answers the requests that clients send to HTTP APIs.
public final class HttpApis {
    private static final int MAX_BODY = 10 * 1024 * 1024;

    /// What an account's APIs may do together, where a stage says nothing.
    private static final double DEFAULT_RATE = 10_000;

    private static final double DEFAULT_BURST = 5_000;

    private final Store store;
    private final LambdaApi lambda;
    private final InstantSource clock;
    private final Map<String, TokenBucket> buckets = new ConcurrentHashMap<>();

    /// @param lambda Lambda as services see it: authorised
    public HttpApis(Store store, LambdaApi lambda, InstantSource clock) {
        this.store = store;
        this.lambda = lambda;
        this.clock = clock;
    }

    /// Answers a request to the API with that id.
    public Response answer(String id, Request request) {
        ApiRow row = store.read(tx -> tx.peek(ApiRow.TABLE, id));
        if (row == null || Boolean.TRUE.equals(row.api().disableExecuteApiEndpoint())) {
            return message(row == null ? 404 : 403, row == null ? "Not Found" : "Forbidden");
        }
        CorsRules cors = cors(row.api().corsConfiguration());
        String origin = request.headers().first("origin");
        boolean preflight =
                request.method().equals("OPTIONS")
                        && request.headers().contains("access-control-request-method");
        if (cors != null && preflight) {
            return Response.empty(204, cors.preflight(origin));
        }
        Response response = staged(row, request);
        return cors == null
                ? response
                : new Response(
                        response.status(), cors.apply(response.headers(), origin), response.body());
    }

    private static @Nullable CorsRules cors(@Nullable Cors cors) {
        return cors == null
                ? null
                : new CorsRules(
                        Boolean.TRUE.equals(cors.allowCredentials()),
                        orEmpty(cors.allowHeaders()),
                        orEmpty(cors.allowMethods()),
                        orEmpty(cors.allowOrigins()),
                        orEmpty(cors.exposeHeaders()),
                        cors.maxAge());
    }

    private static List<String> orEmpty(@Nullable List<String> list) {
        return list == null ? List.of() : list;
    }

    private static Response message(int status, String text) {
        Headers headers = Headers.builder().set("content-type", "application/json").build();
        Blob body = Blob.ofUtf8("{\"message\":\"" + text + "\"}");
        return new Response(status, headers, ByteStream.of(body));
    }

    private Response staged(ApiRow row, Request request) {
        List<String> segments = RouteKey.segments(request.rawPath());
        Stage stage = segments.isEmpty() ? null : row.stages().get(segments.getFirst());
        String rest = request.rawPath();
        if (stage != null) {
            rest = rest.substring(segments.getFirst().length() + 1);
            rest = rest.isEmpty() ? "/" : rest;
        } else {
            stage = row.stages().get("$default");
        }
        if (stage == null) {
            return message(404, "Not Found");
        }
        if (!bucket(row, stage).take(System.nanoTime())) {
            return message(429, "Too Many Requests");
        }
        return routed(row, stage, request, rest);
    }

    private TokenBucket bucket(ApiRow row, Stage stage) {
        RouteSettings settings = stage.defaultRouteSettings();
        Double rate = settings == null ? null : settings.throttlingRateLimit();
        Integer burst = settings == null ? null : settings.throttlingBurstLimit();
        double perSecond = rate == null ? DEFAULT_RATE : rate;
        double most = burst == null ? DEFAULT_BURST : burst;
        String key = row.api().apiId() + " " + stage.stageName();
        return buckets.compute(
                key,
                (k, known) ->
                        known != null && known.has(perSecond, most)
                                ? known
                                : new TokenBucket(perSecond, most, System.nanoTime()));
    }

    private Response routed(ApiRow row, Stage stage, Request request, String path) {
        List<String> segments = new ArrayList<>();
        for (String segment : RouteKey.segments(path)) {
            segments.add(URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8));
        }
        RouteKey best = null;
        Route route = null;
        for (Route candidate : row.routes().values()) {
            RouteKey key = RouteKey.parse(String.valueOf(candidate.routeKey()));
            if (key != null
                    && key.match(request.method(), segments) != null
                    && (best == null || key.precedes(best))) {
                best = key;
                route = candidate;
            }
        }
        Map<String, String> variables =
                best == null ? null : best.match(request.method(), segments);
        if (best == null || route == null || variables == null) {
            return message(404, "Not Found");
        }
        String target = String.valueOf(route.target());
        Integration integration =
                row.integrations().get(target.substring(target.lastIndexOf('/') + 1));
        return integration == null
                ? message(500, "Internal Server Error")
                : invoke(row, stage, request, best, variables, integration);
    }

    private Response invoke(
            ApiRow row,
            Stage stage,
            Request request,
            RouteKey key,
            Map<String, String> variables,
            Integration integration) {
        Blob body;
        try {
            body = Blob.wrap(Bodies.read(request, MAX_BODY));
        } catch (ServiceError e) {
            return message(413, "Request Entity Too Large");
        }
        String id = String.valueOf(row.api().apiId());
        ProxyEvent event =
                new ProxyEvent(
                        request,
                        request.rawPath(),
                        body,
                        row.account(),
                        id,
                        String.valueOf(stage.stageName()),
                        key.text(),
                        variables,
                        stage.stageVariables() == null ? Map.of() : stage.stageVariables(),
                        clock.instant());
        boolean version2 = "2.0".equals(integration.payloadFormatVersion());
        String stageName = String.valueOf(stage.stageName());
        String route =
                key.isDefault()
                        ? "$default"
                        : key.method() + "/" + String.join("/", key.segments());
        String source =
                "arn:aws:execute-api:"
                        + row.region()
                        + ":"
                        + row.account()
                        + ":"
                        + id
                        + "/"
                        + stageName
                        + "/"
                        + route;
        Caller caller =
                Callers.service(
                        row.account(),
                        row.region(),
                        "apigateway.amazonaws.com",
                        source,
                        row.account(),
                        request.requestId());
        try {
            InvokeResponse answer =
                    lambda.invoke(
                            InvokeRequest.builder()
                                    .functionName(
                                            function(String.valueOf(integration.integrationUri())))
                                    .payload(
                                            Blob.ofUtf8(
                                                    version2 ? event.version2() : event.version1()))
                                    .build(),
                            caller);
            byte[] payload = answer.payload() == null ? new byte[0] : answer.payload().bytes();
            Response response =
                    answer.functionError() != null
                            ? null
                            : version2
                                    ? ProxyAnswer.version2(payload)
                                    : ProxyAnswer.version1(payload);
            return response == null
                    ? message(500, "Internal Server Error")
                    : response.withHeader("apigw-requestid", request.requestId());
        } catch (ServiceError e) {
            System.getLogger(HttpApis.class.getName())
                    .log(System.Logger.Level.WARNING, "API {0}: {1}", id, e.getMessage());
            return message(
                    e.shape().status() == 429 ? 503 : 500,
                    e.shape().status() == 429 ? "Service Unavailable" : "Internal Server Error");
        }
    }

    /// The function of an integration's URI, which is its ARN or the path that invokes it.
    private static String function(String uri) {
        int start = uri.indexOf("functions/arn:");
        if (start < 0) {
            return uri;
        }
        String arn = uri.substring(start + "functions/".length());
        return arn.endsWith("/invocations")
                ? arn.substring(0, arn.length() - "/invocations".length())
                : arn;
    }
}
