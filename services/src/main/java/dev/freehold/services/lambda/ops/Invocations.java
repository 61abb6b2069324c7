package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.InvalidRequestContentException;
import dev.freehold.api.lambda.InvokeAsyncRequest;
import dev.freehold.api.lambda.InvokeAsyncResponse;
import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.InvokeResponse;
import dev.freehold.api.lambda.InvokeWithResponseStreamRequest;
import dev.freehold.api.lambda.InvokeWithResponseStreamResponse;
import dev.freehold.api.lambda.RequestTooLargeException;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.sandbox.Engine;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.durable.Durables;
import dev.freehold.services.lambda.events.AsyncEvents;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.run.Answer;
import dev.freehold.services.lambda.run.Call;
import dev.freehold.services.lambda.run.Invoker;
import dev.freehold.services.lambda.run.Lineage;
import dev.freehold.services.lambda.run.Streamed;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Invocations, of all types.
public final class Invocations {
    private static final int MAX_SYNCHRONOUS = 6 * 1024 * 1024;
    private static final int MAX_ASYNCHRONOUS = 1024 * 1024;
    private static final int MAX_CONTEXT = 3583;

    private final Invoker invoker;
    private final AsyncEvents events;
    private final Durables durables;

    public Invocations(Invoker invoker, AsyncEvents events, Durables durables) {
        this.invoker = invoker;
        this.events = events;
        this.durables = durables;
    }

    public InvokeResponse invoke(InvokeRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        String type = in.invocationType() == null ? "RequestResponse" : in.invocationType();
        byte[] payload = in.payload() == null ? new byte[0] : in.payload().bytes();
        check(payload, type);
        Call call =
                new Call(
                        name,
                        payload,
                        context(in.clientContext()),
                        Lineage.of(caller),
                        in.tenantId());
        return switch (type) {
            case "DryRun" -> {
                Lookup.Found found = invoker.runnable(name);
                yield InvokeResponse.builder()
                        .statusCode(204)
                        .executedVersion(found.key().version())
                        .build();
            }
            case "Event" -> {
                String execution = accept(call, in.durableExecutionName(), caller);
                yield InvokeResponse.builder()
                        .statusCode(202)
                        .durableExecutionArn(execution)
                        .build();
            }
            default -> {
                boolean tail = "Tail".equals(in.logType());
                yield answered(run(call, in.durableExecutionName(), tail, caller), tail);
            }
        };
    }

    /// The same, with an answer that is sent while the function writes it.
    public InvokeWithResponseStreamResponse stream(
            InvokeWithResponseStreamRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        byte[] payload = in.payload() == null ? new byte[0] : in.payload().bytes();
        check(payload, "RequestResponse");
        Call call =
                new Call(
                        name,
                        payload,
                        context(in.clientContext()),
                        Lineage.of(caller),
                        in.tenantId());
        if ("DryRun".equals(in.invocationType())) {
            Lookup.Found found = invoker.runnable(name);
            return InvokeWithResponseStreamResponse.builder()
                    .statusCode(204)
                    .executedVersion(found.key().version())
                    .build();
        }
        boolean tail = "Tail".equals(in.logType());
        Streamed streamed =
                invoker.stream(call, caller, tail ? Engine.Until.ENDED : Engine.Until.ANSWERED);
        return InvokeWithResponseStreamResponse.builder()
                .statusCode(200)
                .executedVersion(streamed.version())
                .eventStream(new ResponseEvents(streamed.answer(), tail))
                .build();
    }

    private Answer run(Call call, @Nullable String execution, boolean tail, Caller caller) {
        if (execution != null) {
            return durables.run(call, execution, durable(call), caller);
        }
        // The end of the log is there when the invocation has ended.
        return tail ? invoker.invoke(call, caller) : invoker.answer(call, caller);
    }

    /// Takes an event.
    ///
    /// @param execution the name of its durable execution, or null
    /// @return the ARN of its durable execution, or null when its function is not durable
    private @Nullable String accept(Call call, @Nullable String execution, Caller caller) {
        Lookup.Found found = execution == null ? invoker.routed(call.name()) : durable(call);
        if (Durables.durable(found)) {
            return durables.accept(call, execution, found, caller);
        }
        events.accept(call, caller);
        return null;
    }

    private Lookup.Found durable(Call call) {
        Lookup.Found found = invoker.routed(call.name());
        if (!Durables.durable(found)) {
            throw Errors.invalid(
                    "DurableExecutionName is not supported for functions that are not durable.");
        }
        return found;
    }

    private static InvokeResponse answered(Answer answer, boolean tail) {
        return InvokeResponse.builder()
                .statusCode(200)
                .functionError(answer.result().failed() ? "Unhandled" : null)
                .logResult(tail ? base64(answer.result().logTail()) : null)
                .payload(Blob.wrap(answer.result().payload()))
                .executedVersion(answer.version())
                .durableExecutionArn(answer.execution())
                .build();
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String context(@Nullable String base64) {
        if (base64 == null) {
            return null;
        }
        if (base64.length() > MAX_CONTEXT) {
            throw new InvalidRequestContentException(
                    "Client context must be no more than " + MAX_CONTEXT + " bytes.");
        }
        try {
            String text = Blob.ofBase64(base64).utf8();
            Json.read(text);
            return text;
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestContentException(
                    "Client context must be a valid Base64-encoded JSON object.");
        }
    }

    private static void check(byte[] payload, String type) {
        int limit = type.equals("Event") ? MAX_ASYNCHRONOUS : MAX_SYNCHRONOUS;
        if (payload.length > limit) {
            throw new RequestTooLargeException(
                    payload.length
                            + " byte payload is too large for the "
                            + type
                            + " invocation type (limit "
                            + limit
                            + " bytes)",
                    RequestTooLargeException.Members.builder().type("User").build());
        }
        if (payload.length == 0) {
            return;
        }
        try {
            Json.read(payload);
        } catch (IllegalArgumentException e) {
            throw new InvalidRequestContentException(
                    "Could not parse request body into json: " + e.getMessage(),
                    InvalidRequestContentException.Members.builder().type("User").build());
        }
    }

    /// The older operation: an event whatever it says.
    public InvokeAsyncResponse invokeAsync(InvokeAsyncRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), null, caller);
        try (InputStream args = in.invokeArgs().open()) {
            byte[] payload = args.readNBytes(MAX_ASYNCHRONOUS + 1);
            check(payload, "Event");
            accept(new Call(name, payload, null, Lineage.of(caller)), null, caller);
            return InvokeAsyncResponse.builder().status(202).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
