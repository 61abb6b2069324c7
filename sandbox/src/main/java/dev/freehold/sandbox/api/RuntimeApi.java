package dev.freehold.sandbox.api;

import dev.freehold.sandbox.api.HttpConnection.Head;
import dev.freehold.sandbox.api.Lifecycle.State;
import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The Lambda Runtime API, version 2018-06-01, of one environment: paths, states and errors are
/// those of AWS's own, also where its documentation does not name them.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html>.
public final class RuntimeApi implements AutoCloseable {
    /// The largest answer that is not streamed, in bytes, as AWS counts: 6 MiB and 100 bytes for
    /// its envelope.
    public static final int MAX_RESPONSE = 6 * 1024 * 1024 + 100;

    /// More than a runtime with extensions has; others are not answered.
    private static final int MAX_CONNECTIONS = 64;

    private static final String INVOCATION = "/2018-06-01/runtime/invocation/";
    private static final Pattern ANSWER =
            Pattern.compile(Pattern.quote(INVOCATION) + "([^/]+)/(response|error)");

    private static final String INIT_ERROR = "/2018-06-01/runtime/init/error";

    /// The hooks of SnapStart: only functions that have it find them.
    private static final String RESTORE = "/2018-06-01/runtime/restore/";

    private final ServerSocketChannel server;
    private final RuntimeEvents events;
    private final ExtensionsApi extensions;
    private final Lifecycle lifecycle;
    private final boolean snapStart;
    private final Semaphore places = new Semaphore(MAX_CONNECTIONS);
    private final Set<HttpConnection> open = ConcurrentHashMap.newKeySet();

    /// Who speaks by it.
    ///
    /// @param runtime whether the runtime does; else only extensions do
    /// @param snapStart whether it can wait for its restore
    /// @param telemetry hears what extensions subscribe to
    public record Parties(
            boolean runtime,
            boolean snapStart,
            Extensions extensions,
            ExtensionEvents telemetry,
            FunctionIdentity function) {}

    /// Serves until it is closed.
    ///
    /// @param server listens where the runtime's environment leads to
    public RuntimeApi(ServerSocketChannel server, RuntimeEvents events, Parties parties) {
        this.server = server;
        this.events = events;
        this.lifecycle = new Lifecycle(parties.runtime ? State.STARTED : State.RUNNING);
        this.snapStart = parties.snapStart;
        this.extensions =
                new ExtensionsApi(parties.extensions, parties.telemetry, parties.function);
        Thread.ofVirtual().name("runtime-api").start(this::accept);
    }

    /// Hands an invocation to the runtime: at once if it asks for one, else when it does.
    public void offer(Work work) {
        lifecycle.offer(work);
    }

    /// Takes an invocation back.
    ///
    /// @return whether the runtime has not seen it
    public boolean withdraw() {
        return lifecycle.withdraw();
    }

    /// Whether the runtime has nothing to do: it asks for an invocation, or to be restored.
    public boolean idle() {
        State state = lifecycle.state();
        return state == State.READY || state == State.RESTORE_READY;
    }

