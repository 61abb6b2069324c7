package dev.freehold.services.lambda.run;

import dev.freehold.api.lambda.AliasConfiguration;
import dev.freehold.api.lambda.EFSMountFailureException;
import dev.freehold.api.lambda.FunctionConfiguration;
import dev.freehold.api.lambda.ImageConfig;
import dev.freehold.api.lambda.InvalidRuntimeException;
import dev.freehold.api.lambda.LoggingConfig;
import dev.freehold.api.lambda.RecursiveInvocationException;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.Principal;
import dev.freehold.protocol.Usage;
import dev.freehold.sandbox.Engine;
import dev.freehold.sandbox.FunctionSpec;
import dev.freehold.sandbox.Interpreter;
import dev.freehold.sandbox.Invocation;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.sandbox.InvocationResult.Timings;
import dev.freehold.sandbox.Runtimes;
import dev.freehold.sandbox.egress.Egress;
import dev.freehold.sandbox.image.ImageException;
import dev.freehold.sandbox.image.ImageProcess;
import dev.freehold.sandbox.isolation.Machine;
import dev.freehold.sandbox.isolation.Mount;
import dev.freehold.sandbox.streaming.AnswerPipe;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.lambda.budgets.Budgets;
import dev.freehold.services.lambda.code.ContainerImages;
import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.code.Trees;
import dev.freehold.services.lambda.rules.DebugTag;
import dev.freehold.services.lambda.rules.EgressTag;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FileSystems;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.ImageSettings;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.rules.Throttles;
import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.services.lambda.state.FunctionRow;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.VersionKey;
import dev.freehold.services.lambda.state.VersionRow;
import dev.freehold.services.lambda.state.VersionRow.Failure;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.io.IOException;
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

    private final Engine engine;
    private final Parts parts;
    private final Traces traces = new Traces();

    /// What it works with.
    ///
    /// @param endpoint where functions reach this server
    /// @param chance a number from 0 to 1, for aliases with weights
    /// @param ids makes UUIDs
    /// @param development whether functions may be debugged
    /// @param durables invokes durable functions
    public record Parts(
            Store store,
            Runtimes runtimes,
            Packages packages,
            ContainerImages images,
            FileSystems fileSystems,
            Credentials credentials,
            Gate gate,
            Budgets budgets,
            InstantSource clock,
            String endpoint,
            DoubleSupplier chance,
            Supplier<String> ids,
            boolean development,
            DurableRuns durables) {}

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
        return invoke(call, routed(call.name()), caller, false);
    }

    private Answer invoke(Call call, Caller caller, boolean toTheEnd) {
        Lookup.Found found = routed(call.name());
        return found.version().configuration().durableConfig() == null
                ? invoke(call, found, caller, toTheEnd)
                : parts.durables.run(call, null, found, caller);
    }

    private Answer invoke(Call call, Lookup.Found found, Caller caller, boolean toTheEnd) {
        Entry entry = enter(call, found);
        boolean begun = false;
        try {
            Ready ready = ready(entry, caller.requestId());
            InvocationResult result =
                    toTheEnd
                            ? engine.invoke(ready.spec, ready.invocation, ready.variables)
                            : engine.answer(
                                    ready.spec, ready.invocation, ready.variables, entry.ended);
            begun = true;
            keep(ready, result);
            Timings timings = result.timings();
            if (toTheEnd) {
                entry.ended.accept(timings);
            }
            if (entry.port == 0) {
                caller.usage().addAll(usage(timings, entry.memory));
            }
            return new Answer(result, ready.version);
        } catch (Engine.FullException e) {
            throw Throttles.of(Throttles.ACCOUNT);
        } catch (Engine.RestoreException e) {
            throw SnapStarts.failed(e);
        } finally {
            if (!begun) {
                entry.held.close();
            }
        }
    }

    /// Begins to run a function, which goes on by itself, whether its answer is read or not. Who
    /// reads it must also close it.
    ///
    /// @param until when the answer is over
    /// @throws dev.freehold.protocol.ServiceError when it can't be started
    public Streamed stream(Call call, Caller caller, Engine.Until until) {
        Lookup.Found found = routed(call.name());
        if (found.version().configuration().durableConfig() != null) {
            throw Errors.invalid("Durable functions do not support response streaming.");
        }
        Entry entry = enter(call, found);
        boolean begun = false;
        try {
            Ready ready = ready(entry, caller.requestId());
            Engine.Watch watch =
                    new Engine.Watch(until, result -> keep(ready, result), entry.ended);
            AnswerPipe<InvocationResult> answer =
                    engine.stream(ready.spec, ready.invocation, ready.variables, watch);
            begun = true;
            return new Streamed(answer, ready.version);
        } catch (Engine.FullException e) {
            throw Throttles.of(Throttles.ACCOUNT);
        } finally {
            if (!begun) {
                entry.held.close();
            }
        }
    }

    /// An invocation that was let in.
    ///
    /// @param port where a debugger finds the function; 0 when it is not debugged
    /// @param held until it ends
    /// @param ended ends it
    private record Entry(
            Call call,
            Lookup.Found found,
            int memory,
            int port,
            Held held,
            Consumer<Timings> ended) {}

    private Entry enter(Call call, Lookup.Found found) {
        FunctionName name = call.name();
        FunctionId id = name.id();
        boolean loops = Lineage.hops(call.trace(), id.arn()) >= Lineage.MAX_HOPS;
        if (loops && found.function().recursiveLoop().equals("Terminate")) {
            throw recursion();
        }
        checkTenant(call, found.version().configuration());
        SnapStarts.checkState(found.version(), parts.clock.instant());
        int port = debugPort(found);
        int memory = intOf(found.version().configuration().memorySize(), 128);
        Held held = new Held();
        boolean entered = false;
        try {
            held.add(parts.gate.enter(found.key(), found.function().reserved())::close);
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
            entered = true;
            return new Entry(call, found, memory, port, held, ended);
        } finally {
            if (!entered) {
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

    /// What the engine runs.
    ///
    /// @param version as which it runs
    /// @param begun when it was let in, in nanoseconds
    /// @param admission how long it took until now
    private record Ready(
            FunctionSpec spec,
            Invocation invocation,
            Supplier<Map<String, String>> variables,
            String version,
            long begun,
            Duration admission) {}

    private Ready ready(Entry entry, String requestId) {
        long begun = System.nanoTime();
        Call call = entry.call;
        Lookup.Found found = entry.found;
        VersionRow version = found.version().running();
        FunctionConfiguration configuration = version.configuration();
        EnvironmentKey key = key(found.key(), version, call.tenant(), entry.port);
        Trees.Lease code = runnable(version, key);
        entry.held.add(code::close);
        Layers layers = layers(version.layers(), key.text());
        entry.held.add(layers::close);
        Machine machine = machine(version, key, found.function().tags());
        FunctionSpec plain =
                spec(configuration, key, machine, new Files(code.path(), layers.path()));
        FunctionSpec spec = entry.port == 0 ? plain : debugged(plain, entry.port);
        Invocation invocation =
                new Invocation(
                        requestId,
                        call.payload(),
                        call.name().arn(),
                        call.clientContext(),
                        trace(call, configuration),
                        call.tenant());
        return new Ready(
                spec,
                invocation,
                () -> variables(configuration, key),
                key.version(),
                begun,
                Duration.ofNanos(System.nanoTime() - begun));
    }

    private void keep(Ready ready, InvocationResult result) {
        Duration total = Duration.ofNanos(System.nanoTime() - ready.begun);
        traces.keep(trace(ready.invocation, ready.version, ready.admission, total, result));
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

    /// The same to run it now.
    private Trees.Lease runnable(VersionRow row, EnvironmentKey key) {
        try {
            return code(row, key);
        } catch (ImageException e) {
            throw Errors.conflict(
                    "The operation cannot be performed at this time. The function is currently in"
                            + " the following state: Failed");
        }
    }

    /// What a version runs: its package, or its image's file system. Whoever gave the image's URI
    /// had the right to read it; from then on it is the account's.
    ///
    /// @throws ImageException when the image can't be had
    private Trees.Lease code(VersionRow row, EnvironmentKey key) {
        FunctionConfiguration configuration = row.configuration();
        if (!ImageSettings.isImage(configuration)) {
            return parts.packages.unpacked(row.code(), key.text());
        }
        FunctionId id = key.function();
        return parts.images.unpacked(row.code(), key.text(), () -> accountOf(id));
    }

    private Caller accountOf(FunctionId id) {
        Principal root = new Principal.Root(id.account());
        String request = parts.ids.get();
        return new Caller(id.account(), id.region(), root, request, Map.of(), new Usage());
    }

    private Machine machine(VersionRow row, EnvironmentKey key, Map<String, String> tags) {
        FunctionConfiguration configuration = row.configuration();
        List<Mount> mounts =
                parts.fileSystems.mounts(configuration.fileSystemConfigs(), key.function());
        if (mounts == null) {
            throw new EFSMountFailureException(
                    "The function couldn't mount the Amazon EFS file system: this server is"
                            + " started without its --mount.",
                    EFSMountFailureException.Members.builder().type("User").build());
        }
        Egress egress = EgressTag.of(tags);
        if (!ImageSettings.isImage(configuration)) {
            return new Machine(null, mounts, egress);
        }
        ImageConfig own = ImageSettings.config(configuration);
        ImageProcess process =
                parts.images
                        .image(row.code())
                        .process(own.entryPoint(), own.command(), own.workingDirectory());
        return new Machine(process, mounts, egress);
    }

    private Runtimes.Choice runtime(FunctionConfiguration configuration) {
        if (ImageSettings.isImage(configuration)) {
            return new Runtimes.Choice(Interpreter.PROVIDED, null);
        }
        Runtimes.Choice choice = parts.runtimes.choose(String.valueOf(configuration.runtime()));
        if (choice == null) {
            throw new InvalidRuntimeException(
                    "This host has no interpreter for the runtime " + configuration.runtime());
        }
        return choice;
    }

    /// Where a version's code and layers are.
    private record Files(Path code, @Nullable Path layers) {}

    private Map<String, String> tags(FunctionId id) {
        FunctionRow row = parts.store.read(tx -> tx.get(LambdaTables.FUNCTIONS, id));
        return row == null ? Map.of() : row.tags();
    }

    private FunctionSpec spec(
            FunctionConfiguration configuration, EnvironmentKey key, Machine machine, Files files) {
        Runtimes.Choice choice = runtime(configuration);
        LoggingConfig logging = configuration.loggingConfig();
        var environment = configuration.environment();
        var storage = configuration.ephemeralStorage();
        Map<String, String> own = environment == null ? null : environment.variables();
        return new FunctionSpec(
                key.text(),
                key.version(),
                choice.runtime(),
                configuration.handler() == null ? "" : configuration.handler(),
                files.code,
                files.layers,
                own == null ? Map.of() : own,
                intOf(configuration.memorySize(), 128),
                Duration.ofSeconds(intOf(configuration.timeout(), 3)),
                logging == null || logging.logFormat() == null ? "Text" : logging.logFormat(),
                logging == null ? null : logging.applicationLogLevel(),
                logging == null ? null : logging.systemLogLevel(),
                storage == null ? 512 : storage.size(),
                machine,
                choice.notice(),
                key.function().arn(),
                SnapStarts.has(configuration));
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
        String runtime = configuration.runtime();
        variables.put("AWS_EXECUTION_ENV", "AWS_Lambda_" + (runtime == null ? "Image" : runtime));
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
        try (Trees.Lease code = code(row, key);
                Layers layers = layers(row.layers(), key.text())) {
            Machine machine = machine(row, key, tags(key.function()));
            FunctionSpec spec =
                    spec(row.configuration(), key, machine, new Files(code.path(), layers.path()));
            engine.provision(spec, count, () -> variables(row.configuration(), key));
        }
    }

    /// Makes ready what a version needs before it can run.
    ///
    /// @return why it can't, or null when it can
    @Nullable Failure prepare(VersionKey version, VersionRow row) {
        EnvironmentKey key = key(version, row);
        FunctionConfiguration configuration = row.configuration();
        try (Trees.Lease code = code(row, key);
                Layers layers = layers(row.layers(), key.text())) {
            Machine machine = machine(row, key, tags(key.function()));
            FunctionSpec spec =
                    spec(configuration, key, machine, new Files(code.path(), layers.path()));
            if (!SnapStarts.has(configuration)) {
                engine.expect(spec);
                return null;
            }
            Engine.Refusal refusal = engine.initialize(spec, () -> variables(configuration, key));
            return refusal == null ? null : SnapStarts.failure(refusal);
        } catch (ImageException e) {
            return new Failure(e.reason().code(), String.valueOf(e.getMessage()));
        } catch (InvalidRuntimeException e) {
            return new Failure("InvalidRuntime", String.valueOf(e.getMessage()));
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
        if (before.running() != before) {
            engine.retire(key(version, before.running()).text());
        }
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
