package dev.freehold.services.apigateway;

import dev.freehold.api.apigatewayv2.Authorizer;
import dev.freehold.api.apigatewayv2.Integration;
import dev.freehold.api.apigatewayv2.Route;
import dev.freehold.api.apigatewayv2.Stage;
import dev.freehold.protocol.Request;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// APIs as they are served: their stages, and the routes that each deployed. Kept as long as
/// nothing changes: each request compares the generation that it was made at with the store's.
final class LiveApis {
    /// The most APIs that are kept.
    private static final int MAX_KEPT = 1_000;

    private final Store store;
    private final Map<String, Live> kept = new ConcurrentHashMap<>();

    LiveApis(Store store) {
        this.store = store;
    }

    /// A route with what it leads to.
    record LiveRoute(
            RouteKey key,
            Route route,
            @Nullable Integration integration,
            @Nullable Authorizer authorizer) {}

    /// @param stages by name
    /// @param routes of each stage, by its name
    record Live(
            long generation,
            ApiRow row,
            Map<String, Stage> stages,
            Map<String, List<LiveRoute>> routes) {}

    /// What a request has met.
    ///
    /// @param request as it came
    /// @param pathParameters the route's variables
    record Hit(
            ApiRow row,
            Stage stage,
            Request request,
            LiveRoute route,
            Map<String, String> pathParameters) {
        RouteKey key() {
            return route.key();
        }

        Map<String, String> variables() {
            return stage.stageVariables() == null ? Map.of() : stage.stageVariables();
        }

        /// The ARN of what was asked for: `API/STAGE/METHOD/PATH`, the path as it came.
        String requestArn() {
            String name = stage.stageName();
            String path = request.rawPath();
            String rest = name.equals("$default") ? path : path.substring(name.length() + 1);
            return row.executeArn(name + "/" + request.method() + (rest.isEmpty() ? "/" : rest));
        }

        /// The ARN of the route: `API/STAGE/METHOD/PATH`, the path with its variables' names.
        String arn() {
            String place =
                    key().isDefault()
                            ? "$default"
                            : key().method() + "/" + String.join("/", key().segments());
            return row.executeArn(stage.stageName() + "/" + place);
        }
    }

    /// The API with that id, or null when there is none.
    @Nullable Live find(String id) {
        return store.read(tx -> {
            long generation = ApiTables.generation(tx, id);
            Live known = kept.get(id);
            if (known != null && known.generation == generation) {
                return known;
            }
            ApiRow row = tx.peek(ApiTables.APIS, id);
            if (row == null) {
                kept.remove(id);
                return null;
            }
            Live live = read(tx, row, generation);
            if (kept.size() >= MAX_KEPT) {
                kept.clear();
            }
            kept.put(id, live);
            return live;
        });
    }

    private static Live read(Transaction tx, ApiRow row, long generation) {
        Map<String, Stage> stages = ApiTables.all(tx, ApiTables.STAGES, row.id(), ApiTables.DRAFT);
        Map<String, List<LiveRoute>> routes = new HashMap<>();
        stages.forEach((name, stage) -> {
            boolean edited = Boolean.TRUE.equals(stage.autoDeploy());
            String deployment = edited ? ApiTables.DRAFT : stage.deploymentId();
            routes.put(name, deployment == null ? List.of() : routes(tx, row.id(), deployment));
        });
        return new Live(generation, row, stages, routes);
    }

    private static List<LiveRoute> routes(Transaction tx, String api, String deployment) {
        Map<String, Integration> integrations =
                ApiTables.all(tx, ApiTables.INTEGRATIONS, api, deployment);
        Map<String, Authorizer> authorizers =
                ApiTables.all(tx, ApiTables.AUTHORIZERS, api, deployment);
        List<LiveRoute> routes = new ArrayList<>();
        for (Route route : ApiTables.all(tx, ApiTables.ROUTES, api, deployment).values()) {
            RouteKey key = RouteKey.parse(route.routeKey());
            if (key != null) {
                String target = String.valueOf(route.target());
                String integration = target.substring(target.lastIndexOf('/') + 1);
                String authorizer = route.authorizerId();
                routes.add(
                        new LiveRoute(
                                key,
                                route,
                                integrations.get(integration),
                                authorizer == null ? null : authorizers.get(authorizer)));
            }
        }
        return List.copyOf(routes);
    }

    /// The stage that a path leads to, or null: the one it begins with, else `$default`.
    static @Nullable Stage stage(Live live, String rawPath) {
        List<String> segments = RouteKey.segments(rawPath);
        Stage named = segments.isEmpty() ? null : live.stages.get(segments.getFirst());
        return named == null ? live.stages.get("$default") : named;
    }

    /// The route that takes a request, or null when none does.
    static @Nullable Hit hit(Live live, Stage stage, Request request) {
        String path = request.rawPath();
        String prefix = "/" + stage.stageName();
        if (!stage.stageName().equals("$default")) {
            path = path.substring(prefix.length());
        }
        List<String> segments = new ArrayList<>();
        for (String segment : RouteKey.segments(path.isEmpty() ? "/" : path)) {
            segments.add(decoded(segment));
        }
        LiveRoute best = null;
        Map<String, String> parameters = Map.of();
        for (LiveRoute candidate : live.routes.getOrDefault(stage.stageName(), List.of())) {
            if (best != null && !candidate.key.precedes(best.key)) {
                continue;
            }
            Map<String, String> found = candidate.key.match(request.method(), segments);
            if (found != null) {
                best = candidate;
                parameters = found;
            }
        }
        return best == null ? null : new Hit(live.row, stage, request, best, parameters);
    }

    private static String decoded(String segment) {
        try {
            return URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return segment;
        }
    }
}
