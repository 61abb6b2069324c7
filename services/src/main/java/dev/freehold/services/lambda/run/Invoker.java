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
import dev.freehold.sandbox.InvocationResult.Timings;
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
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
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
    private final Traces traces = new Traces();

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

    /// The last invocations.
    public Traces traces() {
        return traces;
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

    /// Runs a function to its end, that of its extensions too.
    ///
    /// @throws dev.freehold.protocol.ServiceError when it can't be started
    public Answer invoke(Call call, Caller caller) {
        return invoke(call, caller, true);
    }

    /// Runs a function until it has answered: its extensions may take longer. The log is there only
    /// when they don't.
    ///
    /// @throws dev.freehold.protocol.ServiceError when it can't be started
    public Answer answer(Call call, Caller caller) {
        return invoke(call, caller, false);
    }

    private Answer invoke(Call call, Caller caller, boolean toTheEnd) {
        FunctionName name = call.name();
        Lookup.Found found = parts.store.read(tx -> routed(tx, name));
        FunctionId id = name.id();
        boolean loops = Lineage.hops(call.trace(), id.arn()) >= Lineage.MAX_HOPS;
        if (loops && found.function().recursiveLoop().equals("Terminate")) {
            throw recursion();
        }
        checkTenant(call, found.version().configuration());
        int port = debugPort(found);
        Held held = new Held();
        boolean begun = false;
        try {
            held.add(parts.gate.enter(id, found.function().reserved())::close);
            int memory = intOf(found.version().configuration().memorySize(), 128);
            Usage used = new Usage();
            Budgets.Admitted admitted =
                    port == 0 ? parts.budgets.admit(id, found.function().tags(), memory) : null;
            if (admitted != null) {
                held.add(() -> parts.budgets.settle(admitted, used));
            }
            Consumer<Timings> ended =
                    timings -> {
                        used.addAll(usage(timings, memory));
                        held.close();
                    };
            Way way = new Way(held, port, toTheEnd ? null : ended);
            Answer answer = run(call, found, caller.requestId(), way);
            begun = true;
            Timings timings = answer.result().timings();
            if (toTheEnd) {
                ended.accept(timings);
            }
            if (port == 0) {
                caller.usage().addAll(usage(timings, memory));
            }
            return answer;
        } finally {
            if (!begun) {
                held.close();
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

    /// What an invocation used.
    private static Usage usage(Timings timings, int memory) {
        Usage usage = new Usage();
        usage.add("lambda.requests", 1);
        usage.add("lambda.gb-seconds", timings.billedMillis() / 1000.0 * memory / 1024.0);
        return usage;
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

    /// How an invocation goes, and ends.
    ///
    /// @param held until it has ended
    /// @param port where a debugger finds the function; 0 when it is not debugged
    /// @param ended hears of the end; null when it is waited for
    private record Way(Held held, int port, @Nullable Consumer<Timings> ended) {}

    private Answer run(Call call, Lookup.Found found, String requestId, Way way) {
        long begun = System.nanoTime();
        FunctionConfiguration configuration = found.version().configuration();
        EnvironmentKey key = key(found.key(), found.version(), call.tenant(), way.port);
        Trees.Lease code = parts.packages.unpacked(found.version().code(), key.text());
        way.held.add(code::close);
        Layers layers = layers(found.version().layers(), key.text());
        way.held.add(layers::close);
        FunctionSpec plain = spec(configuration, key, code.path(), layers.path());
        FunctionSpec spec = way.port == 0 ? plain : debugged(plain, way.port);
        Invocation invocation =
                new Invocation(
                        requestId,
                        call.payload(),
                        call.name().arn(),
                        call.clientContext(),
                        trace(call, configuration),
                        call.tenant());
        Supplier<Map<String, String>> variables = () -> variables(configuration, key);
        long admitted = System.nanoTime();
        try {
            InvocationResult result =
                    way.ended == null
                            ? engine.invoke(spec, invocation, variables)
                            : engine.answer(spec, invocation, variables, way.ended);
            Duration admission = Duration.ofNanos(admitted - begun);
            Duration total = Duration.ofNanos(System.nanoTime() - begun);
            traces.keep(trace(invocation, key.version(), admission, total, result));
            return new Answer(bounded(result), key.version());
        } catch (Engine.FullException e) {
            throw Throttles.of(Throttles.ACCOUNT);
        }
    }

    /// Without the answer, and the log's end.
    private Trace trace(
            Invocation invocation,
            String version,
            Duration admission,
            Duration total,
            InvocationResult result) {
        InvocationResult timed =
                new InvocationResult(
                        new byte[0], result.failed(), result.timings(), result.maxMemory(), "");
        return new Trace(
                invocation.requestId(),
                invocation.functionArn(),
                version,
                parts.clock.instant().minus(total),
                admission,
                total,
                timed);
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
                logging == null ? null : logging.systemLogLevel(),
                storage == null ? 512 : storage.size(),
                FunctionSpec.Egress.OPEN,
                choice.notice(),
                key.function().arn());
    }

    private static int intOf(@Nullable Integer value, int fallback) {
        return value == null ? fallback : value;
    }

    private String trace(Call call, FunctionConfiguration configuration) {
        var tracing = configuration.tracingConfig();
        boolean sampled = tracing != null && "Active".equals(tracing.mode());
        String id = parts.ids.get().replace("-", "");
        String parent = parts.ids.get().replace("-", "").substring(0, 16);
        int seconds = (int) parts.clock.instant().getEpochSecond();
        String root = "1-" + HexFormat.of().toHexDigits(seconds) + "-" + id.substring(0, 24);
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
                parts.credentials.execution(
                        String.valueOf(configuration.role()), function.name(), SESSION);
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

    /// A function was deployed: somebody may call it soon.
    public void expect(FunctionConfiguration configuration) {
        Runtimes.Choice choice = parts.runtimes.choose(String.valueOf(configuration.runtime()));
        if (choice != null) {
            var environment = configuration.environment();
            Map<String, String> own = environment == null ? null : environment.variables();
            engine.expect(
                    choice.runtime(),
                    intOf(configuration.memorySize(), 128),
                    own == null ? Map.of() : own);
        }
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
