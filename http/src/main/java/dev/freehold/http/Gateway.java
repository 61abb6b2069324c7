package dev.freehold.http;

import dev.freehold.protocol.Authorizer;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.Response;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.Structure;
import dev.freehold.protocol.Usage;
import dev.freehold.protocol.WireProtocol;
import dev.freehold.protocol.browser.Browsers;
import dev.freehold.protocol.browser.Form;
import dev.freehold.protocol.cbor.AwsCbor;
import dev.freehold.protocol.cbor.RpcV2Cbor;
import dev.freehold.protocol.json.AwsJson;
import dev.freehold.protocol.query.AwsQuery;
import dev.freehold.protocol.rest.RestJson;
import dev.freehold.protocol.rest.RestXml;
import dev.freehold.protocol.signing.Authorization;
import dev.freehold.protocol.validation.ConstraintPolicy;
import dev.freehold.protocol.validation.Validation;
import dev.freehold.protocol.validation.Violation;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The way of every request: find the operation, know the caller, decode, validate, authorise,
/// call, encode. The only place with a broad catch.
public final class Gateway implements Exchange {
    private static final System.Logger LOG = System.getLogger(Gateway.class.getName());
    private static final Pattern API_HOST = Pattern.compile("([a-z0-9]+)\\.execute-api(?:\\..*)?");
    private static final Pattern URL_HOST = Pattern.compile("([a-z0-9-]+)\\.lambda-url(?:\\..*)?");
    private static final Pattern SITE_HOST =
            Pattern.compile("(.+)\\.s3-website(?:[.-][a-z0-9-]+)?");
    private static final Pattern API_PATH = Pattern.compile("/_aws/execute-api/([a-z0-9]+)(/.*)?");

    private static final Map<Protocol, WireProtocol> PROTOCOLS =
            Map.of(
                    Protocol.AWS_JSON_1_0, new AwsJson("1.0"),
                    Protocol.AWS_JSON_1_1, new AwsJson("1.1"),
                    Protocol.REST_JSON_1, new RestJson(),
                    Protocol.REST_XML, new RestXml(),
                    Protocol.AWS_QUERY, new AwsQuery(),
                    Protocol.RPC_V2_CBOR, new RpcV2Cbor(),
                    Protocol.AWS_CBOR_1_1, new AwsCbor());

    private final Routing routing;
    private final Hosts hosts;
    private final Authentication authentication;
    private final Authorizer authorizer;
    private final ToDoubleFunction<Usage> prices;
    private final Fronts fronts;

    /// What answers requests that are not for AWS operations.
    ///
    /// @param apis users' APIs, by id
    /// @param urls functions' URLs, by id
    /// @param sites buckets' websites, by bucket
    /// @param internal what begins with `/_`: health and the like; null from it means "not mine"
    public record Fronts(Front apis, SignedFront urls, Front sites, Internal internal) {}

    /// Answers requests that may be signed.
    @FunctionalInterface
    public interface SignedFront {
        /// Answers one request.
        ///
        /// @param identify tells who signed a request, and checks its whole body; throws AWS's
        ///   error when the signature is wrong
        Response answer(String id, Request request, Function<Request, Caller> identify);
    }

    /// Answers what is Freehold's own.
    @FunctionalInterface
    public interface Internal {
        /// @param identify tells who signed a request, as for a [SignedFront]
        @Nullable Response answer(Request request, Function<Request, Caller> identify);
    }

    /// @param prices the price of a call's usage in US dollars
    public Gateway(
            List<Endpoint> endpoints,
            Hosts hosts,
            Authentication authentication,
            Authorizer authorizer,
            ToDoubleFunction<Usage> prices,
            Fronts fronts) {
        Map<String, Endpoint> byId = new HashMap<>();
        endpoints.forEach(endpoint -> byId.put(endpoint.service().model().id(), endpoint));
        this.routing = new Routing(byId, hosts);
        this.hosts = hosts;
        this.authentication = authentication;
        this.authorizer = authorizer;
        this.prices = prices;
        this.fronts = fronts;
    }

    @Override
    public Response answer(Request request) {
        try {
            String prefix = hosts.prefix(request.host());
            if (prefix == null) {
                return text(
                        403,
                        "The host '"
                                + request.host()
                                + "' is none of this server's names. Add it with"
                                + " --host-name if it is.\n");
            }
            Response front = front(prefix, request);
            return front == null ? operation(request) : front;
        } catch (Exception e) {
            LOG.log(System.Logger.Level.ERROR, "Request " + request.requestId() + " failed", e);
            return text(500, "{\"message\":\"Internal Server Error\"}");
        }
    }

    private @Nullable Response front(String prefix, Request request) {
        return prefix.isEmpty() ? ownPath(request) : named(prefix, request);
    }