    /// Tells the runtime that it is restored.
    ///
    /// @return whether it waits for that; not every runtime has hooks
    public boolean restore() {
        return lifecycle.move(State.RESTORING);
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel channel = server.accept();
                if (places.tryAcquire()) {
                    HttpConnection connection = new HttpConnection(channel);
                    open.add(connection);
                    Thread.ofVirtual().name("runtime-api").start(() -> serve(connection));
                } else {
                    channel.close();
                }
            }
        } catch (IOException e) {
            lifecycle.close();
        }
    }

    private void serve(HttpConnection connection) {
        try (connection) {
            for (Head head = connection.read(); head != null; head = connection.read()) {
                route(connection, head);
            }
        } catch (BadRequestException e) {
            refuse(connection, e);
        } catch (IOException e) {
            // the runtime is gone; its process ends, or it connects again
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(connection);
            places.release();
        }
    }

    private static void refuse(HttpConnection connection, BadRequestException cause) {
        try (connection) {
            connection.last();
            Answers.error(connection, 400, "BadRequest", String.valueOf(cause.getMessage()));
        } catch (IOException e) {
            // it does not listen
        }
    }

    private static byte[] errorJson(String type, String message) {
        String json = "{\"errorMessage\":\"" + message + "\",\"errorType\":\"" + type + "\"}\n";
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private void route(HttpConnection connection, Head head)
            throws IOException, InterruptedException {
        String target = head.target();
        if (ExtensionsApi.has(target)) {
            extensions.serve(connection, head);
            return;
        }
        Matcher answer = ANSWER.matcher(target);
        String wanted = answer.matches() ? "POST" : method(target);
        if (wanted.isEmpty()) {
            connection.skip();
            text(connection, 404, "404 page not found\n");
        } else if (!head.method().equals(wanted)) {
            connection.skip();
            text(connection, 405, "");
        } else if (target.startsWith(RESTORE)) {
            restore(connection, head);
        } else if (wanted.equals("GET")) {
            next(connection);
        } else if (!answer.matches()) {
            initError(connection, head);
        } else if (!lifecycle.runs(answer.group(1))) {
            connection.skip();
            Answers.error(connection, 400, "InvalidRequestID", "Invalid request ID");
        } else if (answer.group(2).equals("error")) {
            failed(connection, head);
        } else {
            respond(connection, head);
        }
    }

    /// How a path that is always the same is called; empty when there is none.
    private String method(String target) {
        return switch (target) {
            case INVOCATION + "next" -> "GET";
            case INIT_ERROR -> "POST";
            case RESTORE + "next" -> snapStart ? "GET" : "";
            case RESTORE + "error" -> snapStart ? "POST" : "";
            default -> "";
        };
    }

    private static void text(HttpConnection connection, int status, String text)
            throws IOException {
        connection.answer(
                status,
                Map.of("Content-Type", "text/plain; charset=utf-8"),
                text.getBytes(StandardCharsets.UTF_8));
    }

    private boolean moved(HttpConnection connection, State to) throws IOException {
        State from = lifecycle.state();
        if (lifecycle.move(to)) {
            return true;
        }
        connection.skip();
        Answers.error(
                connection,
                403,
                "InvalidStateTransition",
                "State transition from "
                        + from.text
                        + " to "
                        + to.text
                        + " failed for runtime. Error: State transition is not allowed");
        return false;
    }

    private void next(HttpConnection connection) throws IOException, InterruptedException {
        connection.skip();
        if (!moved(connection, State.READY)) {
            return;
        }
        events.asks();
        Work work = lifecycle.take();
        if (work == null) {
            throw new EOFException();
        }
        connection.answer(200, work.headers(), work.payload());
    }

    private void restore(HttpConnection connection, Head head)
            throws IOException, InterruptedException {
        if (head.method().equals("POST")) {
            if (moved(connection, State.RESTORE_ERROR)) {
                events.restoreFailed(error(connection.body(MAX_RESPONSE), head));
                Answers.accepted(connection);
            }
            return;
        }
        connection.skip();
        if (!moved(connection, State.RESTORE_READY)) {
            return;
        }
        events.asksForRestore();
        if (!lifecycle.awaitRestore()) {
            throw new EOFException();
        }
        connection.answer(200, Map.of(), new byte[0]);
    }

    private void initError(HttpConnection connection, Head head) throws IOException {
        if (moved(connection, State.INIT_ERROR)) {
            byte[] error = error(connection.body(MAX_RESPONSE), head);
            events.initFailed(error);
            Answers.accepted(connection);
        }
    }

    /// An error as the caller gets it: what the runtime wrote, or else what its header says.
    private static byte[] error(byte @Nullable [] body, Head head) {
        if (body != null && body.length > 0) {
            return body;
        }
        String type = head.header("lambda-runtime-function-error-type").replaceAll("[^\\w.]", "");
        return errorJson(type.isEmpty() ? "Runtime.Unknown" : type, "");
    }

    private void failed(HttpConnection connection, Head head) throws IOException {
        if (!moved(connection, State.FAILING)) {
            return;
        }
        byte[] body = connection.body(MAX_RESPONSE);
        sent();
        events.failed(error(body, head));
        Answers.accepted(connection);
    }

    private void sent() {
        if (!lifecycle.move(State.SENT)) {
            throw new IllegalStateException("an answer that nobody began");
        }
    }

    private void respond(HttpConnection connection, Head head) throws IOException {
        if (!moved(connection, State.RESPONDING)) {
            return;
        }
        String mode = head.header("lambda-runtime-function-response-mode");
        // AWS's client for Go streams without saying so; its trailers tell.
        boolean trailers = !head.header("trailer").isEmpty();
        if (mode.isEmpty() && !trailers) {
            whole(connection);
        } else if (mode.isEmpty() || mode.equals("streaming")) {
            stream(connection, head);
        } else {
            connection.skip();
            sent();
            events.failed(errorJson("Runtime.InvalidResponseModeHeader", ""));
            Answers.error(
                    connection,
                    400,
                    "InvalidFunctionResponseMode",
                    "Invalid function response mode");
        }
    }

    private void whole(HttpConnection connection) throws IOException {
        byte[] body;
        try {
            body = connection.body(MAX_RESPONSE);
        } catch (IOException e) {
            sent();
            events.failed(errorJson("Runtime.TruncatedResponse", ""));
            throw e;
        }
        sent();
        if (body == null) {
            events.failed(
                    errorJson(
                            "Function.ResponseSizeTooLarge",
                            "Response payload size exceeded maximum allowed payload size ("
                                    + MAX_RESPONSE
                                    + " bytes)."));
            Answers.error(
                    connection,
                    413,
                    "RequestEntityTooLarge",
                    "Exceeded maximum allowed payload size (" + MAX_RESPONSE + " bytes).");
            return;
        }
        events.answered(body);
        Answers.accepted(connection);
    }

    private void stream(HttpConnection connection, Head head) throws IOException {
        String contentType = head.header("content-type");
        events.streams(contentType.isEmpty() ? "application/octet-stream" : contentType);
        try {
            for (byte[] part = connection.part(); part != null; part = connection.part()) {
                events.streamed(part);
            }
        } catch (IOException e) {
            sent();
            events.streamEnded(errorJson("Runtime.TruncatedResponse", ""));
            throw e;
        }
        sent();
        events.streamEnded(trailed(connection.trailers()));
        Answers.accepted(connection);
    }

    /// The error that a function's trailers tell; empty when they tell none.
    private static byte[] trailed(Map<String, String> trailers) {
        String type = trailers.getOrDefault("lambda-runtime-function-error-type", "");
        if (type.isEmpty()) {
            return new byte[0];
        }
        String body = trailers.getOrDefault("lambda-runtime-function-error-body", "");
        try {
            byte[] decoded = Base64.getDecoder().decode(body);
            return error(decoded, new Head("", "", trailers));
        } catch (IllegalArgumentException e) {
            return error(null, new Head("", "", trailers));
        }
    }

    @Override
    public void close() {
        try {
            server.close();
            for (HttpConnection connection : open) {
                connection.close();
            }
        } catch (IOException e) {
            // it is gone, as it should be
        }
        lifecycle.close();
    }
}
