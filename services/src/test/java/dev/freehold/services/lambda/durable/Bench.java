package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.CheckpointDurableExecutionRequest;
import dev.freehold.api.lambda.CheckpointDurableExecutionResponse;
import dev.freehold.api.lambda.DurableConfig;
import dev.freehold.api.lambda.Event;
import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.GetDurableExecutionHistoryRequest;
import dev.freehold.api.lambda.InvokeRequest;
import dev.freehold.api.lambda.InvokeResponse;
import dev.freehold.api.lambda.LambdaApi;
import dev.freehold.api.lambda.OperationUpdate;
import dev.freehold.protocol.Blob;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.services.FakeClock;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.deliveries.Delivery;
import dev.freehold.services.deliveries.DeliveryHandler.Outcome;
import dev.freehold.services.deliveries.Dispatcher;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.json.Json;
import dev.freehold.services.lambda.durable.ops.DurableService;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.ExecutionArn;
import dev.freehold.services.lambda.durable.state.ExecutionRow;
import dev.freehold.services.lambda.events.Destinations;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.run.Answer;
import dev.freehold.services.lambda.run.Call;
import dev.freehold.services.lambda.run.RoleCallers;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import dev.freehold.storage.memory.MemoryStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Durable executions without sandboxes: a handler is a Java function, time is the test's.
final class Bench {
    static final String ACCOUNT = "000000000000";
    static final Caller ROOT =
            new Caller(
                    ACCOUNT, "us-east-1", new Principal.Root(ACCOUNT), "r", Map.of(), new Usage());
    static final String PENDING = "{\"Status\":\"PENDING\"}";

    private static final InvocationResult.Timings NONE =
            new InvocationResult.Timings(Duration.ZERO, Duration.ZERO, Duration.ZERO, null);

    final FakeClock clock = new FakeClock();
    final Store store = new MemoryStore();
    final Durables.Parts parts;
    final Durables durables;
    final DurableService service;
    final List<Turn> turns = new ArrayList<>();
    final List<Delivery> told = new ArrayList<>();
    Function<Turn, String> handler = turn -> PENDING;

    private final AtomicInteger made = new AtomicInteger();
    private final Dispatcher dispatcher;

    /// What a handler got.
    record Turn(String function, String arn, String token, List<Map<String, ?>> operations) {
        Map<String, ?> operation(String id) {
            return operations.stream().filter(o -> id.equals(o.get("Id"))).findFirst().get();
        }
    }

    private static final class Late implements Deliveries {
        private @Nullable Dispatcher dispatcher;

        @Override
        public void enqueue(Transaction tx, Delivery delivery, Instant due) {
            Objects.requireNonNull(dispatcher).enqueue(tx, delivery, due);
        }

        @Override
        public void wake() {}
    }

    Bench() {
        Late late = new Late();
        parts = new Durables.Parts(store, late, clock, this::id, new Ends());
        durables = new Durables(parts);
        service = new DurableService(parts);
        WorkHandler work =
                new WorkHandler(
                        parts,
                        (call, caller) -> run(call),
                        new Functions(),
                        new RoleCallers(new Credentials(store, clock, this::id)),
                        new Destinations(store, late, clock, this::id));
        dispatcher =
                new Dispatcher(
                        store,
                        clock,
                        Runnable::run,
                        Map.of(
                                WorkHandler.KIND,
                                work,
                                Destinations.KIND,
                                delivery -> {
                                    told.add(delivery);
                                    return new Outcome.Done();
                                }),
                        (delivery, reason) -> {});
        late.dispatcher = dispatcher;
        create("flow", DurableConfig.builder().executionTimeout(600).build());
    }

    private String id() {
        return "id-" + made.incrementAndGet();
    }

    /// What chained invocations call.
    private final class Functions implements LambdaApi {
        @Override
        public InvokeResponse invoke(InvokeRequest in, Caller caller) {
            FunctionName name = FunctionName.parse(in.functionName(), null, caller);
            byte[] payload = Objects.requireNonNull(in.payload()).bytes();
            Call call = new Call(name, payload, null, null);
            if (in.durableExecutionName() != null) {
                durables.accept(call, in.durableExecutionName(), found(name), caller);
                return InvokeResponse.builder().statusCode(202).build();
            }
            Answer answer = run(call);
            return InvokeResponse.builder()
                    .statusCode(200)
                    .functionError(answer.result().failed() ? "Unhandled" : null)
                    .payload(Blob.wrap(answer.result().payload()))
                    .build();
        }
    }

