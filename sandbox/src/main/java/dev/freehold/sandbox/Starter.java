package dev.freehold.sandbox;

import dev.freehold.sandbox.InvocationResult.ColdStart;
import dev.freehold.sandbox.caches.CodeCaches;
import dev.freehold.sandbox.caches.Compiled;
import dev.freehold.sandbox.caches.Sources;
import dev.freehold.sandbox.egress.Egress;
import dev.freehold.sandbox.isolation.Machine;
import dev.freehold.sandbox.live.Folders;
import dev.freehold.sandbox.scaling.Turns;
import dev.freehold.sandbox.telemetry.Telemetry;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Brings up environments: takes a sandbox from its runtime's pool or starts one, puts the function
/// into it, and waits for its code. As on AWS, code that fails to load or takes more than ten
/// seconds is loaded once more, with the function's own timeout, when a request waits for it.
final class Starter implements AutoCloseable {
    private static final Duration INIT_TIMEOUT = Duration.ofSeconds(10);

    /// How long it may take to load a function's code and to compile it ahead.
    private static final Duration COMPILE_TIMEOUT = Duration.ofSeconds(15);

    /// JVMs have one for each size of memory.
    private static final int MAX_POOLS = 24;

    /// How many pools may begin with deployments: others begin with a request.
    private static final int MAX_EXPECTED = 8;

    private static final String PYTHON_SDK = "boto3";
    private static final int MAX_IMPORTERS = 20_000;
    private static final String ON_DEMAND = "on-demand";

    private final Sandbox sandbox;
    private final Supplier<String> ids;
    private final InstantSource clock;
    private final LogSink.Factory logs;
    private final int poolSize;
    private volatile Consumer<String> retire = key -> {};
    private final Folders folders = new Folders(key -> retire.accept(key), this::drop);
    private final Map<Interpreter, Pool> pools = new ConcurrentHashMap<>();

    private final CodeCaches caches;

    /// The versions of functions that import AWS's SDK: they find it loaded.
    private final Set<String> importers = ConcurrentHashMap.newKeySet();

    /// More starts at a time would only make each slower; a start also waits, for the kernel. Pools
    /// are filled when no request waits.
    private final Turns starts = new Turns(2 * Runtime.getRuntime().availableProcessors());

    Starter(
            Sandbox sandbox,
            Supplier<String> ids,
            InstantSource clock,
            LogSink.Factory logs,
            int poolSize) {
        this.sandbox = sandbox;
        this.ids = ids;
        this.clock = clock;
        this.logs = logs;
        this.poolSize = poolSize;
        this.caches = new CodeCaches(sandbox.caches());
    }

    /// From now on, environments end when the folder changes that their code is in.
    ///
    /// @param ends ends the environments of a key
    void reloads(Consumer<String> ends) {
        retire = ends;
    }

    /// Starts sandboxes of that runtime, in the background.
    void warm(Interpreter runtime) {
        Pool pool = pool(runtime);
        if (pool != null) {
            pool.fill();
        }
    }

    /// A function was deployed: as [#warm], while there are few pools; and its code is compiled.
    void expect(FunctionSpec spec) {
        if (spec.machine().image() != null) {
            return; // only its own sandbox would do
        }
        Interpreter runtime = tuned(spec);
        if (pools.size() < MAX_EXPECTED || pools.containsKey(runtime)) {
            warm(runtime);
        }
        compile(spec);
    }

    /// The interpreter as a function needs it started.
    private Interpreter tuned(FunctionSpec spec) {
        Interpreter tuned = spec.runtime().tuned(spec.memory(), spec.environment());
        return importers.contains(spec.key()) ? tuned.importing(PYTHON_SDK) : tuned;
    }

    /// Has a function's code compiled ahead of its next starts, in the background, once.
    private void compile(FunctionSpec spec) {
        String name = sandbox.cacheName(spec);
        if (name != null && !spec.runtime().debugged() && !Launch.own(spec)) {
            caches.want(spec.key(), name, () -> compiled(spec));
        }
    }

    /// Compiles a function's code in a sandbox that reaches nothing and is nobody, and that is
    /// thrown away.
    private Compiled compiled(FunctionSpec spec) throws IOException, InterruptedException {
        Compiled compiled = new Compiled();
        Sources sources = new Sources(spec.code(), spec.layers());
        if (spec.runtime().language() == Interpreter.Language.PYTHON
                && importers.size() < MAX_IMPORTERS
                && sandbox.hasPythonSdk()
                && sources.importsPythonSdk()) {
            importers.add(spec.key());
            warm(tuned(spec));
        }
        if (!sources.worthCompiling(spec.runtime().sources())) {
            return compiled;
        }
        starts.last();
        Machine machine = Machine.STANDARD.with(Egress.NONE);
        int tmp = spec.ephemeralStorage();
        try (Environment environment = fresh(spec.runtime(), tmp, machine, null)) {
            environment.start(false);
            LogSink.Opened nowhere = new LogSink.Opened(text -> {}, "", "");
            Map<String, String> variables = variables(spec, nowhere, Map.of(), ON_DEMAND);
            environment.compile(spec, variables, COMPILE_TIMEOUT, compiled);
            return compiled;
        } finally {
            starts.done();
        }
    }

