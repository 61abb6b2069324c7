package dev.freehold.sandbox.telemetry;

import dev.freehold.sandbox.json.Json;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// What an extension subscribes to, and where it listens.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/telemetry-api-reference.html>.
///
/// @param types in the order of [Category]
public record Subscription(
        Api api, String schemaVersion, Set<Category> types, Buffering buffering, Target target) {
    static final String NEWER_LOGS_SCHEMA = "2021-03-18";

    /// The first schema in which records of JSON logs are objects.
    private static final String OBJECT_SCHEMA = "2022-12-13";

    private static final List<String> TELEMETRY_SCHEMAS =
            List.of("2022-07-01", OBJECT_SCHEMA, "2025-01-29");
    private static final List<String> LOGS_SCHEMAS = List.of("2020-08-15", NEWER_LOGS_SCHEMA);

    /// Lambda keeps the port of its own APIs.
    private static final int RESERVED_PORT = 9001;

    private static final int MAX_PORT = 65_535;

    /// When a batch is delivered: when it has so many items or bytes, or has waited that long.
    record Buffering(int maxItems, int maxBytes, Duration timeout) {}

    /// Where an extension listens, on the loopback of its environment.
    ///
    /// @param method `POST` or `PUT`; null by TCP
    /// @param path of HTTP
    record Target(int port, @Nullable String method, String path) {}

    /// A request that is not valid; the message lists why.
    public static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1L;

        InvalidException(String message) {
            super(message);
        }
    }

    /// Reads a request.
    ///
    /// @throws InvalidException when it lacks something, or has what there is not
    public static Subscription parse(Api api, byte[] body) throws InvalidException {
        Object json;
        try {
            json = Json.read(body);
        } catch (IllegalArgumentException e) {
            throw new InvalidException("Failed to parse the request body as JSON");
        }
        if (!(json instanceof Map<?, ?> request)) {
            throw new InvalidException("Failed to parse the request body as JSON");
        }
        Reader reader = new Reader();
        Subscription subscription =
                new Subscription(
                        api,
                        reader.schema(api, request.get("schemaVersion")),
                        reader.types(request.get("types")),
                        reader.buffering(request.get("buffering")),
                        reader.target(request.get("destination")));
        if (!reader.problems.isEmpty()) {
            throw new InvalidException(String.join("; ", reader.problems));
        }
        return subscription;
    }

    /// Reads the parts of a request, and collects what is wrong with them.
    private static final class Reader {
        private final List<String> problems = new ArrayList<>();

        private String schema(Api api, @Nullable Object value) {
            List<String> known = api == Api.TELEMETRY ? TELEMETRY_SCHEMAS : LOGS_SCHEMAS;
            if (value == null && api == Api.LOGS) {
                return known.getFirst();
            }
            if (value == null) {
                problems.add("schemaVersion is not provided");
            } else if (!known.contains(value)) {
                problems.add("schemaVersion should be one of " + known);
            }
            return String.valueOf(value);
        }

        private Set<Category> types(@Nullable Object value) {
            Set<Category> types = EnumSet.noneOf(Category.class);
            List<?> names = value instanceof List<?> list ? list : List.of();
            for (Object name : names) {
                Category type = Category.of(name);
                if (type == null) {
                    problems.add("types should be of platform, function, extension");
                } else {
                    types.add(type);
                }
            }
            if (names.isEmpty()) {
                problems.add("types should not be empty");
            }
            return types;
        }

        private Buffering buffering(@Nullable Object value) {
            if (value != null && !(value instanceof Map<?, ?>)) {
                problems.add("buffering should be an object");
            }
            Map<?, ?> given = value instanceof Map<?, ?> map ? map : Map.of();
            return new Buffering(
                    within(given, "maxItems", 10_000, 1_000, 10_000),
                    within(given, "maxBytes", 262_144, 262_144, 1_048_576),
                    Duration.ofMillis(within(given, "timeoutMs", 1_000, 25, 30_000)));
        }

        private int within(Map<?, ?> given, String name, int fallback, int least, int most) {
            Object value = given.get(name);
            if (value == null) {
                return fallback;
            }
            if (value instanceof Long number && number >= least && number <= most) {
                return number.intValue();
            }
            problems.add(name + " should be between " + least + " and " + most);
            return fallback;
        }

        private Target target(@Nullable Object value) {
            if (value instanceof Map<?, ?> destination) {
                Object protocol = destination.get("protocol");
                if ("HTTP".equals(protocol)) {
                    return http(destination);
                }
                if ("TCP".equals(protocol)) {
                    Object port = destination.get("port");
                    return new Target(
                            port("port", port instanceof Long given ? given : -1), null, "");
                }
                problems.add(
                        protocol == null
                                ? "destination protocol is not provided"
                                : "destination protocol should be HTTP or TCP");
            } else {
                problems.add("destination is not provided");
            }
            return new Target(0, null, "");
        }

        private Target http(Map<?, ?> destination) {
            Object method = destination.get("method");
            if (method != null && !method.equals("POST") && !method.equals("PUT")) {
                problems.add("destination method should be POST or PUT");
            }
            Object encoding = destination.get("encoding");
            if (encoding != null && !encoding.equals("JSON")) {
                problems.add("destination encoding should be JSON");
            }
            URI uri = uri(destination.get("URI"));
            if (uri == null) {
                return new Target(0, null, "");
            }
            String host = String.valueOf(uri.getHost());
            if (!"http".equals(uri.getScheme())) {
                problems.add("URI scheme should be http");
            }
            if (!host.equals("sandbox") && !host.equals("sandbox.localdomain")) {
                problems.add("URI host should be sandbox.localdomain");
            }
            String path = uri.getRawPath() == null || uri.getRawPath().isEmpty() ? "/" : null;
            path = path == null ? uri.getRawPath() : path;
            String query = uri.getRawQuery() == null ? "" : "?" + uri.getRawQuery();
            return new Target(
                    port("URI port", uri.getPort()),
                    method == null ? "POST" : method.toString(),
                    path + query);
        }

        private @Nullable URI uri(@Nullable Object value) {
            if (!(value instanceof String text) || text.isEmpty()) {
                problems.add("URI is not provided");
                return null;
            }
            try {
                return new URI(text);
            } catch (URISyntaxException e) {
                problems.add("URI is not valid");
                return null;
            }
        }

        private int port(String name, long port) {
            if (port < 0) {
                problems.add(name + " is not provided");
            } else if (port == 0 || port > MAX_PORT) {
                problems.add(name + " should be between 1 and " + MAX_PORT);
            } else if (port == RESERVED_PORT) {
                problems.add("port " + RESERVED_PORT + " is reserved");
            }
            return (int) port;
        }
    }

    /// The types as requests name them.
    public List<String> typeNames() {
        return types.stream().map(Category::text).toList();
    }

    /// An event as this subscriber gets it; null when it does not.
    @Nullable TelemetryEvent adapt(TelemetryEvent event) {
        if (!types.contains(event.category()) || !api.tells(event.type(), schemaVersion)) {
            return null;
        }
        boolean objects = api == Api.TELEMETRY && schemaVersion.compareTo(OBJECT_SCHEMA) >= 0;
        return event.record() instanceof Json.Raw raw && !objects
                ? event.withRecord(raw.text())
                : event;
    }
}
