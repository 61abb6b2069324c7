package dev.freehold.services.lambda.urls;

import dev.freehold.api.lambda.FunctionUrlConfig;
import dev.freehold.protocol.Authorizer;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Permission;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Usage;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.run.Answer;
import dev.freehold.services.lambda.run.Call;
import dev.freehold.services.lambda.run.Invoker;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.PolicyRow;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.storage.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Answers requests to function URLs.
public final class UrlFront {
    private static final int MAX_BODY = 6 * 1024 * 1024;
    private static final String FORBIDDEN =
            "{\"Message\":\"Forbidden. For troubleshooting Function URL authorization issues, see:"
                    + " https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html\"}";

    private final Store store;
    private final Invoker invoker;
    private final InstantSource clock;
    private final Authorizer authorizer;
    private final ToDoubleFunction<Usage> prices;

    public UrlFront(
            Store store,
            Invoker invoker,
            InstantSource clock,
            Authorizer authorizer,
            ToDoubleFunction<Usage> prices) {
        this.store = store;
        this.invoker = invoker;
        this.clock = clock;
        this.authorizer = authorizer;
        this.prices = prices;
    }

    private record Url(QualifiedKey key, FunctionUrlConfig config) {}

    /// Answers a request to the URL with that id.
    ///
    /// @param identify tells who signed a request; throws AWS's error when the signature is wrong
    public Response answer(String id, Request request, Function<Request, Caller> identify) {
        Url url =
                store.read(tx -> {
                    QualifiedKey key = tx.peek(LambdaTables.URL_IDS, id);
                    FunctionUrlConfig config = key == null ? null : tx.peek(LambdaTables.URLS, key);
                    return key == null || config == null ? null : new Url(key, config);
                });
        if (url == null) {
            return denied("{\"Message\":null}");
        }
        UrlCors cors = url.config.cors() == null ? null : new UrlCors(url.config.cors());
        String origin = request.headers().first("origin");
        boolean preflight =
                request.method().equals("OPTIONS")
                        && request.headers().contains("access-control-request-method");
        if (cors != null && preflight) {
            return Response.empty(200, cors.preflight(origin));
        }
        Response response = admitted(id, url, request, identify);
        return cors == null
                ? response
                : new Response(
                        response.status(), cors.apply(response.headers(), origin), response.body());
    }

    private static Response json(int status, String text) {
        Headers headers = Headers.builder().set("content-type", "application/json").build();
        return new Response(status, headers, ByteStream.of(Blob.ofUtf8(text)));
    }

    private static Response denied(String text) {
        return json(403, text).withHeader("x-amzn-errortype", "AccessDeniedException");
    }

    private Response admitted(
            String id, Url url, Request request, Function<Request, Caller> identify) {
        try {
            Blob body = Blob.wrap(Bodies.read(request, MAX_BODY));
            boolean signed = url.config.authType().equals("AWS_IAM");
            Caller caller =
                    signed
                            ? identify.apply(request.withBody(ByteStream.of(body)))
                            : anonymous(url, request);
            if (!allowed(url, caller)) {
                return denied(FORBIDDEN);
            }
            UrlEvent event =
                    new UrlEvent(id, request, body, signed ? caller : null, clock.instant());
            return invoke(url, event, request);
        } catch (ServiceError e) {
            return json(e.shape().status(), Json.write(Map.of("Message", text(e))));
        }
    }

    private static String text(ServiceError e) {
        return e.getMessage() == null ? e.shape().name() : e.getMessage();
    }

    private static Caller anonymous(Url url, Request request) {
        Map<String, String> facts = Map.of("aws:SourceIp", request.sourceIp());
        return new Caller(
                url.key.function().account(),
                url.key.function().region(),
                new Principal.Anonymous(),
                request.requestId(),
                facts,
                new Usage());
    }

    /// The function's policy must let everybody in by name, also where no signature is asked for.
    private boolean allowed(Url url, Caller caller) {
        PolicyRow policy = store.read(tx -> tx.peek(LambdaTables.POLICIES, url.key));
        Permission permission =
                new Permission(
                        "lambda:InvokeFunctionUrl",
                        url.config.functionArn(),
                        Map.of("lambda:FunctionUrlAuthType", url.config.authType()),
                        policy == null ? null : policy.document());
        boolean unsigned =
                url.config.authType().equals("AWS_IAM")
                        && caller.principal() instanceof Principal.Anonymous;
        return !unsigned
                && authorizer.decide(caller, List.of(permission))
                        instanceof Authorizer.Decision.Allowed;
    }

    private Response invoke(Url url, UrlEvent event, Request request) {
        QualifiedKey key = url.key;
        String qualifier = key.qualifier().isEmpty() ? null : key.qualifier();
        FunctionName name = new FunctionName(key.function(), qualifier);
        Usage usage = new Usage();
        Caller caller =
                new Caller(
                        key.function().account(),
                        key.function().region(),
                        new Principal.Service("lambda.amazonaws.com", url.config.functionArn()),
                        request.requestId(),
                        Map.of(),
                        usage);
        @Nullable String trace = request.headers().first("x-amzn-trace-id");
        Answer answer = invoker.answer(new Call(name, event.json(), null, trace), caller);
        Response response =
                answer.result().failed() ? null : UrlAnswer.of(answer.result().payload());
        Response shown =
                response == null ? json(502, "{\"Message\":\"Internal Server Error\"}") : response;
        Response priced =
                shown.withHeader("x-amzn-requestid", request.requestId())
                        .withHeader(
                                "x-freehold-cost", "%.10f".formatted(prices.applyAsDouble(usage)));
        return usage.left().isEmpty()
                ? priced
                : priced.withHeader("x-freehold-budget", usage.leftText());
    }
}
