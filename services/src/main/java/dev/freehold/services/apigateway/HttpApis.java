package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Cors;
import dev.freehold.api.apigatewayv2.Integration;
import dev.freehold.api.apigatewayv2.RouteSettings;
import dev.freehold.api.apigatewayv2.Stage;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.protocol.Authorizer;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Usage;
import dev.freehold.protocol.signing.KeyStore;
import dev.freehold.services.apigateway.Authorizers.Decision;
import dev.freehold.services.apigateway.LiveApis.Hit;
import dev.freehold.services.apigateway.LiveApis.Live;
import dev.freehold.storage.Store;
import java.math.BigDecimal;
import java.math.MathContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Answers the requests that clients send to HTTP APIs.
public final class HttpApis {
    private static final int MAX_BODY = 10 * 1024 * 1024;

    /// The unit that requests are billed in, in bytes.
    private static final int BILLED = 512 * 1024;

    /// What an account's APIs may do together, where a stage says nothing.
    private static final double DEFAULT_RATE = 10_000;

    private static final double DEFAULT_BURST = 5_000;

    /// The most throttles that are kept.
    private static final int MAX_BUCKETS = 10_000;

    private final LiveApis live;
    private final Authorizers authorizers;
    private final LambdaIntegration functions;
    private final HttpIntegration servers = new HttpIntegration();
    private final AccessLogs logs;
    private final ToDoubleFunction<Usage> prices;
    private final Map<String, TokenBucket> buckets = new ConcurrentHashMap<>();

    /// What HTTP APIs need of others.
    ///
    /// @param lambda Lambda as services see it: authorised
    /// @param keys the access keys of those who sign requests
    /// @param authorizer decides whether they may
    /// @param development whether an unknown key is the root of the API's account
    /// @param logs where access logs go
    /// @param prices the price of what a request used
    /// @param executor runs calls on threads of their own
    public record Needs(
            LambdaApi lambda,
            KeyStore keys,
            Authorizer authorizer,
            boolean development,
            LogLines logs,
            ToDoubleFunction<Usage> prices,
            Executor executor) {}

    /// Takes lines of access logs; it may take its time.
    @FunctionalInterface
    public interface LogLines {
        void write(String account, String region, String group, String stream, String line);
    }

    public HttpApis(Store store, InstantSource clock, Needs needs) {
        this.live = new LiveApis(store);
        this.functions = new LambdaIntegration(needs.lambda, clock, needs.executor);
        this.authorizers =
                new Authorizers(
                        new JwtAuthorizer(clock),
                        new LambdaAuthorizer(functions, clock),
                        new IamAuthorizer(needs.keys, clock, needs.authorizer, needs.development));
        this.logs = new AccessLogs(needs.logs, clock, needs.executor);
        this.prices = needs.prices;
    }

    /// Answers a request to the API with that id.
    public Response answer(String id, Request request) {
        Live api = live.find(id);
        if (api == null) {
            return message(404, "Not Found");
        }
        if (Boolean.TRUE.equals(api.row().api().disableExecuteApiEndpoint())) {
            return message(403, "Forbidden");
        }
        CorsRules cors = cors(api.row().api().corsConfiguration());
        String origin = request.headers().first("origin");
        boolean preflight =
                request.method().equals("OPTIONS")
                        && request.headers().contains("access-control-request-method");
        if (cors != null && preflight) {
            return Response.empty(204, cors.preflight(origin));
        }
        Response response = staged(api, request);
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

    static Response message(int status, String text) {
        Headers headers = Headers.builder().set("content-type", "application/json").build();
        Blob body = Blob.ofUtf8("{\"message\":\"" + text + "\"}");
        return new Response(status, headers, ByteStream.of(body));
    }

    private Response staged(Live api, Request request) {
        Stage stage = LiveApis.stage(api, request.rawPath());
        if (stage == null) {
            return message(404, "Not Found");
        }
        Hit hit = LiveApis.hit(api, stage, request);
        Response response =
                (hit == null ? message(404, "Not Found") : routed(hit))
                        .withHeader("apigw-requestid", request.requestId());
        logs.write(api.row(), stage, hit == null ? null : hit.key(), request, response);
        return response;
    }

    private Response routed(Hit hit) {
        if (!bucket(hit).take(System.nanoTime())) {
            return message(429, "Too Many Requests");
        }
        Blob body;
        try {
            body = Blob.wrap(Bodies.read(hit.request(), MAX_BODY));
        } catch (ServiceError e) {
            return message(413, "Request Entity Too Large");
        }
        Request whole = hit.request().withBody(ByteStream.of(body));
        Hit read = new Hit(hit.row(), hit.stage(), whole, hit.route(), hit.pathParameters());
        Usage usage = new Usage();
        usage.add("apigateway.http-requests", Math.max(1, (body.length() + BILLED - 1) / BILLED));
        Response response =
                switch (authorizers.decide(read)) {
                    case Decision.Refused refused -> refused(refused);
                    case Decision.Let let -> integrated(read, body, let.identity(), usage);
                };
        double dollars = prices.applyAsDouble(usage);
        String cost =
                new BigDecimal(dollars, new MathContext(6)).stripTrailingZeros().toPlainString();
        return response.withHeader("x-freehold-cost", cost);
    }

    private static Response refused(Decision.Refused refused) {
        Response response = message(refused.status(), refused.message());
        return refused.status() == 401
                ? response.withHeader("www-authenticate", "Bearer")
                : response;
    }

    private TokenBucket bucket(Hit hit) {
        Map<String, RouteSettings> settings = hit.stage().routeSettings();
        RouteSettings own = settings == null ? null : settings.get(hit.key().text());
        RouteSettings common = hit.stage().defaultRouteSettings();
        RouteSettings used = own == null ? common : own;
        Double rate = used == null ? null : used.throttlingRateLimit();
        Integer burst = used == null ? null : used.throttlingBurstLimit();
        double perSecond = rate == null ? DEFAULT_RATE : rate;
        double most = burst == null ? DEFAULT_BURST : burst;
        String name = hit.row().id() + " " + hit.stage().stageName();
        String key = own == null ? name : name + " " + hit.key().text();
        if (buckets.size() >= MAX_BUCKETS) {
            buckets.clear();
        }
        return buckets.compute(
                key,
                (k, known) ->
                        known != null && known.has(perSecond, most)
                                ? known
                                : new TokenBucket(perSecond, most, System.nanoTime()));
    }

    private Response integrated(Hit hit, Blob body, @Nullable Identity identity, Usage usage) {
        Integration integration = hit.route().integration();
        if (integration == null) {
            return message(500, "Internal Server Error");
        }
        if ("HTTP_PROXY".equals(integration.integrationType())) {
            return servers.call(hit, integration, body);
        }
        boolean version2 = "2.0".equals(integration.payloadFormatVersion());
        ProxyEvent event = functions.event(hit, body, identity);
        Integer timeout = integration.timeoutInMillis();
        LambdaIntegration.Answer answer =
                functions.invoke(
                        hit,
                        String.valueOf(integration.integrationUri()),
                        version2 ? event.version2() : event.version1(),
                        hit.arn(),
                        timeout == null ? RouteRules.MAX_TIMEOUT : timeout);
        answer.usage().quantities().forEach(usage::add);
        byte[] payload = answer.payload();
        if (payload == null) {
            return answer.status() == 503
                    ? message(503, "Service Unavailable")
                    : message(500, "Internal Server Error");
        }
        Response response =
                version2 ? ProxyAnswer.version2(payload) : ProxyAnswer.version1(payload);
        return response == null ? message(500, "Internal Server Error") : response;
    }
}
