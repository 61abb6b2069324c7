package dev.freehold.services.lambda;

import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.s3.S3Api;
import dev.freehold.api.sqs.SqsApi;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Usage;
import dev.freehold.sandbox.Engine;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.iam.Credentials;
import dev.freehold.storage.Blobs;
import dev.freehold.storage.Store;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Supplier;

/// Puts the parts of Lambda together.
public final class Lambda {
    private final LambdaService service;
    private final Invoker invoker;
    private final EventSources sources;

    /// What Lambda is made of.
    ///
    /// @param code the code store
    /// @param endpoint where functions reach this server
    /// @param ids makes UUIDs
    public record Parts(
            Store store,
            Blobs blobs,
            Deliveries deliveries,
            InstantSource clock,
            Supplier<String> ids,
            Runtimes runtimes,
            Engine engine,
            Path code,
            Credentials credentials,
            String endpoint) {}

    public Lambda(Parts parts, S3Api s3, SqsApi sqs) {
        Supplier<String> secrets = () -> parts.ids.get() + "-" + parts.ids.get();
        Packages packages = new Packages(parts.blobs, parts.code, secrets, s3);
        invoker =
                new Invoker(
                        parts.engine, parts.runtimes, packages, parts.credentials, parts.endpoint);
        service =
                new LambdaService(
                        parts.store,
                        parts.deliveries,
                        parts.clock,
                        parts.ids,
                        new Settings(parts.runtimes),
                        packages,
                        invoker);
        sources = new EventSources(parts.store, sqs, this, parts.ids);
    }

    /// The front.
    public LambdaApi service() {
        return service;
    }

    /// Feeds functions from their queues.
    public EventSources sources() {
        return sources;
    }

    /// Invokes a function as Lambda itself.
    InvocationResult invoke(FunctionRow row, FunctionName name, byte[] payload, String requestId) {
        Principal lambda = new Principal.Service("lambda.amazonaws.com", name.arn());
        Caller caller =
                new Caller(name.account(), name.region(), lambda, requestId, Map.of(), new Usage());
        return invoker.invoke(row, name, payload, null, caller);
    }

    /// A function by its ARN, or null.
    @org.jspecify.annotations.Nullable
    FunctionRow find(FunctionName name) {
        return service.find(name.key());
    }

    /// Performs asynchronous invocations.
    public DeliveryHandler asynchronous() {
        return this::perform;
    }

    private DeliveryHandler.Outcome perform(Delivery delivery) {
        Caller caller =
                new Caller(
                        delivery.account(),
                        delivery.region(),
                        new Principal.Service("lambda.amazonaws.com", delivery.target()),
                        delivery.id(),
                        Map.of(),
                        new Usage());
        FunctionName name = FunctionName.parse(delivery.target(), null, caller);
        FunctionRow row = name == null ? null : find(name);
        if (name == null || row == null) {
            return new DeliveryHandler.Outcome.Dead("the function is gone");
        }
        try {
            InvocationResult result =
                    invoker.invoke(
                            row,
                            name,
                            delivery.payload().bytes(),
                            delivery.attributes().get("clientContext"),
                            caller);
            return result.failed()
                    ? new DeliveryHandler.Outcome.Retry(
                            new String(result.payload(), StandardCharsets.UTF_8))
                    : new DeliveryHandler.Outcome.Done();
        } catch (ServiceError e) {
            return e.shape().status() == 429
                    ? new DeliveryHandler.Outcome.Later(Duration.ofSeconds(1))
                    : new DeliveryHandler.Outcome.Retry(e.shape().name() + ": " + e.getMessage());
        }
    }
}