    /// What the name before the server's own asks for.
    private @Nullable Response named(String prefix, Request request) {
        Matcher api = API_HOST.matcher(prefix);
        if (api.matches()) {
            return fronts.apis().answer(api.group(1), request);
        }
        Matcher url = URL_HOST.matcher(prefix);
        if (url.matches()) {
            return fronts.urls().answer(url.group(1), request, this::identify);
        }
        Matcher site = SITE_HOST.matcher(prefix);
        if (site.matches()) {
            return fronts.sites().answer(site.group(1), request);
        }
        return ownPath(request);
    }

    private @Nullable Response ownPath(Request request) {
        if (!request.rawPath().startsWith("/_")) {
            return null;
        }
        Matcher path = API_PATH.matcher(request.rawPath());
        if (path.matches()) {
            String rest = path.group(2) == null ? "/" : path.group(2);
            return fronts.apis().answer(path.group(1), request.withPath(rest));
        }
        return fronts.internal().answer(request, this::identify);
    }

    private Caller identify(Request request) {
        Authentication.Known known = authentication.authenticate(request, authorization(request));
        Bodies.read(known.request(), Bodies.MAX_IN_MEMORY);
        return known.caller();
    }

    private static Response text(int status, String message) {
        Headers headers =
                Headers.builder().set("content-type", "text/plain; charset=utf-8").build();
        return new Response(status, headers, ByteStream.of(Blob.ofUtf8(message)));
    }

    private Response operation(Request request) {
        Target target;
        Sent sent;
        try {
            if (request.method().equals("OPTIONS")) {
                return preflight(request);
            }
            Form posted = form(request);
            sent =
                    posted == null
                            ? new Sent(request, authorization(request), null)
                            : new Sent(posted.request(), posted.authorization(), posted);
            target = routing.find(sent.request(), sent.authorization());
        } catch (Routing.RoutingError e) {
            return error(e.service, e.protocol, e.error, request);
        } catch (ServiceError e) {
            return error(null, guess(request), e, request);
        }
        Response response = answer(target, sent);
        Form form = sent.form();
        if (form != null && response.status() < 300) {
            response = form.answer().apply(response);
        }
        return readable(target, response);
    }

    /// A request with its signature.
    ///
    /// @param form the form that it was posted as, or null
    private record Sent(
            Request request, @Nullable Authorization authorization, @Nullable Form form) {}

    private Response answer(Target target, Sent sent) {
        ServiceModel service = target.endpoint().service().model();
        Request request = sent.request();
        try {
            return call(target, sent);
        } catch (ServiceError e) {
            return error(service, target.protocol(), named(e, target), request);
        } catch (RuntimeException e) {
            LOG.log(
                    System.Logger.Level.ERROR,
                    service + " " + target.operation() + " failed, request " + request.requestId(),
                    e);
            ServiceError failure =
                    new CommonError(
                            "InternalFailure",
                            500,
                            "We encountered an internal error. Please try again.");
            return error(service, target.protocol(), failure, request);
        }
    }

    /// AWS says for which operation a request is too large.
    private static ServiceError named(ServiceError error, Target target) {
        String message = error.getMessage();
        return error.shape().status() == 413 && message != null && message.startsWith("Request ")
                ? new CommonError(
                        error.shape().name(),
                        413,
                        message + " for the " + target.operation().name() + " operation")
                : error;
    }

    /// Whether a page may send what it announces. S3 is asked, because the others serve no pages
    /// but this server's own, whose browsers don't ask.
    private Response preflight(Request request) {
        Endpoint s3 = routing.s3();
        if (s3 == null || s3.browsers() == null) {
            throw new CommonError(
                    "MethodNotAllowed",
                    405,
                    "The specified method is not allowed against this resource.");
        }
        Headers allowed = s3.browsers().preflight(routing.inPathStyle(request));
        return decorate(Response.empty(200, allowed), s3.service().model(), request);
    }

    private @Nullable Form form(Request request) {
        Endpoint s3 = request.method().equals("POST") ? routing.s3() : null;
        return s3 == null || s3.browsers() == null
                ? null
                : s3.browsers().form(routing.inPathStyle(request));
    }

    /// The answer with what tells a browser that the page which asked may read it.
    private static Response readable(Target target, Response response) {
        Browsers browsers = target.endpoint().browsers();
        if (browsers == null || !target.request().headers().contains("origin")) {
            return response;
        }
        Headers.Builder headers = response.headers().toBuilder();
        browsers.readable(target.request()).forEach(headers::set);
        return new Response(response.status(), headers.build(), response.body());
    }

    private static @Nullable Authorization authorization(Request request) {
        try {
            return Authorization.parse(request);
        } catch (IllegalArgumentException e) {
            boolean query = request.rawQuery().contains("X-Amz-");
            throw query
                    ? new CommonError("AuthorizationQueryParametersError", 400, e.getMessage())
                    : new CommonError("IncompleteSignature", 400, e.getMessage());
        }
    }

