package dev.freehold.sandbox;

import dev.freehold.sandbox.InvocationResult.Timings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Runs invocations in environments: in one of the function that is idle, else in a new one.
public final class Engine implements AutoCloseable {
    /// The most environments that run functions at a time.
    private static final int MAX_ENVIRONMENTS = 256;

    /// How long an idle environment is kept.
    private static final Duration KEEP_ALIVE = Duration.ofMinutes(10);

    private final Sandbox sandbox;
    private final Layout layout;
    private final Supplier<String> ids;
    private final LogSink.Factory logs;
    private final ToDoubleFunction<Report> prices;
    private final int poolSize;
    private final Map<Interpreter, Pool> pools = new ConcurrentHashMap<>();
    private final Map<String, Deque<Running>> idle = new HashMap<>();
    private int running;
    private boolean closed;

    /// An environment with its function.
    private record Running(Environment environment, FunctionSpec spec, Tail log) {}

    /// What an invocation used, to be priced.
    public record Report(FunctionSpec spec, Timings timings) {}

    /// @param logs opens the logs of environments
    /// @param prices an invocation's price in US dollars
    /// @param poolSize how many environments of each runtime wait
    public Engine(
            Sandbox sandbox,
            Layout layout,
            Supplier<String> ids,
            LogSink.Factory logs,
            ToDoubleFunction<Report> prices,
            int poolSize) {
        this.sandbox = sandbox;
        this.layout = layout;
        this.ids = ids;
        this.logs = logs;
        this.prices = prices;
        this.poolSize = poolSize;
    }

    /// Starts environments of that runtime, in the background.
    public void warm(Interpreter runtime) {
        pool(runtime).fill();
    }

    private Pool pool(Interpreter runtime) {
        return pools.computeIfAbsent(
                runtime, _ -> new Pool(runtime, sandbox, layout, ids, poolSize));
    }

    /// There is no place for another environment.
    public static final class FullException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /// Runs an invocation to its end.
    ///
    /// @param credentials the execution role's, asked for when an environment is new
    /// @throws FullException when all environments are busy
    public InvocationResult invoke(
            FunctionSpec spec, Invocation invocation, Supplier<Map<String, String>> credentials)
            throws FullException {
        long asked = System.nanoTime();
        Running warm = takeIdle(spec.key());
        if (warm != null) {
            warm.log.begin(invocation.requestId(), spec.version());
            return run(warm, invocation, null, null);
        }
        return cold(spec, invocation, credentials, asked);
    }

    private InvocationResult cold(
            FunctionSpec spec,
            Invocation invocation,
            Supplier<Map<String, String>> credentials,
            long asked)
            throws FullException {
        count();
        boolean kept = false;
        Environment environment = null;
        try {
            environment = pool(spec.runtime()).take();
            LogSink.Opened opened = logs.open(spec, environment.id());
            Tail tail = new Tail(opened.sink());
            Map<String, String> variables = variables(spec, opened, credentials.get());
            long ready = System.nanoTime();
            tail.begin(invocation.requestId(), spec.version());
            byte[] error = environment.init(spec, variables, tail);
            Duration init = Duration.ofNanos(System.nanoTime() - ready);
            Duration start = Duration.ofNanos(ready - asked);
            if (error != null) {
                return ended(spec, environment, tail, invocation, error, start, init);
            }
            kept = true;
            return run(new Running(environment, spec, tail), invocation, start, init);
        } catch (IOException e) {
            byte[] error = Errors.json("Sandbox.StartFailed", String.valueOf(e.getMessage()));
            return new InvocationResult(error, true, new Timings(Duration.ZERO, null, null), 0, "");
        } finally {
            if (!kept) {
                release(environment);
            }
        }
    }

    /// The function's own initialisation failed.
    private InvocationResult ended(
            FunctionSpec spec,
            Environment environment,
            Tail tail,
            Invocation invocation,
            byte[] error,
            Duration start,
            Duration init) {
        Timings timings = new Timings(Duration.ZERO, start, init);
        String log = finish(spec, tail, invocation, timings, environment.maxMemory());
        return new InvocationResult(error, true, timings, environment.maxMemory() >> 20, log);
    }

    private Map<String, String> variables(
            FunctionSpec spec, LogSink.Opened log, Map<String, String> credentials) {
        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("PATH", "/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin");
        variables.put("LANG", "en_US.UTF-8");
        variables.put("TZ", ":UTC");
        variables.put("HOME", "/tmp");
        variables.put("LAMBDA_TASK_ROOT", "/var/task");
        variables.put("LAMBDA_RUNTIME_DIR", "/var/runtime");
        variables.put("_HANDLER", spec.handler());
        variables.put("AWS_LAMBDA_FUNCTION_VERSION", spec.version());
        variables.put("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", String.valueOf(spec.memory()));
        variables.put("AWS_LAMBDA_LOG_GROUP_NAME", log.group());
        variables.put("AWS_LAMBDA_LOG_STREAM_NAME", log.stream());
        variables.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
        variables.putAll(spec.environment());
        variables.putAll(credentials);
        return variables;
    }

