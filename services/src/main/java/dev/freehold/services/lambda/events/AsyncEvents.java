package dev.freehold.services.lambda.events;

import dev.freehold.api.lambda.FunctionEventInvokeConfig;
import dev.freehold.api.lambda.RecursiveInvocationException;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Usage;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.DeliveryHandler;
import dev.freehold.services.deliveries.RetryPolicy;
import dev.freehold.services.lambda.events.InvocationRecord.Condition;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.run.Answer;
import dev.freehold.services.lambda.run.Call;
import dev.freehold.services.lambda.run.Invoker;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.QualifiedKey;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.storage.Store;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Events of functions: accepted as deliveries, tried up to three times, and told to destinations.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>.
public final class AsyncEvents implements DeliveryHandler {
    /// The kind of these deliveries.
    public static final String KIND = "lambda.async";

    private static final int DEFAULT_RETRIES = 2;
    private static final Duration DEFAULT_AGE = Duration.ofHours(6);
    private static final Duration FIRST_RETRY = Duration.ofMinutes(1);
    private static final Duration LATER_RETRY = Duration.ofMinutes(2);

    /// How long throttled events wait, at least and at most.
    private static final Duration MIN_PAUSE = Duration.ofSeconds(1);

    private static final Duration MAX_PAUSE = Duration.ofMinutes(5);

    /// A reason that begins so has been told to the destination already.
    private static final String TOLD = "Told: ";

    private static final String ZERO = "The function's reserved concurrency is 0.";

    /// The most characters of an error that a dead delivery keeps.
    private static final int MAX_REASON = 4096;

    private static final String CONTEXT = "clientContext";
    private static final String TRACE = "trace";
    private static final String TENANT = "tenant";

    private final Store store;
    private final Deliveries deliveries;
    private final InstantSource clock;
    private final Invoker invoker;
    private final Destinations destinations;

    public AsyncEvents(
            Store store,
            Deliveries deliveries,
            InstantSource clock,
            Invoker invoker,
            Destinations destinations) {
        this.store = store;
        this.deliveries = deliveries;
        this.clock = clock;
        this.invoker = invoker;
        this.destinations = destinations;
    }

    /// Takes an event; on return it is durable.
    ///
    /// @throws ServiceError when there is no such function
    public void accept(Call call, Caller caller) {
        FunctionName name = call.name();
        Invoker.checkTenant(call, invoker.runnable(name).version().configuration());
        Instant now = clock.instant();
        Map<String, String> attributes = new LinkedHashMap<>();
        put(attributes, CONTEXT, call.clientContext());
        put(attributes, TRACE, call.trace());
        put(attributes, TENANT, call.tenant());
        store.updateOnly(tx -> {
            FunctionEventInvokeConfig config = tx.get(LambdaTables.EVENT_CONFIGS, key(name));
            Delivery delivery =
                    new Delivery(
                            caller.requestId(),
                            KIND,
                            name.id().account(),
                            name.id().region(),
                            name.arn(),
                            attributes,
                            Blob.wrap(call.payload()),
                            now,
                            0,
                            policy(config));
            deliveries.enqueue(tx, delivery, now);
        });
        deliveries.wake();
    }

    private static void put(Map<String, String> attributes, String name, @Nullable String value) {
        if (value != null) {
            attributes.put(name, value);
        }
    }

    private static QualifiedKey key(FunctionName name) {
        String qualifier = name.qualifier() == null ? VersionKey.LATEST : name.qualifier();
        return new QualifiedKey(name.id(), qualifier);
    }

    /// Dead events are told by this class itself, so that the policy names no target.
    private static RetryPolicy policy(@Nullable FunctionEventInvokeConfig config) {
        Integer retries = config == null ? null : config.maximumRetryAttempts();
        Integer age = config == null ? null : config.maximumEventAgeInSeconds();
        return new RetryPolicy(
                1 + (retries == null ? DEFAULT_RETRIES : retries),
                age == null ? DEFAULT_AGE : Duration.ofSeconds(age),
                FIRST_RETRY,
                LATER_RETRY,
                null);
    }

