package dev.freehold.http;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Bodies;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.CommonError;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.Protocol;
import dev.freehold.protocol.QueryParameter;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.ServiceModel;
import dev.freehold.protocol.cbor.AwsCbor;
import dev.freehold.protocol.rest.Router;
import dev.freehold.protocol.signing.Authorization;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Finds what a request is for: its service, its protocol, its operation.
final class Routing {
    private static final Pattern QUEUE_PATH = Pattern.compile("/\\d{12}/[A-Za-z0-9_.-]+");
    static final Pattern LAMBDA_PATH = Pattern.compile("/20\\d\\d-\\d\\d-\\d\\d/.*");
    private static final Pattern CBOR_PATH =
            Pattern.compile("/service/([A-Za-z0-9_]+)/operation/([A-Za-z0-9]+)");
    private static final Pattern BUCKET_HOST =
            Pattern.compile("(.+)\\.s3(?:[.-][a-z0-9-]+)?(?:\\.dualstack\\.[a-z0-9-]+)?");

    private final Map<String, Endpoint> byId;
    private final Map<String, Endpoint> byTarget = new HashMap<>();
    private final Hosts hosts;
    private final Map<String, Router> routers = new ConcurrentHashMap<>();

    Routing(Map<String, Endpoint> byId, Hosts hosts) {
        this.byId = Map.copyOf(byId);
        for (Endpoint endpoint : byId.values()) {
            String prefix = endpoint.service().model().targetPrefix();
            if (prefix != null) {
                byTarget.put(prefix, endpoint);
            }
        }
        this.hosts = hosts;
    }

    /// @throws RoutingError when it is for nothing that is here
    Target find(Request request, @Nullable Authorization authorization) throws RoutingError {
        String target = request.headers().first("x-amz-target");
        if (target != null) {
            return json(request, target);
        }
        Matcher cbor = CBOR_PATH.matcher(request.rawPath());
        if (request.headers().contains("smithy-protocol") && cbor.matches()) {
            return cbor(request, cbor.group(1), cbor.group(2));
        }
        Target query = query(request, authorization);
        return query == null ? rest(request, authorization) : query;
    }

    /// An error, in the protocol that the client seems to speak.
    static final class RoutingError extends Exception {
        private static final long serialVersionUID = 1L;
        final transient CommonError error;
        final transient @Nullable ServiceModel service;
        final Protocol protocol;

        RoutingError(CommonError error, @Nullable ServiceModel service, Protocol protocol) {
            super(error.getMessage());
            this.error = error;
            this.service = service;
            this.protocol = protocol;
        }
    }

    private Target json(Request request, String target) throws RoutingError {
        int dot = target.lastIndexOf('.');
        String prefix = dot < 0 ? "" : target.substring(0, dot);
        Endpoint endpoint = byTarget.get(prefix);
        if (endpoint == null) {
            throw new RoutingError(unknown(), null, Protocol.AWS_JSON_1_0);
        }
        ServiceModel model = endpoint.service().model();
        Operation operation = model.operation(target.substring(dot + 1));
        Protocol protocol = jsonOrCbor(request, model);
        if (operation == null) {
            throw new RoutingError(unknown(), model, protocol);
        }
        return new Target(endpoint, operation, protocol, request);
    }

    private static Protocol jsonOrCbor(Request request, ServiceModel model) {
        boolean cbor = AwsCbor.CONTENT_TYPE.equals(request.headers().first("content-type"));
        return cbor && model.protocols().contains(Protocol.AWS_CBOR_1_1)
                ? Protocol.AWS_CBOR_1_1
                : model.protocols().getFirst();
    }

    private static CommonError unknown() {
        return new CommonError("UnknownOperationException", 400, null);
    }

    private Target cbor(Request request, String service, String name) throws RoutingError {
        Endpoint endpoint = byTarget.get(service);
        ServiceModel model = endpoint == null ? null : endpoint.service().model();
        Operation operation =
                model != null && model.protocols().contains(Protocol.RPC_V2_CBOR)
                        ? model.operation(name)
                        : null;
        if (endpoint == null || operation == null) {
            throw new RoutingError(unknown(), model, Protocol.RPC_V2_CBOR);
        }
        return new Target(endpoint, operation, Protocol.RPC_V2_CBOR, request);
    }

    private @Nullable Target query(Request request, @Nullable Authorization authorization)
            throws RoutingError {
        String type = request.headers().first("content-type");
        boolean form =
                request.method().equals("POST")
                        && type != null
                        && type.startsWith("application/x-www-form-urlencoded");
        boolean inQuery = request.rawQuery().contains("Action=");
        if (!form && !inQuery) {
            return null;
        }
        if (authorization != null && authorization.service().equals("s3")) {
            return null;
        }
        Request replayed = request;
        List<QueryParameter> parameters = new ArrayList<>(parameters(request.rawQuery()));
        if (form) {
            byte[] body = Bodies.read(request, Bodies.MAX_IN_MEMORY);
            replayed = request.withBody(ByteStream.of(Blob.wrap(body)));
            parameters.addAll(parameters(Blob.wrap(body).utf8().strip()));
        }
        String action = QueryParameter.first(parameters, "Action");
        Endpoint endpoint =
                queryService(authorization, QueryParameter.first(parameters, "Version"), action);
        if (endpoint == null) {
            if (action == null) {
                return null;
            }
            throw new RoutingError(invalidAction(action, ""), null, Protocol.AWS_QUERY);
        }
        ServiceModel model = endpoint.service().model();
        if (action == null) {
            throw new RoutingError(
                    new CommonError("MissingAction", 400, "Missing Action"),
                    model,
                    Protocol.AWS_QUERY);
        }
        Operation operation = model.operation(action);
        if (model.id().equals("sqs") && QUEUE_PATH.matcher(request.rawPath()).matches()) {
            return queue(endpoint, operation, action, replayed);
        }
        if (operation == null) {
            throw new RoutingError(
                    invalidAction(action, model.apiVersion()), model, Protocol.AWS_QUERY);
        }
        return new Target(endpoint, operation, Protocol.AWS_QUERY, replayed);
    }

