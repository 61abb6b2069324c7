package dev.freehold.services.lambda.ops;

import dev.freehold.api.lambda.InvalidRequestContentException;
import dev.freehold.api.lambda.InvokeAsyncRequest;
import dev.freehold.api.lambda.InvokeAsyncResponse;
import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.InvokeResponse;
import dev.freehold.api.lambda.RequestTooLargeException;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.events.AsyncEvents;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.run.Answer;
import dev.freehold.services.lambda.run.Call;
import dev.freehold.services.lambda.run.Invoker;
import dev.freehold.services.lambda.run.Lineage;
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

    public Invocations(Invoker invoker, AsyncEvents events) {
        this.invoker = invoker;
        this.events = events;
    }

    public InvokeResponse invoke(InvokeRequest in, Caller caller) {
        FunctionName name = FunctionName.parse(in.functionName(), in.qualifier(), caller);
        String type = in.invocationType() == null ? "RequestResponse" : in.invocationType();
        if (in.durableExecutionName() != null) {
            throw new NotImplementedError("Durable executions of Lambda");
        }
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
                events.accept(call, caller);
                yield InvokeResponse.builder().statusCode(202).build();
            }
            default -> {
                // The end of the log is there when the invocation has ended.
                boolean tail = "Tail".equals(in.logType());
                yield answered(
                        tail ? invoker.invoke(call, caller) : invoker.answer(call, caller), tail);
            }
        };
    }

    private static InvokeResponse answered(Answer answer, boolean tail) {
        return InvokeResponse.builder()
                .statusCode(200)
                .functionError(answer.result().failed() ? "Unhandled" : null)
                .logResult(tail ? base64(answer.result().logTail()) : null)
                .payload(Blob.wrap(answer.result().payload()))
                .executedVersion(answer.version())
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
            events.accept(new Call(name, payload, null, Lineage.of(caller)), caller);
            return InvokeAsyncResponse.builder().status(202).build();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
