package dev.freehold.services.apigateway;

import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.InvokeResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Usage;
import dev.freehold.services.access.Callers;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// Calls functions for requests, in the name of API Gateway.
final class LambdaIntegration {
    private static final System.Logger LOG = System.getLogger(LambdaIntegration.class.getName());

    private final LambdaApi lambda;
    private final InstantSource clock;
    private final Executor executor;

    /// @param lambda Lambda as services see it: authorised
    /// @param executor runs a call on a thread of its own, so that it can be waited for
    LambdaIntegration(LambdaApi lambda, InstantSource clock, Executor executor) {
        this.lambda = lambda;
        this.clock = clock;
        this.executor = executor;
    }

    /// @param payload what the function answered, or null when it failed
    /// @param status what the failure is to a client
    /// @param usage what the call used
    record Answer(byte @Nullable [] payload, int status, Usage usage) {}

    ProxyEvent event(LiveApis.Hit hit, @Nullable Blob body, @Nullable Identity identity) {
        return new ProxyEvent(
                hit.request(),
                hit.request().rawPath(),
                body,
                hit.row().account(),
                hit.row().id(),
                hit.stage().stageName(),
                hit.key().text(),
                hit.pathParameters(),
                hit.variables(),
                clock.instant(),
                identity);
    }

    /// Invokes the function of a URI, and waits at most so many milliseconds.
    Answer invoke(LiveApis.Hit hit, String uri, String payload, String source, int millis) {
        ApiRow row = hit.row();
        Caller caller =
                Callers.service(
                        row.account(),
                        row.region(),
                        "apigateway.amazonaws.com",
                        source,
                        row.account(),
                        hit.request().requestId());
        InvokeRequest request =
                InvokeRequest.builder()
                        .functionName(function(replaced(uri, hit.variables())))
                        .payload(Blob.ofUtf8(payload))
                        .build();
        FutureTask<InvokeResponse> call = new FutureTask<>(() -> lambda.invoke(request, caller));
        executor.execute(call);
        try {
            InvokeResponse answer = call.get(millis, TimeUnit.MILLISECONDS);
            Blob bytes = answer.payload() == null ? Blob.EMPTY : answer.payload();
            return answer.functionError() == null
                    ? new Answer(bytes.bytes(), 200, caller.usage())
                    : new Answer(null, 500, caller.usage());
        } catch (TimeoutException e) {
            // AWS: the function goes on; its answer is not waited for.
            return new Answer(null, 503, caller.usage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new Answer(null, 503, caller.usage());
        } catch (ExecutionException e) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "API {0} can''t invoke a function: {1}",
                    row.id(),
                    e.getCause().getMessage());
            boolean throttled =
                    e.getCause() instanceof ServiceError error && error.shape().status() == 429;
            return new Answer(null, throttled ? 503 : 500, caller.usage());
        }
    }

    /// A text with its `${stageVariables.name}` replaced.
    static String replaced(String text, Map<String, String> variables) {
        String replaced = text;
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            replaced =
                    replaced.replace(
                            "${stageVariables." + variable.getKey() + "}", variable.getValue());
        }
        return replaced;
    }

    /// The function of an integration's URI, which is its ARN or the path that invokes it.
    private static String function(String uri) {
        int start = uri.indexOf("functions/arn:");
        if (start < 0) {
            return uri;
        }
        String arn = uri.substring(start + "functions/".length());
        return arn.endsWith("/invocations")
                ? arn.substring(0, arn.length() - "/invocations".length())
                : arn;
    }
}
