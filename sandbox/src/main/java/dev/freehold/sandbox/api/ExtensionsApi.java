package dev.freehold.sandbox.api;

import dev.freehold.sandbox.api.Extension.Event;
import dev.freehold.sandbox.api.Extension.State;
import dev.freehold.sandbox.api.HttpConnection.Head;
import dev.freehold.sandbox.json.Json;
import dev.freehold.sandbox.telemetry.Api;
import dev.freehold.sandbox.telemetry.Subscription;
import java.io.EOFException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The Lambda Extensions API, version 2020-01-01, and the Telemetry and Logs APIs, of one
/// environment.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-extensions-api.html>.
final class ExtensionsApi {
    /// The largest body that is read: subscriptions and error reports are small.
    private static final int MAX_BODY = 256 * 1024;

    private static final String ID = "lambda-extension-identifier";
    private static final String ERROR_TYPE = "Lambda-Extension-Function-Error-Type";

    private static final Pattern UUID =
            Pattern.compile("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", Pattern.CASE_INSENSITIVE);

    private static final Map<String, String> JSON = Map.of("Content-Type", "application/json");

    private final Extensions extensions;
    private final ExtensionEvents events;
    private final FunctionIdentity function;

    ExtensionsApi(Extensions extensions, ExtensionEvents events, FunctionIdentity function) {
        this.extensions = extensions;
        this.events = events;
        this.function = function;
    }

    /// The calls.
    private enum Call {
        REGISTER("POST", "/2020-01-01/extension/register"),
        NEXT("GET", "/2020-01-01/extension/event/next"),
        INIT_ERROR("POST", "/2020-01-01/extension/init/error"),
        EXIT_ERROR("POST", "/2020-01-01/extension/exit/error"),
        LOGS("PUT", "/2020-08-15/logs"),
        TELEMETRY("PUT", "/2022-07-01/telemetry");

        private final String method;
        private final String path;

        Call(String method, String path) {
            this.method = method;
            this.path = path;
        }
    }

    /// Whether that is one of its paths.
    static boolean has(String path) {
        return find(path) != null;
    }

    private static @Nullable Call find(String path) {
        for (Call call : Call.values()) {
            if (call.path.equals(path)) {
                return call;
            }
        }
        return null;
    }

    /// Answers a call of one of its paths.
    void serve(HttpConnection connection, Head head) throws IOException, InterruptedException {
        Call call = find(head.target());
        if (call == null) {
            throw new IllegalArgumentException(head.target());
        }
        byte[] body = connection.body(MAX_BODY);
        if (!head.method().equals(call.method)) {
            connection.answer(405, Map.of(), new byte[0]);
            return;
        }
        if (body == null) {
            String most = "Exceeded maximum allowed payload size (" + MAX_BODY + " bytes).";
            Answers.error(connection, 413, "RequestEntityTooLarge", most);
            return;
        }
        try {
            switch (call) {
                case REGISTER -> register(connection, head, body);
                case NEXT -> next(connection, head);
                case INIT_ERROR -> error(connection, head, State.INIT_ERROR);
                case EXIT_ERROR -> error(connection, head, State.EXIT_ERROR);
                case LOGS -> subscribe(connection, head, Api.LOGS, body);
                case TELEMETRY -> subscribe(connection, head, Api.TELEMETRY, body);
            }
        } catch (RefusedException e) {
            Answers.error(connection, 403, e.type, String.valueOf(e.getMessage()));
        }
    }

    private void register(HttpConnection connection, Head head, byte[] body)
            throws IOException, RefusedException {
        String name = head.header("lambda-extension-name");
        if (name.isEmpty()) {
            throw new RefusedException("Extension.InvalidExtensionName", "Empty extension name");
        }
        String id = extensions.register(name, wanted(body));
        Map<String, Object> answer = new LinkedHashMap<>();
        boolean asks = false;
        for (String feature : head.header("lambda-extension-accept-feature").split(",", -1)) {
            asks |= feature.strip().equals("accountId");
        }
        if (asks && !function.account().isEmpty()) {
            answer.put("accountId", function.account());
        }
        answer.put("functionName", function.name());
        answer.put("functionVersion", function.version());
        answer.put("handler", function.handler());
        connection.answer(
                200,
                Map.of("Lambda-Extension-Identifier", id, "Content-Type", "application/json"),
                Answers.line(answer));
    }