    /// How a client speaks whose request can't be routed.
    private static Protocol guess(Request request) {
        if (request.headers().contains("x-amz-target")) {
            return Protocol.AWS_JSON_1_0;
        }
        if (request.headers().contains("smithy-protocol")) {
            return Protocol.RPC_V2_CBOR;
        }
        if (Routing.LAMBDA_PATH.matcher(request.rawPath()).matches()) {
            return Protocol.REST_JSON_1;
        }
        String type = request.headers().first("content-type");
        return type != null && type.startsWith("application/x-www-form-urlencoded")
                ? Protocol.AWS_QUERY
                : Protocol.REST_XML;
    }

    private Response call(Target target, Sent sent) {
        ServiceModel service = target.endpoint().service().model();
        Request original = sent.request();
        String origin = original.headers().first("origin");
        boolean pages = target.endpoint().browsers() != null;
        if (!pages && origin != null && !hosts.ownOrigin(origin)) {
            throw new CommonError(
                    "AccessDenied", 403, "Requests from the origin " + origin + " are refused.");
        }
        Authentication.Known known =
                authentication.authenticate(
                        original.withBody(target.request().body()), sent.authorization());
        Caller caller =
                sent.form() == null
                        ? known.caller()
                        : known.caller().withFact("s3:authType", "POST");
        Operation operation = target.operation();
        if (caller.principal() instanceof Principal.Anonymous
                && operation.auth() != Operation.Auth.NONE
                && !target.endpoint().openByPolicy()) {
            throw unsigned();
        }
        WireProtocol wire = wire(target.protocol());
        Request read = target.request().withBody(known.request().body());
        Structure input = wire.decode(service, operation, read);
        validate(target, input);
        authorize(target, input, caller);
        Structure output = target.endpoint().service().call(operation, input, caller);
        Response response = wire.encode(service, operation, output, original.requestId());
        Response decorated = decorate(response, service, original);
        // What is still being made has no cost yet.
        Response priced =
                decorated.body().length() < 0
                        ? decorated
                        : decorated.withHeader("x-freehold-cost", cost(caller));
        String left = caller.usage().leftText();
        return left.isEmpty() ? priced : priced.withHeader("x-freehold-budget", left);
    }

    private static CommonError unsigned() {
        return new CommonError(
                "MissingAuthenticationToken", 403, "Request is missing Authentication Token");
    }

    private static WireProtocol wire(Protocol protocol) {
        WireProtocol wire = PROTOCOLS.get(protocol);
        if (wire == null) {
            throw new IllegalStateException("protocol " + protocol);
        }
        return wire;
    }

    private static void validate(Target target, Structure input) {
        ConstraintPolicy policy = target.endpoint().constraints();
        if (policy == ConstraintPolicy.OWN) {
            return;
        }
        List<Violation> violations = Validation.check(input);
        if (!violations.isEmpty()) {
            ServiceError error = policy.answer(violations, target.operation(), target.protocol());
            if (error != null) {
                throw error;
            }
        }
    }

    private void authorize(Target target, Structure input, Caller caller) {
        var permissions = target.endpoint().permissions().of(target.operation(), input, caller);
        if (authorizer.decide(caller, permissions) instanceof Authorizer.Decision.Denied denied) {
            ServiceModel service = target.endpoint().service().model();
            if (caller.principal() instanceof Principal.Anonymous
                    && !service.has(ServiceModel.Trait.S3_ERRORS)) {
                throw unsigned();
            }
            throw new CommonError("AccessDenied", 403, denied.message());
        }
    }

    private String cost(Caller caller) {
        double dollars = prices.applyAsDouble(caller.usage());
        return new BigDecimal(dollars, new MathContext(6)).stripTrailingZeros().toPlainString();
    }

    private static Response error(
            @Nullable ServiceModel service,
            Protocol protocol,
            ServiceError error,
            Request request) {
        ServiceModel model = service == null ? NONE : service;
        ServiceError named = ErrorNames.known(error, model, protocol);
        Response response = wire(protocol).encodeError(model, named, request.requestId());
        return decorate(response, model, request);
    }

    /// Stands for the service where none was found.
    private static final ServiceModel NONE =
            new ServiceModel(
                    new ServiceModel.Names("s3", "", "", ""),
                    new ServiceModel.Wire(
                            List.of(), null, null, "", Set.of(ServiceModel.Trait.S3_ERRORS)),
                    List.of());

    private static Response decorate(Response response, ServiceModel service, Request request) {
        Headers.Builder headers = response.headers().toBuilder();
        if (service.has(ServiceModel.Trait.S3_ERRORS)) {
            headers.set("x-amz-request-id", request.requestId());
            headers.set("x-amz-id-2", request.requestId());
        } else {
            headers.set("x-amzn-requestid", request.requestId());
        }
        // The models have no word for it: a range that is answered is partial content.
        boolean part = response.status() == 200 && response.headers().contains("content-range");
        return new Response(part ? 206 : response.status(), headers.build(), response.body());
    }
}
