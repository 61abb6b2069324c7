package dev.freehold.services.lambda.run;

import dev.freehold.api.lambda.AliasConfiguration;
import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.InvalidRuntimeException;
import dev.freehold.api.lambda.LoggingConfig;
import dev.freehold.api.lambda.RecursiveInvocationException;
import dev.freehold.api.lambda.SnapStartNotReadyException;
import dev.freehold.api.lambda.SnapStartResponse;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Usage;
import dev.freehold.sandbox.Engine;
import dev.freehold.sandbox.FunctionSpec;
import dev.freehold.sandbox.Invocation;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.lambda.budgets.Budgets;
import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.code.Trees;
import dev.freehold.services.lambda.rules.DebugTag;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.services.lambda.state.VersionRow.Failure;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.io.IOException;
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

    /// The timeout of what is debugged: nobody waits so long.
    private static final Duration DEBUGGING = Duration.ofDays(1);

    /// The largest answer: 6 MiB and 100 bytes.
    private static final int MAX_RESPONSE = 6 * 1024 * 1024 + 100;

    private final Engine engine;
    private final Parts parts;

    /// What it works with.
    ///
    /// @param endpoint where functions reach this server
    /// @param chance a number from 0 to 1, for aliases with weights
    /// @param ids makes UUIDs
    /// @param development whether functions may be debugged
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
            boolean development) {}

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
        FunctionName name = call.name();
        Lookup.Found found = parts.store.read(tx -> routed(tx, name));
        FunctionId id = name.id();
        boolean loops = Lineage.hops(call.trace(), id.arn()) >= Lineage.MAX_HOPS;
        if (loops && found.function().recursiveLoop().equals("Terminate")) {
            throw recursion();
        }
        checkTenant(call, found.version().configuration());
        checkState(found.version());
        int port = debugPort(found);
        try (Gate.Place _ = parts.gate.enter(id, found.function().reserved())) {
            if (port != 0) {
                return run(call, found, metered(caller, new Usage()));
            }
            int memory = intOf(found.version().configuration().memorySize(), 128);
            Budgets.Admitted admitted = parts.budgets.admit(id, found.function().tags(), memory);
            if (admitted == null) {
                return run(call, found, caller);
            }
            Usage used = new Usage();
            try {
                return run(call, found, metered(caller, used));
            } finally {
                parts.budgets.settle(admitted, used);
                caller.usage().addAll(used);
            }
        }
    }

    /// Where a debugger finds the function; 0 when it is not debugged.
    private int debugPort(Lookup.Found found) {
        return parts.development ? DebugTag.port(found.function().tags()) : 0;
    }

    /// @throws dev.freehold.protocol.ServiceError when a tenant is missing, or one too many
    public static void checkTenant(Call call, FunctionConfiguration configuration) {
        boolean tenants = configuration.tenancyConfig() != null;
        if (tenants && call.tenant() == null) {
            throw Errors.invalid(
                    "The invoked function is enabled with tenancy configuration. Add a valid tenant"
                            + " ID in your request and try again.");
        }
        if (!tenants && call.tenant() != null) {
            throw Errors.invalid(
                    "The invoked function is not enabled with tenancy configuration. Remove the"
                            + " tenant ID from your request and try again.");
        }
    }

    /// A version that is only being made can run already, unless it has SnapStart.
    private void checkState(VersionRow version) {
        VersionRow.Change change = version.change();
        if (change != null && change.creation() && change.failure() != null) {
            throw Errors.conflict(
                    "The operation cannot be performed at this time. The function is currently in"
                            + " the following state: Failed");
        }
        if (snapStart(version.configuration()) && version.underWay(parts.clock.instant()) != null) {
            throw new SnapStartNotReadyException(
                    "Lambda is initializing your function. It will be ready to invoke once your"
                            + " function state becomes ACTIVE.",
                    SnapStartNotReadyException.Members.builder().type("User").build());
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
        int port = debugPort(found);
        EnvironmentKey key = key(found.key(), found.version(), call.tenant(), port);
        try (Trees.Lease code = parts.packages.unpacked(found.version().code(), key.text());
                Layers layers = layers(found.version().layers(), key.text())) {
            FunctionSpec plain = spec(configuration, key, code.path(), layers.path());
            FunctionSpec spec = port == 0 ? plain : debugged(plain, port);
            Invocation invocation =
                    new Invocation(
                            caller.requestId(),
                            call.payload(),
                            call.name().arn(),
                            call.clientContext(),
                            trace(call, configuration),
                            call.tenant());
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

    private FunctionSpec debugged(FunctionSpec spec, int port) {
        try {
            return spec.with(parts.runtimes.debugged(spec.runtime(), port), DEBUGGING);
        } catch (IOException e) {
            throw Errors.invalid(String.valueOf(e.getMessage()));
        }
    }

    /// The key of what all tenants have, and nobody debugs.
    private static EnvironmentKey key(VersionKey version, VersionRow row) {
        return key(version, row, null, 0);
    }

    private static EnvironmentKey key(
            VersionKey version, VersionRow row, @Nullable String tenant, int port) {
        LoggingConfig logging = row.configuration().loggingConfig();
        String group = logging == null ? null : logging.logGroup();
        return new EnvironmentKey(
                version.function(),
                version.version(),
                row.generation() + (port == 0 ? "" : "-debug-" + port),
                group == null ? "/aws/lambda/" + version.function().name() : group,
                tenant);
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

    /// Makes ready what a version needs before it can run.
    ///
    /// @return why it can't, or null when it can
    @Nullable Failure prepare(VersionKey version, VersionRow row) {
        EnvironmentKey key = key(version, row);
        FunctionConfiguration configuration = row.configuration();
        try (Trees.Lease code = parts.packages.unpacked(row.code(), key.text());
                Layers layers = layers(row.layers(), key.text())) {
            if (!snapStart(configuration)) {
                return null;
            }
            FunctionSpec spec = spec(configuration, key, code.path(), layers.path());
            Engine.Refusal refusal = engine.initialize(spec, () -> variables(configuration, key));
            return refusal == null ? null : failure(refusal);
        } catch (InvalidRuntimeException e) {
            return new Failure("InvalidRuntime", String.valueOf(e.getMessage()));
        }
    }

    private static boolean snapStart(FunctionConfiguration configuration) {
        SnapStartResponse snap = configuration.snapStart();
        return snap != null && "On".equals(snap.optimizationStatus());
    }

    private static Failure failure(Engine.Refusal refusal) {
        String code =
                switch (refusal.type()) {
                    case "Sandbox.Timedout" -> "FunctionError.InitTimeout";
                    case "Runtime.InvalidEntrypoint" -> "FunctionError.InvalidEntryPoint";
                    case "Runtime.OutOfMemory" -> "FunctionError.InitResourceExhausted";
                    case "Sandbox.Failure" -> "InternalError";
                    default ->
                            refusal.type().startsWith("Extension.")
                                    ? "FunctionError.ExtensionInitError"
                                    : "FunctionError";
                };
        return new Failure(code, refusal.message());
    }

    /// How many environments of a version are initialised.
    public int available(VersionKey version, VersionRow row) {
        return engine.available(key(version, row).text());
    }

    /// Ends the idle environments of a version that has changed or is gone, of all its tenants.
    ///
    /// @param tags the function's, or what they were
    public void retire(VersionKey version, VersionRow before, Map<String, String> tags) {
        engine.retire(key(version, before).text());
        endDebugging(version, before, tags);
    }

    /// Ends the environment of a version that a debugger is attached to, if there is one.
    public void endDebugging(VersionKey version, VersionRow row, Map<String, String> tags) {
        int port = DebugTag.port(tags);
        if (port != 0) {
            engine.retire(key(version, row, null, port).text());
        }
    }
}
