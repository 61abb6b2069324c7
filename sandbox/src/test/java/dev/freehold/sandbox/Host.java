package dev.freehold.sandbox;

import dev.freehold.sandbox.egress.Egress;
import dev.freehold.sandbox.host.Trees;
import dev.freehold.sandbox.isolation.Machine;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// A real engine with real sandboxes, in a folder that is removed after the test.
public final class Host implements AutoCloseable {
    public static final int PORT = 4610;

    /// What the caller of a function gets whose answer is too large.
    public static final String TOO_LARGE =
            "{\"errorType\":\"Function.ResponseSizeTooLarge\",\"errorMessage\":\"Response payload"
                    + " size exceeded maximum allowed payload size (6291556 bytes).\"}";

    public final Path data;
    public final Layout layout;
    public final Runtimes runtimes;
    public final Engine engine;
    private final StringBuffer log = new StringBuffer();
    private final AtomicInteger counter = new AtomicInteger();

    public Host() throws IOException {
        this(1);
    }

    public Host(int pool) throws IOException {
        this(pool, true);
    }

    /// @param isolated whether functions run in sandboxes
    public Host(int pool, boolean isolated) throws IOException {
        data = Files.createTempDirectory("freehold");
        layout = Layout.create(data, data.resolve("runtimes"));
        runtimes = Runtimes.find(data.resolve("runtimes"));
        Sandbox sandbox = new Sandbox(layout, isolated, PORT);
        sandbox.selfTest();
        Supplier<String> ids = () -> "id-" + counter.incrementAndGet();
        engine =
                new Engine(
                        sandbox,
                        InstantSource.system(),
                        ids,
                        (spec, id) -> new LogSink.Opened(log::append, "/aws/lambda/f", id),
                        report -> 0,
                        pool);
    }

    public String log() {
        return log.toString();
    }

    public FunctionSpec python(String code) throws IOException {
        return function("python3.11", "index.py", code);
    }

    public FunctionSpec node(String code) throws IOException {
        return function("nodejs20.x", "index.js", code);
    }

    /// A function with a bootstrap of its own.
    public FunctionSpec provided(String bootstrap) throws IOException {
        FunctionSpec spec = function("provided.al2023", "bootstrap", bootstrap);
        allow(spec.code().resolve("bootstrap"));
        return spec;
    }

