package dev.freehold.protocol.rest;

import dev.freehold.protocol.Member;
import dev.freehold.protocol.Operation;
import dev.freehold.protocol.QueryParameter;
import dev.freehold.protocol.Request;
import dev.freehold.protocol.ServiceModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the operation of a REST service that a request is for: by method and path, and among those
/// that share them by literal query parameters, then by the parameters and headers that an
/// operation requires.
public final class Router {
    /// Operations that share all of another's address, and are called at hosts of their own: S3's
    /// list of directory buckets looks like its list of buckets.
    private static final Set<String> ELSEWHERE = Set.of("ListDirectoryBuckets");

    private final Map<String, List<Route>> byMethod = new HashMap<>();

    /// What an operation can't do without.
    private record Required(List<String> query, List<String> headers) {
        static Required of(Operation operation) {
            List<String> query = new ArrayList<>();
            List<String> headers = new ArrayList<>();
            for (Member member : operation.input().members()) {
                if (member.required() && member.location() == Member.Location.QUERY) {
                    query.add(member.wireName());
                } else if (member.required() && member.location() == Member.Location.HEADER) {
                    headers.add(member.wireName());
                }
            }
            return new Required(query, headers);
        }
    }

    /// A way to an operation. What it requires is found out when a request fits the rest: the
    /// shapes of a hundred operations that nobody calls cost the first request 70 ms.
    private static final class Route {
        final Operation operation;
        final PathPattern pattern;
        private volatile @Nullable Required required;

        Route(Operation operation) {
            this.operation = operation;
            this.pattern = new PathPattern(operation.http().uri());
        }

        Required required() {
            Required known = required;
            if (known == null) {
                known = Required.of(operation);
                required = known;
            }
            return known;
        }
    }

    public Router(ServiceModel service) {
        for (Operation operation : service.operations()) {
            if (!ELSEWHERE.contains(operation.name())) {
                byMethod.computeIfAbsent(operation.http().method(), _ -> new ArrayList<>())
                        .add(new Route(operation));
            }
        }
    }

    /// The operation, or null when none is there.
    public @Nullable Operation find(Request request) {
        List<QueryParameter> query = request.query();
        Route best = null;
        int bestRank = -1;
        for (Route route : byMethod.getOrDefault(request.method(), List.of())) {
            int rank = rank(route, request, query);
            if (rank >= bestRank && rank >= 0) {
                best = route;
                bestRank = rank;
            }
        }
        return best == null ? null : best.operation;
    }

    /// How specific a route is for a request, or negative when it is not for it. A parameter that
    /// is required but missing only lowers the rank: the operation itself answers what is missing.
    private static int rank(Route route, Request request, List<QueryParameter> query) {
        if (route.pattern.match(request.rawPath()) == null) {
            return -1;
        }
        for (QueryParameter literal : route.pattern.literals()) {
            String value = QueryParameter.first(query, literal.name());
            if (value == null || (!literal.value().isEmpty() && !literal.value().equals(value))) {
                return -1;
            }
        }
        int rank =
                1_000
                        + 100 * route.pattern.literals().size()
                        + 300 * route.pattern.literalSegments();
        for (String name : route.required().query()) {
            rank += QueryParameter.first(query, name) == null ? -50 : 20;
        }
        for (String name : route.required().headers()) {
            rank += request.headers().contains(name) ? 10 : -20;
        }
        return rank;
    }
}
