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
import org.jspecify.annotations.Nullable;

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

    /// A function with a bootstrap that answers with its event.
    ///
    /// @param rest what the bootstrap does before it asks for the next event: a line of bash
    public FunctionSpec providedEcho(String rest) throws IOException {
        return provided(
                """
                #!/bin/bash
                API=http://$AWS_LAMBDA_RUNTIME_API/2018-06-01/runtime/invocation
                while true; do
                  curl -sS -D /tmp/head -o /tmp/event $API/next
                  ID=$(grep -i ^Lambda-Runtime-Aws-Request-Id: /tmp/head |
                    tr -d '\\r' | cut -d' ' -f2)
                  curl -sS -o /tmp/said -d @/tmp/event $API/$ID/response
                  %s
                done
                """
                        .formatted(rest));
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
        return with(spec, Machine.STANDARD.with(Egress.NONE));
    }

    public static FunctionSpec with(FunctionSpec spec, Machine machine) {
        Copy copy = new Copy(spec, spec.key() + "-changed");
        copy.machine = machine;
        return copy.done();
    }

    public static FunctionSpec withTimeout(FunctionSpec spec, Duration timeout) {
        Copy copy = new Copy(spec, spec.key() + "-changed");
        copy.timeout = timeout;
        return copy.done();
    }

    public static FunctionSpec withMemory(FunctionSpec spec, int memory) {
        Copy copy = new Copy(spec, spec.key() + "-changed");
        copy.memory = memory;
        return copy.done();
    }

    public static FunctionSpec withVariables(FunctionSpec spec, Map<String, String> variables) {
        Copy copy = new Copy(spec, spec.key() + "-variables");
        copy.environment = variables;
        return copy.done();
    }

    public static FunctionSpec withRuntime(FunctionSpec spec, Interpreter runtime) {
        Copy copy = new Copy(spec, spec.key() + "-" + runtime.version());
        copy.runtime = runtime;
        return copy.done();
    }

    public static FunctionSpec withLogging(FunctionSpec spec, String format, String level) {
        Copy copy = new Copy(spec, spec.key() + "-" + format + level);
        copy.logFormat = format;
        copy.logLevel = level;
        return copy.done();
    }

    public static FunctionSpec withHandler(FunctionSpec spec, String handler) {
        Copy copy = new Copy(spec, spec.key() + "-" + handler);
        copy.handler = handler;
        return copy.done();
    }

    /// The same function, with a name.
    public static FunctionSpec named(FunctionSpec spec) {
        Copy copy = new Copy(spec, spec.key());
        copy.arn = "arn:aws:lambda:us-east-1:000000000000:function:named";
        return copy.done();
    }

    /// The same function, which logs as JSON.
    ///
    /// @param level of what the engine says
    public static FunctionSpec withJson(FunctionSpec spec, String level) {
        Copy copy = new Copy(spec, spec.key() + "-json-" + level);
        copy.logFormat = "JSON";
        copy.logLevel = "INFO";
        copy.systemLogLevel = level;
        return copy.done();
    }

    /// The same function, with SnapStart.
    public static FunctionSpec withSnapStart(FunctionSpec spec) {
        Copy copy = new Copy(spec, spec.key() + "-snapped");
        copy.version = "1";
        copy.snapStart = true;
        return copy.done();
    }

    public static FunctionSpec withLayers(FunctionSpec spec, Path layers) {
        Copy copy = new Copy(spec, spec.key());
        copy.layers = layers;
        return copy.done();
    }

    /// A function that becomes another.
    private static final class Copy {
        private final FunctionSpec spec;
        private final String key;
        private String version;
        private Interpreter runtime;
        private String handler;
        private @Nullable Path layers;
        private Map<String, String> environment;
        private int memory;
        private Duration timeout;
        private String logFormat;
        private @Nullable String logLevel;
        private @Nullable String systemLogLevel;
        private Machine machine;
        private String arn;
        private boolean snapStart;

        Copy(FunctionSpec spec, String key) {
            this.spec = spec;
            this.key = key;
            this.version = spec.version();
            this.runtime = spec.runtime();
            this.handler = spec.handler();
            this.layers = spec.layers();
            this.environment = spec.environment();
            this.memory = spec.memory();
            this.timeout = spec.timeout();
            this.logFormat = spec.logFormat();
            this.logLevel = spec.logLevel();
            this.systemLogLevel = spec.systemLogLevel();
            this.machine = spec.machine();
            this.arn = spec.arn();
            this.snapStart = spec.snapStart();
        }

        FunctionSpec done() {
            return new FunctionSpec(
                    key,
                    version,
                    runtime,
                    handler,
                    spec.code(),
                    layers,
                    environment,
                    memory,
                    timeout,
                    logFormat,
                    logLevel,
                    systemLogLevel,
                    spec.ephemeralStorage(),
                    machine,
                    spec.notice(),
                    arn,
                    snapStart);
        }
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