    public static void allow(Path program) throws IOException {
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    public FunctionSpec function(String runtime, String file, String code) throws IOException {
        String name = "f" + counter.incrementAndGet();
        Path directory = Files.createDirectories(layout.code().resolve(name));
        Files.writeString(directory.resolve(file), code);
        Runtimes.Choice choice = runtimes.choose(runtime);
        if (choice == null) {
            throw new IOException("no interpreter for " + runtime);
        }
        return new FunctionSpec(
                name,
                "$LATEST",
                choice.runtime(),
                "index.handler",
                directory,
                null,
                Map.of(),
                256,
                Duration.ofSeconds(5),
                "Text",
                null);
    }

    /// The same function, with no way out.
    public static FunctionSpec withoutNetwork(FunctionSpec spec) {
        return with(spec, spec.memory(), spec.timeout(), Machine.STANDARD.with(Egress.NONE));
    }

    public static FunctionSpec with(FunctionSpec spec, Machine machine) {
        return with(spec, spec.memory(), spec.timeout(), machine);
    }

    public static FunctionSpec withTimeout(FunctionSpec spec, Duration timeout) {
        return with(spec, spec.memory(), timeout, spec.machine());
    }

    public static FunctionSpec withMemory(FunctionSpec spec, int memory) {
        return with(spec, memory, spec.timeout(), spec.machine());
    }

    public static FunctionSpec withVariables(FunctionSpec spec, Map<String, String> variables) {
        return new FunctionSpec(
                spec.key() + "-variables",
                spec.version(),
                spec.runtime(),
                spec.handler(),
                spec.code(),
                spec.layers(),
                variables,
                spec.memory(),
                spec.timeout(),
                spec.logFormat(),
                spec.logLevel());
    }

    public static FunctionSpec withRuntime(FunctionSpec spec, Interpreter runtime) {
        return new FunctionSpec(
                spec.key() + "-" + runtime.version(),
                spec.version(),
                runtime,
                spec.handler(),
                spec.code(),
                spec.layers(),
                spec.environment(),
                spec.memory(),
                spec.timeout(),
                spec.logFormat(),
                spec.logLevel());
    }

    public static FunctionSpec withLogging(FunctionSpec spec, String format, String level) {
        return new FunctionSpec(
                spec.key() + "-" + format + level,
                spec.version(),
                spec.runtime(),
                spec.handler(),
                spec.code(),
                spec.layers(),
                spec.environment(),
                spec.memory(),
                spec.timeout(),
                format,
                level);
    }

    public static FunctionSpec withHandler(FunctionSpec spec, String handler) {
        return new FunctionSpec(
                spec.key() + "-" + handler,
                spec.version(),
                spec.runtime(),
                handler,
                spec.code(),
                spec.layers(),
                spec.environment(),
                spec.memory(),
                spec.timeout(),
                spec.logFormat(),
                spec.logLevel());
    }

    private static FunctionSpec with(
            FunctionSpec spec, int memory, Duration timeout, Machine machine) {
        return new FunctionSpec(
                spec.key() + "-changed",
                spec.version(),
                spec.runtime(),
                spec.handler(),
                spec.code(),
                spec.layers(),
                spec.environment(),
                memory,
                timeout,
                spec.logFormat(),
                spec.logLevel(),
                spec.systemLogLevel(),
                spec.ephemeralStorage(),
                machine,
                spec.notice(),
                spec.arn(),
                spec.snapStart());
    }

    /// The same function, with a name.
    public static FunctionSpec named(FunctionSpec spec) {
        return new FunctionSpec(
                spec.key(),
                spec.version(),
                spec.runtime(),
                spec.handler(),
                spec.code(),
                spec.layers(),
                spec.environment(),
                spec.memory(),
                spec.timeout(),
                spec.logFormat(),
                spec.logLevel(),
                spec.systemLogLevel(),
                spec.ephemeralStorage(),
                spec.machine(),
                spec.notice(),
                "arn:aws:lambda:us-east-1:000000000000:function:named",
                spec.snapStart());
    }

    /// The same function, which logs as JSON.
    ///
    /// @param level of what the engine says
    public static FunctionSpec withJson(FunctionSpec spec, String level) {
        return new FunctionSpec(
                spec.key() + "-json-" + level,
                spec.version(),
                spec.runtime(),
                spec.handler(),
                spec.code(),
                spec.layers(),
                spec.environment(),
                spec.memory(),
                spec.timeout(),
                "JSON",
                "INFO",
                level,
                spec.ephemeralStorage(),
                spec.machine(),
                spec.notice(),
                spec.arn(),
                spec.snapStart());
    }

    /// The same function, with SnapStart.
    public static FunctionSpec withSnapStart(FunctionSpec spec) {
        return new FunctionSpec(
                spec.key() + "-snapped",
                "1",
                spec.runtime(),
                spec.handler(),
                spec.code(),
                spec.layers(),
                spec.environment(),
                spec.memory(),
                spec.timeout(),
                spec.logFormat(),
                spec.logLevel(),
                spec.systemLogLevel(),
                spec.ephemeralStorage(),
                spec.machine(),
                spec.notice(),
                spec.arn(),
                true);
    }

    public static FunctionSpec withLayers(FunctionSpec spec, Path layers) {
        return new FunctionSpec(
                spec.key(),
                spec.version(),
                spec.runtime(),
                spec.handler(),
                spec.code(),
                layers,
                spec.environment(),
                spec.memory(),
                spec.timeout(),
                spec.logFormat(),
                spec.logLevel());
    }

    public InvocationResult invoke(FunctionSpec spec, String event) throws Engine.FullException {
        return engine.invoke(spec, invocation(event), Map::of);
    }

    Invocation invocation(String event) {
        return new Invocation(
                "r-" + counter.incrementAndGet(),
                event.getBytes(StandardCharsets.UTF_8),
                "arn:aws:lambda:us-east-1:000000000000:function:f",
                null,
                null);
    }

    public static String text(InvocationResult result) {
        return new String(result.payload(), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        engine.close();
        Trees.delete(data);
    }
}