    @Override
    public Outcome perform(Delivery delivery) {
        FunctionName name = name(delivery);
        if (name == null) {
            return new Outcome.Dead("not a function: " + delivery.target());
        }
        Call call =
                new Call(
                        name,
                        delivery.payload().bytes(),
                        delivery.attributes().get(CONTEXT),
                        delivery.attributes().get(TRACE),
                        delivery.attributes().get(TENANT));
        try {
            Lookup.Found found = invoker.runnable(name);
            if (Integer.valueOf(0).equals(found.function().reserved())) {
                return new Outcome.Dead(ZERO);
            }
            return ended(delivery, name, found, invoker.invoke(call, caller(delivery)));
        } catch (RecursiveInvocationException e) {
            return new Outcome.Dead(String.valueOf(e.getMessage()));
        } catch (ServiceError e) {
            return refused(delivery, e);
        }
    }

    private static @Nullable FunctionName name(Delivery delivery) {
        FunctionId id = FunctionId.ofArn(delivery.target());
        return id == null ? null : new FunctionName(id, FunctionId.qualifierOf(delivery.target()));
    }

    private static Caller caller(Delivery delivery) {
        Principal lambda = new Principal.Service("lambda.amazonaws.com", delivery.target());
        return new Caller(
                delivery.account(),
                delivery.region(),
                lambda,
                delivery.id(),
                Map.of(),
                new Usage());
    }

    private Outcome ended(Delivery delivery, FunctionName name, Lookup.Found found, Answer answer) {
        int attempts = delivery.attempt() + 1;
        boolean failed = answer.result().failed();
        boolean last = failed && attempts >= delivery.retry().maxAttempts();
        if (!failed || last) {
            InvocationRecord record =
                    new InvocationRecord(
                            failed ? Condition.RETRIES_EXHAUSTED : Condition.SUCCESS,
                            delivery.id(),
                            attempts,
                            delivery.payload(),
                            answer);
            destinations.tell(name, found, record);
        }
        if (!failed) {
            return new Outcome.Done();
        }
        String error = new String(answer.result().payload(), StandardCharsets.UTF_8);
        String reason = error.substring(0, Math.min(error.length(), MAX_REASON));
        return new Outcome.Retry(last ? TOLD + reason : reason);
    }

    /// Throttled events wait, longer the older they are.
    private Outcome refused(Delivery delivery, ServiceError e) {
        int status = e.shape().status();
        if (status == 429 || status >= 500) {
            Duration age = Duration.between(delivery.created(), clock.instant());
            Duration pause = age.compareTo(MIN_PAUSE) < 0 ? MIN_PAUSE : age;
            return new Outcome.Later(pause.compareTo(MAX_PAUSE) > 0 ? MAX_PAUSE : pause);
        }
        return status == 404
                ? new Outcome.Dead(String.valueOf(e.getMessage()))
                : new Outcome.Retry(e.shape().name() + ": " + e.getMessage());
    }

    @Override
    public boolean buried(Delivery delivery, String reason) {
        FunctionName name = name(delivery);
        if (reason.startsWith(TOLD) || name == null) {
            return true;
        }
        Lookup.Found found = store.read(tx -> Lookup.findOrNull(tx, name));
        if (found == null) {
            return true;
        }
        InvocationRecord record =
                new InvocationRecord(
                        condition(delivery, reason),
                        delivery.id(),
                        delivery.attempt(),
                        delivery.payload(),
                        null);
        destinations.tell(name, found, record);
        return true;
    }

    /// Why an event died that was not told yet.
    private Condition condition(Delivery delivery, String reason) {
        if (reason.equals(ZERO)) {
            return Condition.ZERO_RESERVED;
        }
        boolean exhausted = delivery.attempt() >= delivery.retry().maxAttempts();
        Instant end = delivery.created().plus(delivery.retry().maxAge());
        boolean old = !exhausted && clock.instant().plus(MAX_PAUSE).isAfter(end);
        return old ? Condition.EVENT_AGE_EXCEEDED : Condition.RETRIES_EXHAUSTED;
    }
}
