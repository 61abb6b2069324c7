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
import dev.freehold.sandbox.image.ImageException;
import dev.freehold.sandbox.streaming.AnswerPipe;
import dev.freehold.services.iam.Credentials;
import dev.freehold.services.lambda.budgets.Budgets;
import dev.freehold.services.lambda.code.ContainerImages;
import dev.freehold.services.lambda.code.Packages;
import dev.freehold.services.lambda.rules.DebugTag;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FileSystems;
import dev.freehold.services.lambda.rules.FunctionName;
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
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs functions by the engine.
public final class Invoker {

    /// The timeout of what is debugged: nobody waits so long.
    private static final Duration DEBUGGING = Duration.ofDays(1);

    private final Engine engine;
    private final Parts parts;
    private final Specs specs;
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
        this.specs = new Specs(parts);
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
        Specs.Unpacked unpacked = unpacked(version, key, found.function().tags());
        entry.held.add(unpacked::close);
        FunctionSpec plain = unpacked.spec();
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
                unpacked.variables(),
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

    /// What a version needs to run now.
    private Specs.Unpacked unpacked(VersionRow row, EnvironmentKey key, Map<String, String> tags) {
        try {
            return specs.of(row, key, tags);
        } catch (ImageException e) {
            throw Errors.conflict(
                    "The operation cannot be performed at this time. The function is currently in"
                            + " the following state: Failed");
        }
    }

    private Map<String, String> tags(FunctionId id) {
        FunctionRow row = parts.store.read(tx -> tx.get(LambdaTables.FUNCTIONS, id));
        return row == null ? Map.of() : row.tags();
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

    /// Keeps environments of a version initialised, from now on.
    ///
    /// @param count how many, at least 1
    void provision(VersionKey version, VersionRow row, int count) {
        EnvironmentKey key = key(version, row);
        try (Specs.Unpacked unpacked = specs.of(row, key, tags(key.function()))) {
            engine.provision(unpacked.spec(), count, unpacked.variables());
        }
    }

    /// Makes ready what a version needs before it can run.
    ///
    /// @return why it can't, or null when it can
    @Nullable Failure prepare(VersionKey version, VersionRow row) {
        EnvironmentKey key = key(version, row);
        try (Specs.Unpacked unpacked = specs.of(row, key, tags(key.function()))) {
            if (!SnapStarts.has(row.configuration())) {
                engine.expect(unpacked.spec());
                return null;
            }
            Engine.Refusal refusal = engine.initialize(unpacked.spec(), unpacked.variables());
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