    void create(String name, @Nullable DurableConfig config) {
        FunctionId id = new FunctionId(ACCOUNT, "us-east-1", name);
        FunctionConfiguration configuration =
                FunctionConfiguration.builder()
                        .functionName(name)
                        .role("arn:aws:iam::000000000000:role/r")
                        .durableConfig(config)
                        .build();
        VersionRow row = new VersionRow(configuration, "", List.of(), "g", null, null);
        store.updateOnly(tx -> {
            tx.put(LambdaTables.FUNCTIONS, id, FunctionRow.of(Map.of(), null));
            tx.put(LambdaTables.VERSIONS, VersionKey.latest(id), row);
        });
    }

    private Lookup.Found found(FunctionName name) {
        return store.read(tx -> Lookup.find(tx, name));
    }

    @SuppressWarnings("unchecked")
    private Answer run(Call call) {
        String text = new String(call.payload(), StandardCharsets.UTF_8);
        Map<String, ?> event = Json.readObject(text);
        Object state = event.get("InitialExecutionState");
        Turn turn =
                new Turn(
                        call.name().id().name(),
                        String.valueOf(event.get("DurableExecutionArn")),
                        String.valueOf(event.get("CheckpointToken")),
                        state == null
                                ? List.of()
                                : (List<Map<String, ?>>)
                                        Objects.requireNonNull(
                                                ((Map<String, ?>) state).get("Operations")));
        turns.add(turn);
        String answer = handler.apply(turn);
        boolean failed = answer.contains("errorType");
        byte[] payload = answer.getBytes(StandardCharsets.UTF_8);
        return new Answer(new InvocationResult(payload, failed, NONE, 0, ""), "$LATEST");
    }

    /// Starts an execution by an event.
    String start(@Nullable String name, String input) {
        FunctionName function =
                new FunctionName(new FunctionId(ACCOUNT, "us-east-1", "flow"), "$LATEST");
        byte[] payload = input.getBytes(StandardCharsets.UTF_8);
        Call call = new Call(function, payload, null, null);
        return durables.accept(call, name, found(function), ROOT);
    }

    /// Performs what is due, and what follows from it.
    void settle() {
        for (int i = 0; i < 20; i++) {
            dispatcher.dispatchDue();
        }
    }

    void pass(int seconds) {
        clock.advance(Duration.ofSeconds(seconds));
        settle();
    }

    CheckpointDurableExecutionResponse checkpoint(
            String arn, String token, OperationUpdate... updates) {
        return checkpoint(arn, token, null, updates);
    }

    CheckpointDurableExecutionResponse checkpoint(
            String arn, String token, @Nullable String client, OperationUpdate... updates) {
        return service.checkpoint(
                CheckpointDurableExecutionRequest.builder()
                        .durableExecutionArn(arn)
                        .checkpointToken(token)
                        .clientToken(client)
                        .updates(List.of(updates))
                        .build(),
                ROOT);
    }

    static OperationUpdate.Builder update(String id, String type, String action) {
        return OperationUpdate.builder().id(id).type(type).action(action);
    }

    ExecutionRow row(String arn) {
        ExecutionArn parsed = Objects.requireNonNull(ExecutionArn.parse(arn));
        ExecutionRow row = store.read(tx -> tx.get(DurableTables.EXECUTIONS, parsed.key()));
        return Objects.requireNonNull(row);
    }

    String status(String arn) {
        return row(arn).status();
    }

    List<Event> history(String arn) {
        return service.executions()
                .history(
                        GetDurableExecutionHistoryRequest.builder()
                                .durableExecutionArn(arn)
                                .build(),
                        ROOT)
                .events();
    }

    List<String> eventTypes(String arn) {
        return history(arn).stream().map(event -> String.valueOf(event.eventType())).toList();
    }
}