    /// A request to a queue's own URL, which names the queue.
    private static Target queue(
            Endpoint endpoint, @Nullable Operation operation, String action, Request request)
            throws RoutingError {
        boolean named = action.equals("GetQueueUrl");
        if (operation == null || (operation.input().member("QueueUrl") == null && !named)) {
            throw new RoutingError(
                    new CommonError(
                            "InvalidAction",
                            400,
                            "The action " + action + " is not valid for this endpoint."),
                    endpoint.service().model(),
                    Protocol.AWS_QUERY);
        }
        String query = request.rawQuery();
        String url = "QueueUrl=" + request.rawPath().replace("/", "%2F");
        Request complete = request.withQuery(query.isEmpty() ? url : url + "&" + query);
        return new Target(endpoint, operation, Protocol.AWS_QUERY, complete);
    }

    private static CommonError invalidAction(String action, String version) {
        return new CommonError(
                "InvalidAction",
                400,
                "Could not find operation "
                        + action
                        + (version.isEmpty() ? "" : " for version " + version));
    }

    private static List<QueryParameter> parameters(String form) {
        try {
            return QueryParameter.parse(form);
        } catch (IllegalArgumentException e) {
            return List.of();
        }
    }

    /// By the signature's scope; for unsigned operations by the version of the API, or without one,
    /// as in the links of SNS's messages, by the operation if only one service has it.
    private @Nullable Endpoint queryService(
            @Nullable Authorization authorization,
            @Nullable String version,
            @Nullable String action) {
        if (authorization == null && version == null && action != null) {
            List<Endpoint> having =
                    byId.values().stream()
                            .filter(one -> one.service().model().operation(action) != null)
                            .toList();
            return having.size() == 1 ? having.getFirst() : null;
        }
        for (Endpoint endpoint : byId.values()) {
            ServiceModel model = endpoint.service().model();
            if (model.protocols().contains(Protocol.AWS_QUERY)
                    && (authorization == null
                            ? model.apiVersion().equals(version)
                            : model.signingName().equals(authorization.service()))) {
                return endpoint;
            }
        }
        return null;
    }

    private Target rest(Request request, @Nullable Authorization authorization)
            throws RoutingError {
        String id = restService(request, authorization);
        Endpoint endpoint = byId.get(id);
        if (endpoint == null) {
            throw new RoutingError(unknown(), null, Protocol.REST_JSON_1);
        }
        ServiceModel model = endpoint.service().model();
        Protocol protocol = model.protocols().getFirst();
        Request routed = id.equals("s3") ? inPathStyle(request) : request;
        Operation operation = routers.computeIfAbsent(id, _ -> new Router(model)).find(routed);
        if (operation == null) {
            throw new RoutingError(noRoute(id, request), model, protocol);
        }
        return new Target(endpoint, operation, protocol, routed);
    }

    private static CommonError noRoute(String id, Request request) {
        return id.equals("s3")
                ? new CommonError(
                        "MethodNotAllowed",
                        405,
                        "The specified method is not allowed against this resource.")
                : new CommonError(
                        "UnknownOperationException",
                        404,
                        "There is no operation " + request.method() + " " + request.rawPath());
    }

    private static String restService(Request request, @Nullable Authorization authorization) {
        if (authorization != null) {
            return switch (authorization.service()) {
                case "apigateway" -> "apigatewayv2";
                case "s3", "s3express" -> "s3";
                default -> authorization.service();
            };
        }
        if (LAMBDA_PATH.matcher(request.rawPath()).matches()) {
            return "lambda";
        }
        return request.rawPath().startsWith("/v2/apis") ? "apigatewayv2" : "s3";
    }

    /// S3, whose requests are known by nothing but their lack of anything else; null without it.
    @Nullable Endpoint s3() {
        return byId.get("s3");
    }

    /// A request for S3 with the bucket in its path, wherever it was.
    Request inPathStyle(Request request) {
        return request.withPath(pathStyle(request));
    }

    /// The path with the bucket that the host names before it.
    private String pathStyle(Request request) {
        String prefix = hosts.prefix(request.host());
        if (prefix == null || prefix.isEmpty()) {
            return request.rawPath();
        }
        Matcher matcher = BUCKET_HOST.matcher(prefix);
        if (matcher.matches()) {
            return "/" + matcher.group(1) + request.rawPath();
        }
        boolean service =
                prefix.equals("s3") || prefix.startsWith("s3.") || prefix.startsWith("s3-");
        return service ? request.rawPath() : "/" + prefix + request.rawPath();
    }
}