    /// A version is gone.
    void forget(String key) {
        importers.remove(key);
        caches.forget(key);
    }

    /// The sandboxes that wait for functions of that runtime; null when none do.
    private @Nullable Pool pool(Interpreter runtime) {
        if (runtime.language() == Interpreter.Language.JAVA) {
            sandbox.prepare(runtime);
        }
        if (!runtime.pooled() || (pools.size() >= MAX_POOLS && !pools.containsKey(runtime))) {
            return null;
        }
        return pools.computeIfAbsent(
                runtime, _ -> new Pool(() -> waiting(runtime), starts, poolSize));
    }

    private Environment waiting(Interpreter runtime) throws IOException {
        Environment environment = fresh(runtime, Sandbox.TMP_MEGABYTES, Machine.STANDARD, null);
        if (!runtime.speaks()) {
            environment.start(false);
        }
        return environment;
    }

    /// Gives up the sandboxes that show a folder.
    private void drop(Path folder) {
        for (Map.Entry<Interpreter, Pool> entry : pools.entrySet()) {
            boolean shows = entry.getKey().home().contains(folder);
            if (shows && pools.remove(entry.getKey(), entry.getValue())) {
                entry.getValue().close();
            }
        }
    }

    /// @param root the image's file system, when it has one
    private Environment fresh(
            Interpreter runtime, int tmpMegabytes, Machine machine, @Nullable Path root)
            throws IOException {
        Sandbox.Shape shape = new Sandbox.Shape(runtime.home(), tmpMegabytes, machine, root);
        return new Environment(ids.get(), runtime, sandbox, clock, shape);
    }

    /// One attempt: what came of it, and what it took.
    private record Attempt(
            Environment environment, SystemLog log, @Nullable Failure failure, ColdStart start) {}

    /// Starts an environment.
    ///
    /// @param type of the initialisation: `on-demand` or `provisioned-concurrency`
    /// @param queued how long its request has waited
    /// @param wanted whether a request waits
    Start start(
            Group group,
            Map<String, String> credentials,
            String type,
            Duration queued,
            BooleanSupplier wanted) {
        FunctionSpec spec = group.spec;
        try {
            Attempt first = attempt(spec, credentials, type, queued, null);
            if (first.failure == null) {
                compile(spec);
                return new Start.Up(group, new Instance(first.environment, first.log, first.start));
            }
            first.environment.close();
            if (!wanted.getAsBoolean()) {
                return failed(first);
            }
            Attempt second = attempt(spec, credentials, type, queued, first);
            if (second.failure == null) {
                return new Start.Up(
                        group, new Instance(second.environment, second.log, second.start));
            }
            second.environment.close();
            return failed(second);
        } catch (IOException e) {
            Failure failure = Failure.error("Sandbox.Failure", "Error: " + e.getMessage());
            return new Start.Failed(failure, silent(spec), none(queued), 0);
        }
    }

    /// The log of an environment that there is not.
    private SystemLog silent(FunctionSpec spec) {
        Telemetry nobody =
                new Telemetry(
                        port -> {
                            throw new IOException("no environment");
                        },
                        clock);
        nobody.closeSubscriptions();
        return new SystemLog(spec, new Tail(text -> {}), nobody, clock);
    }

    private static ColdStart none(Duration queued) {
        return new ColdStart(queued, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);
    }

