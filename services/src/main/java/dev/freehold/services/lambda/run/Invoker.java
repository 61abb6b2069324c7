package dev.freehold.services.lambda.run;

import dev.freehold.api.lambda.AliasConfiguration;
import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.InvalidRuntimeException;
import dev.freehold.api.lambda.LoggingConfig;
import dev.freehold.api.lambda.RecursiveInvocationException;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Usage;
import dev.freehold.sandbox.Engine;
import dev.freehold.sandbox.FunctionSpec;
import dev.freehold.sandbox.Invocation;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.code.Trees;
import dev.freehold.services.lambda.rules.Budget;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs functions by the engine.
public final class Invoker {
    private static final Duration SESSION = Duration.ofHours(12);

    /// The largest answer: 6 MiB and 100 bytes.
    private static final int MAX_RESPONSE = 6 * 1024 * 1024 + 100;

    private final Engine engine;
    private final Parts parts;

    /// What it works with.
    ///
    /// @param endpoint where functions reach this server
    /// @param chance a number from 0 to 1, for aliases with weights
    /// @param ids makes UUIDs
    /// @param durables invokes durable functions
    public record Parts(
            Store store,
            Runtimes runtimes,
            Packages packages,
            Credentials credentials,
            Gate gate,
            Budgets budgets,
            InstantSource clock,
            String endpoint,
            DoubleSupplier chance,
            Supplier<String> ids,
            DurableRuns durables) {}

    public Invoker(Engine engine, Parts parts) {
        this.engine = engine;
        this.parts = parts;
    }

    /// Finds a function without running it.
    ///
    /// @throws dev.freehold.protocol.ServiceError when there is none
    public Lookup.Found find(FunctionName name) {
        return parts.store.read(tx -> Lookup.find(tx, name));
    }

    /// What an invocation would run.
    ///
    /// @throws dev.freehold.protocol.ServiceError when there is none
    public Lookup.Found runnable(FunctionName name) {
        return parts.store.read(tx -> found(tx, name));
    }

    /// Runs a function to its end.
    ///
    /// @throws dev.freehold.protocol.ServiceError when it can't be started
    public Answer invoke(Call call, Caller caller) {
        Lookup.Found found = routed(call.name());
        return found.version().configuration().durableConfig() == null
                ? invoke(call, found, caller)
                : parts.durables.run(call, null, found, caller);
    }

    /// The version that an invocation runs: by chance, when an alias has weights.
    ///
    /// @throws dev.freehold.protocol.ServiceError when there is none
    public Lookup.Found routed(FunctionName name) {
        return parts.store.read(tx -> routed(tx, name));
    }

    /// Runs a function's version once, a durable one too.
    ///
    /// @throws dev.freehold.protocol.ServiceError when it can't be started
    public Answer invokeOnce(Call call, Caller caller) {
        return invoke(call, routed(call.name()), caller);
    }

    private Answer invoke(Call call, Lookup.Found found, Caller caller) {
        FunctionName name = call.name();
        FunctionId id = name.id();
        boolean loops = Lineage.hops(call.trace(), id.arn()) >= Lineage.MAX_HOPS;
        if (loops && found.function().recursiveLoop().equals("Terminate")) {
            throw recursion();
        }
        try (Gate.Place _ = parts.gate.enter(id, found.function().reserved())) {
            List<Budget> budgets = Budget.of(found.function().tags());
            if (budgets.isEmpty()) {
                return run(call, found, caller);
            }
            int memory = intOf(found.version().configuration().memorySize(), 128);
            Budgets.Admitted admitted = parts.budgets.admit(id, budgets, memory);
            Usage used = new Usage();
            try {
                return run(call, found, metered(caller, used));
            } finally {
                parts.budgets.settle(admitted, used);
                used.quantities().forEach(caller.usage()::add);
            }
        }
    }

    /// The caller, with another meter.
    private static Caller metered(Caller caller, Usage usage) {
        return new Caller(
                caller.account(),
                caller.region(),
                caller.principal(),
                caller.requestId(),
                caller.facts(),
                usage);
    }

    private static RecursiveInvocationException recursion() {
        return new RecursiveInvocationException(
                "Lambda has detected your function being invoked in a recursive loop and stopped"
                        + " your function's invocation.",
                RecursiveInvocationException.Members.builder().type("User").build());
    }

    /// The version that runs: by chance, when an alias has weights.
    private Lookup.Found routed(Transaction tx, FunctionName name) {
        Lookup.Found found = found(tx, name);
        AliasConfiguration alias = found.alias();
        Map<String, Double> weights =
                alias == null || alias.routingConfig() == null
                        ? null
                        : alias.routingConfig().additionalVersionWeights();
        if (weights == null) {
            return found;
        }
        for (Map.Entry<String, Double> entry : weights.entrySet()) {
            VersionKey key = Lookup.version(name.id(), entry.getKey());
            VersionRow row = key == null ? null : tx.get(LambdaTables.VERSIONS, key);
            if (key != null && row != null && parts.chance.getAsDouble() < entry.getValue()) {
                return new Lookup.Found(found.function(), key, row, alias);
            }
        }
        return found;
    }

    /// Invoke names the version that it did not find even when the request did not.
    private static Lookup.Found found(Transaction tx, FunctionName name) {
        Lookup.Found found = Lookup.findOrNull(tx, name);
        if (found == null) {
            String qualifier = name.qualifier() == null ? VersionKey.LATEST : name.qualifier();
            throw Errors.noFunction(name.id().arn(qualifier));
        }
        return found;
    }