    /// The events that a request names. Names of members are in any case, as AWS reads them.
    private static List<String> wanted(byte[] body) throws RefusedException {
        if (body.length == 0) {
            throw malformed("unexpected end of JSON input");
        }
        Object json;
        try {
            json = Json.read(body);
        } catch (IllegalArgumentException e) {
            throw malformed(String.valueOf(e.getMessage()));
        }
        if (json == null) {
            return List.of();
        }
        if (!(json instanceof Map<?, ?> request)) {
            throw malformed("json: cannot unmarshal it into an object");
        }
        if (member(request, "configurationKeys") instanceof List<?> keys && !keys.isEmpty()) {
            throw malformed("configurationKeys are deprecated; use environment variables instead");
        }
        Object events = member(request, "events");
        if (events == null) {
            return List.of();
        }
        if (!(events instanceof List<?> list)
                || list.stream().anyMatch(each -> !(each instanceof String))) {
            throw malformed("json: cannot unmarshal events into an array of strings");
        }
        return list.stream().map(String::valueOf).toList();
    }

    private static RefusedException malformed(String message) {
        return new RefusedException("InvalidRequestFormat", message);
    }

    private static @Nullable Object member(Map<?, ?> object, String name) {
        for (Map.Entry<?, ?> entry : object.entrySet()) {
            if (name.equalsIgnoreCase(String.valueOf(entry.getKey()))) {
                return entry.getValue();
            }
        }
        return null;
    }

    private static String id(Head head) throws RefusedException {
        String id = head.header(ID);
        if (id.isEmpty()) {
            throw new RefusedException(
                    "Extension.MissingExtensionIdentifier",
                    "Missing Lambda-Extension-Identifier header");
        }
        if (!UUID.matcher(id).matches()) {
            throw new RefusedException(
                    "Extension.InvalidExtensionIdentifier", "Invalid Lambda-Extension-Identifier");
        }
        return id.toLowerCase(Locale.ROOT);
    }

    private void next(HttpConnection connection, Head head)
            throws IOException, InterruptedException, RefusedException {
        Event event = extensions.next(id(head));
        if (event == null) {
            throw new EOFException();
        }
        connection.answer(
                200,
                Map.of(
                        "Lambda-Extension-Event-Identifier",
                        event.id(),
                        "Content-Type",
                        "application/json"),
                event.json());
    }

    private void error(HttpConnection connection, Head head, State as)
            throws IOException, RefusedException {
        String id = id(head);
        String type = head.header(ERROR_TYPE.toLowerCase(Locale.ROOT));
        if (type.isEmpty()) {
            throw new RefusedException("Extension.MissingHeader", ERROR_TYPE + " not found");
        }
        extensions.fail(id, as, type);
        Answers.accepted(connection);
    }

    private void subscribe(HttpConnection connection, Head head, Api api, byte[] body)
            throws IOException, RefusedException {
        String name = extensions.name(id(head));
        Subscription subscription;
        try {
            subscription = Subscription.parse(api, body);
        } catch (Subscription.InvalidException e) {
            Answers.error(connection, 400, api.invalid, String.valueOf(e.getMessage()));
            return;
        }
        switch (events.subscribes(name, subscription)) {
            case SUBSCRIBED -> said(connection, "\"OK\"");
            // AWS writes it so.
            case ALREADY -> said(connection, "\"AlreadySubcribed\"");
            case OTHER_API ->
                    Answers.error(
                            connection,
                            400,
                            api.invalid,
                            "The extension has subscribed by the other of the Telemetry API and"
                                    + " the Logs API");
            case CLOSED ->
                    throw new RefusedException(
                            api.text + ".SubscriptionClosed",
                            api.text + " API subscription is closed already");
        }
    }

    private static void said(HttpConnection connection, String json) throws IOException {
        connection.answer(200, JSON, json.getBytes(StandardCharsets.UTF_8));
    }
}