    private Attempt attempt(
            FunctionSpec spec,
            Map<String, String> credentials,
            String type,
            Duration queued,
            @Nullable Attempt before)
            throws IOException {
        long begun = System.nanoTime();
        Interpreter interpreter = tuned(spec);
        if (!sandbox.stored(spec.code())) {
            folders.watch(spec.code(), spec.key());
            interpreter = interpreter.seeing(spec.code());
        }
        boolean own = Launch.own(spec);
        boolean usual =
                !own && spec.ephemeralStorage() == Sandbox.TMP_MEGABYTES && spec.machine().pooled();
        Pool pool = usual ? pool(interpreter) : null;
        Environment environment = pool == null ? null : pool.take();
        boolean waited = environment != null;
        if (environment == null) {
            environment = started(spec, interpreter);
        }
        Duration runtime = waited ? Duration.ZERO : environment.runtimeStart();
        boolean placed = false;
        try {
            long empty = System.nanoTime();
            LogSink.Opened opened = logs.open(spec, environment.id());
            Tail tail = before == null ? new Tail(opened.sink()) : before.log.tail();
            Telemetry telemetry = new Telemetry(environment.dialer(), clock);
            SystemLog log = new SystemLog(spec, tail, telemetry, clock);
            log.initStart(type, before == null ? "init" : "invoke", opened.stream());
            String cache = sandbox.cacheName(spec);
            environment.cache(cache == null ? null : caches.find(cache));
            environment.place(spec, variables(spec, opened, credentials, type), log);
            long ready = System.nanoTime();
            boolean first = before == null && !spec.runtime().debugged();
            Failure failure = environment.init(spec, first ? INIT_TIMEOUT : spec.timeout());
            placed = true;
            Duration taken = Duration.ofNanos(empty - begun);
            Duration sandboxed = waited ? taken : environment.sandboxStart();
            // What it was not busy with, it waited for its turn.
            Duration turn = taken.minus(sandboxed).minus(runtime);
            Duration init = Duration.ofNanos(System.nanoTime() - ready);
            log.initReport(init, failure);
            Duration code = Duration.ofNanos(ready - empty);
            return new Attempt(
                    environment,
                    log,
                    failure,
                    new ColdStart(queued.plus(turn), sandboxed, runtime, code, init));
        } finally {
            if (!placed) {
                environment.close();
            }
        }
    }

    /// A sandbox for a function whose pool has none.
    private Environment started(FunctionSpec spec, Interpreter interpreter) throws IOException {
        try {
            starts.first();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", e);
        }
        try {
            Machine machine = spec.machine();
            Path root = machine.image() == null ? null : spec.code();
            Environment environment = fresh(interpreter, spec.ephemeralStorage(), machine, root);
            if (!Launch.own(spec) && !interpreter.speaks()) {
                environment.start(true);
            }
            return environment;
        } finally {
            starts.done();
        }
    }

    static String millis(Duration duration) {
        return fixed((duration.toNanos() + 5_000) / 10_000, 2);
    }

    /// A number with a fixed point, written without the formatter, which costs more than the rest
    /// of a REPORT line together.
    ///
    /// @param unscaled the number times ten to the power of `digits`; not negative
    static String fixed(long unscaled, int digits) {
        StringBuilder out = new StringBuilder(20).append(unscaled);
        while (out.length() <= digits) {
            out.insert(0, '0');
        }
        return out.insert(out.length() - digits, '.').toString();
    }

    private static Start failed(Attempt attempt) {
        Failure failure = attempt.failure;
        if (failure == null) {
            throw new IllegalStateException("it has not failed");
        }
        return new Start.Failed(
                failure, attempt.log, attempt.start, attempt.environment.memory().most());
    }

    private Map<String, String> variables(
            FunctionSpec spec, LogSink.Opened log, Map<String, String> credentials, String type) {
        String root = sandbox.taskRoot(spec);
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", "/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin");
        variables.put("LD_LIBRARY_PATH", root + ":" + root + "/lib:/opt/lib");
        if (spec.runtime().language() == Interpreter.Language.DOTNET && spec.notice() != null) {
            // It is a later version than the one that the program was built for.
            variables.put("DOTNET_ROLL_FORWARD", "Major");
        }
        if (spec.runtime().language() == Interpreter.Language.NODEJS) {
            String layer = "/opt/nodejs/node" + spec.runtime().major() + "/node_modules:";
            variables.put("NODE_PATH", layer + "/opt/nodejs/node_modules:" + root);
        }
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        variables.put("HOME", "/tmp");
        variables.put("LAMBDA_TASK_ROOT", root);
        variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
        variables.put("_HANDLER", spec.handler());
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", spec.version());
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(spec.memory()));
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", log.group());
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", log.stream());
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", type);
        if (spec.logFormat().equals("JSON")) {
            variables.put("AWS_LAMBDA_LOG_FORMAT", "JSON");
            variables.put(
                    "AWS_LAMBDA_LOG_LEVEL", spec.logLevel() == null ? "INFO" : spec.logLevel());
        }
        variables.put("AWS_LAMBDA_RUNTIME_API", "127.0.0.1:" + Sandbox.RUNTIME_API_PORT);
        variables.putAll(spec.machine().egress().variables());
        variables.putAll(spec.environment());
        variables.putAll(credentials);
        return variables;
    }

    /// Fits the pools to what was asked for lately.
    void refill() {
        pools.values().forEach(Pool::fill);
    }

    @Override
    public void close() {
        folders.close();
        caches.close();
        pools.values().forEach(Pool::close);
    }
}