    private InvocationResult run(
            Running running,
            Invocation invocation,
            @Nullable Duration start,
            @Nullable Duration init) {
        FunctionSpec spec = running.spec;
        long begun = System.nanoTime();
        Environment.Answer answer;
        try {
            answer = running.environment.invoke(invocation, spec.timeout(), spec.memory());
        } catch (IOException e) {
            byte[] error =
                    Errors.json(
                            "Runtime.ExitError",
                            "RequestId: " + invocation.requestId() + " Error: Runtime exited");
            answer = new Environment.Answer(error, true, true);
        }
        Timings timings = new Timings(Duration.ofNanos(System.nanoTime() - begun), start, init);
        long memory = running.environment.maxMemory();
        String log = finish(spec, running.log, invocation, timings, memory);
        if (answer.dead()) {
            release(running.environment);
        } else {
            putIdle(running);
        }
        return new InvocationResult(answer.payload(), answer.failed(), timings, memory >> 20, log);
    }

    private String finish(
            FunctionSpec spec, Tail tail, Invocation invocation, Timings timings, long memory) {
        double price = prices.applyAsDouble(new Report(spec, timings));
        StringBuilder report = new StringBuilder();
        report.append("REPORT RequestId: ").append(invocation.requestId());
        report.append("\tDuration: ").append(millis(timings.duration())).append(" ms");
        report.append("\tBilled Duration: ").append(timings.billedMillis()).append(" ms");
        report.append("\tMemory Size: ").append(spec.memory()).append(" MB");
        report.append("\tMax Memory Used: ").append(memory >> 20).append(" MB");
        if (timings.init() != null) {
            report.append("\tInit Duration: ").append(millis(timings.init())).append(" ms");
        }
        if (timings.sandbox() != null) {
            report.append("\tSandbox: ").append(millis(timings.sandbox())).append(" ms");
        }
        report.append("\tCost: $").append("%.10f".formatted(price)).append("\t\n");
        return tail.end(invocation.requestId(), report.toString());
    }

    private static String millis(Duration duration) {
        return "%.2f".formatted(duration.toNanos() / 1e6);
    }

    private synchronized void count() throws FullException {
        if (closed || (running >= MAX_ENVIRONMENTS && !evictOne())) {
            throw new FullException();
        }
        running++;
    }

    /// Ends the environment that is idle the longest, of any function.
    private boolean evictOne() {
        Running oldest = null;
        for (Deque<Running> waiting : idle.values()) {
            Running last = waiting.peekLast();
            if (last != null
                    && (oldest == null
                            || last.environment.lastUsed() < oldest.environment.lastUsed())) {
                oldest = last;
            }
        }
        if (oldest == null) {
            return false;
        }
        remove(oldest);
        closeLater(oldest.environment);
        running--;
        return true;
    }

    private void remove(Running gone) {
        Deque<Running> waiting = idle.get(gone.spec.key());
        if (waiting != null) {
            waiting.remove(gone);
            if (waiting.isEmpty()) {
                idle.remove(gone.spec.key());
            }
        }
    }

    private static void closeLater(Environment environment) {
        Thread.ofVirtual().name("reaper").start(environment::close);
    }

    private synchronized @Nullable Running takeIdle(String key) {
        Deque<Running> waiting = idle.get(key);
        while (waiting != null && !waiting.isEmpty()) {
            Running running = waiting.removeFirst();
            if (waiting.isEmpty()) {
                idle.remove(key);
            }
            if (running.environment.alive()) {
                return running;
            }
            this.running--;
            closeLater(running.environment);
        }
        return null;
    }

    private synchronized void putIdle(Running running) {
        if (closed) {
            closeLater(running.environment);
        } else {
            idle.computeIfAbsent(running.spec.key(), _ -> new ArrayDeque<>()).addFirst(running);
        }
    }

    private synchronized void release(@Nullable Environment environment) {
        running--;
        if (environment != null) {
            closeLater(environment);
        }
    }

    /// Ends the idle environments of a function whose code or configuration has changed, or that is
    /// gone.
    public synchronized void retire(String key) {
        Deque<Running> waiting = idle.remove(key);
        if (waiting != null) {
            running -= waiting.size();
            waiting.forEach(one -> closeLater(one.environment));
        }
    }

    /// Ends environments that nobody has used for long. The server calls it now and then.
    public synchronized void reap() {
        long oldest = System.nanoTime() - TimeUnit.NANOSECONDS.convert(KEEP_ALIVE);
        List<Running> old = new ArrayList<>();
        for (Deque<Running> waiting : idle.values()) {
            waiting.stream().filter(r -> r.environment.lastUsed() < oldest).forEach(old::add);
        }
        for (Running one : old) {
            remove(one);
            running--;
            closeLater(one.environment);
        }
    }

    @Override
    public void close() {
        List<Running> all = new ArrayList<>();
        synchronized (this) {
            closed = true;
            idle.values().forEach(all::addAll);
            idle.clear();
        }
        pools.values().forEach(Pool::close);
        all.forEach(one -> one.environment.close());
    }

    /// Hands lines on, and keeps the last of them for callers that ask for the log's tail.
    private static final class Tail implements LogSink {
        private static final int MAX = 4096;

        private final LogSink sink;
        private final StringBuilder last = new StringBuilder();

        Tail(LogSink sink) {
            this.sink = sink;
        }

        synchronized void begin(String requestId, String version) {
            last.setLength(0);
            write("START RequestId: " + requestId + " Version: " + version + "\n");
        }

        synchronized String end(String requestId, String report) {
            write("END RequestId: " + requestId + "\n");
            write(report);
            byte[] bytes = last.toString().getBytes(StandardCharsets.UTF_8);
            int from = Math.max(0, bytes.length - MAX);
            return new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8);
        }

        @Override
        public synchronized void write(String text) {
            sink.write(text);
            last.append(text);
            if (last.length() > 2 * MAX) {
                last.delete(0, last.length() - MAX);
            }
        }
    }
}