    private Answer run(Call call, Lookup.Found found, Caller caller) {
        FunctionConfiguration configuration = found.version().configuration();
        EnvironmentKey key = key(found);
        try (Trees.Lease code = parts.packages.unpacked(found.version().code(), key.text());
                Layers layers = layers(found.version().layers(), key.text())) {
            FunctionSpec spec = spec(configuration, key, code.path(), layers.path());
            Invocation invocation =
                    new Invocation(
                            caller.requestId(),
                            call.payload(),
                            call.name().arn(),
                            call.clientContext(),
                            trace(call, configuration));
            InvocationResult result =
                    engine.invoke(spec, invocation, () -> variables(configuration, key));
            caller.usage().add("lambda.requests", 1);
            double seconds = result.timings().billedMillis() / 1000.0;
            caller.usage().add("lambda.gb-seconds", seconds * spec.memory() / 1024.0);
            return new Answer(bounded(result), key.version());
        } catch (Engine.FullException e) {
            throw Throttles.of(Throttles.ACCOUNT);
        }
    }

    private static EnvironmentKey key(Lookup.Found found) {
        return key(found.key(), found.version());
    }

    private static EnvironmentKey key(VersionKey version, VersionRow row) {
        LoggingConfig logging = row.configuration().loggingConfig();
        String group = logging == null ? null : logging.logGroup();
        return new EnvironmentKey(
                version.function(),
                version.version(),
                row.generation(),
                group == null ? "/aws/lambda/" + version.function().name() : group);
    }

    /// A lease on merged layers, or on nothing.
    private record Layers(Trees.@Nullable Lease lease) implements AutoCloseable {
        @Nullable Path path() {
            return lease == null ? null : lease.path();
        }

        @Override
        public void close() {
            if (lease != null) {
                lease.close();
            }
        }
    }

    private Layers layers(List<String> layers, String user) {
        return new Layers(layers.isEmpty() ? null : parts.packages.merged(layers, user));
    }

    private FunctionSpec spec(
            FunctionConfiguration configuration,
            EnvironmentKey key,
            Path code,
            @Nullable Path layers) {
        Runtimes.Choice choice = parts.runtimes.choose(String.valueOf(configuration.runtime()));
        if (choice == null) {
            throw new InvalidRuntimeException(
                    "This host has no interpreter for the runtime " + configuration.runtime());
        }
        LoggingConfig logging = configuration.loggingConfig();
        var environment = configuration.environment();
        var storage = configuration.ephemeralStorage();
        Map<String, String> own = environment == null ? null : environment.variables();
        return new FunctionSpec(
                key.text(),
                key.version(),
                choice.runtime(),
                String.valueOf(configuration.handler()),
                code,
                layers,
                own == null ? Map.of() : own,
                intOf(configuration.memorySize(), 128),
                Duration.ofSeconds(intOf(configuration.timeout(), 3)),
                logging == null || logging.logFormat() == null ? "Text" : logging.logFormat(),
                logging == null ? null : logging.applicationLogLevel(),
                storage == null ? 512 : storage.size(),
                FunctionSpec.Egress.OPEN,
                choice.notice());
    }

    private static int intOf(@Nullable Integer value, int fallback) {
        return value == null ? fallback : value;
    }

    private String trace(Call call, FunctionConfiguration configuration) {
        var tracing = configuration.tracingConfig();
        boolean sampled = tracing != null && "Active".equals(tracing.mode());
        String id = parts.ids.get().replace("-", "");
        String parent = parts.ids.get().replace("-", "").substring(0, 16);
        String root =
                "1-%08x-%s".formatted(parts.clock.instant().getEpochSecond(), id.substring(0, 24));
        String arn = call.name().id().arn();
        return Lineage.next(call.trace(), arn, root, parent, sampled);
    }

    private static InvocationResult bounded(InvocationResult result) {
        if (result.payload().length <= MAX_RESPONSE) {
            return result;
        }
        String error =
                "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response"
                        + " payload size exceeded maximum allowed payload size (6291556 bytes).\"}";
        return new InvocationResult(
                error.getBytes(StandardCharsets.UTF_8),
                true,
                result.timings(),
                result.maxMemory(),
                result.logTail());
    }

    /// What Lambda itself sets, with credentials of the execution role.
    private Map<String, String> variables(FunctionConfiguration configuration, EnvironmentKey key) {
        FunctionId function = key.function();
        Credentials.Issued issued =
                parts.credentials.issue(
                        String.valueOf(configuration.role()), function.name(), SESSION, List.of());
        if (issued == null) {
            throw Errors.invalid("The role defined for the function cannot be assumed by Lambda.");
        }
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("AWS_LAMBDA_FUNCTION_NAME", function.name());
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + configuration.runtime());
        variables.put("AWS_REGION", function.region());
        variables.put("AWS_DEFAULT_REGION", function.region());
        variables.put("AWS_ENDPOINT_URL", parts.endpoint);
        variables.put("AWS_ACCESS_KEY_ID", issued.accessKeyId());
        variables.put("AWS_SECRET_ACCESS_KEY", issued.secret());
        variables.put("AWS_SESSION_TOKEN", issued.token());
        return variables;
    }

    /// Keeps environments of a version initialised, from now on.
    ///
    /// @param count how many, at least 1
    void provision(VersionKey version, VersionRow row, int count) {
        EnvironmentKey key = key(version, row);
        try (Trees.Lease code = parts.packages.unpacked(row.code(), key.text());
                Layers layers = layers(row.layers(), key.text())) {
            FunctionSpec spec = spec(row.configuration(), key, code.path(), layers.path());
            engine.provision(spec, count, () -> variables(row.configuration(), key));
        }
    }

    /// How many environments of a version are initialised.
    public int available(VersionKey version, VersionRow row) {
        return engine.available(key(version, row).text());
    }

    /// Ends the idle environments of a version that has changed or is gone.
    public void retire(VersionKey version, VersionRow before) {
        engine.retire(key(version, before).text());
    }
}
