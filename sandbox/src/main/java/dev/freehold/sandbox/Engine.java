package dev.freehold.sandbox;

import dev.freehold.sandbox.InvocationResult.ColdStart;
import dev.freehold.sandbox.InvocationResult.Timings;
import dev.freehold.sandbox.host.Memory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Runs invocations in environments: in one of the function that is idle, else in a new one.
public final class Engine implements AutoCloseable {
    /// How long a request waits for an environment beside the function's own timeout: two attempts
    /// to load its code, and what starts before it.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Starter starter;
    private final Fleet fleet;
    private final ToDoubleFunction<Report> prices;

    /// What an invocation used, to be priced.
    public record Report(FunctionSpec spec, Timings timings) {}

    /// @param logs opens the logs of environments
    /// @param prices an invocation's price in US dollars
    /// @param poolSize how many sandboxes of each runtime wait at least
    public Engine(
            Sandbox sandbox,
            InstantSource clock,
            Supplier<String> ids,
            LogSink.Factory logs,
            ToDoubleFunction<Report> prices,
            int poolSize) {
        this.starter = new Starter(sandbox, ids, clock, logs, poolSize);
        this.fleet = new Fleet(starter);
        this.prices = prices;
    }

    /// Starts sandboxes of that runtime, in the background.
    public void warm(Interpreter runtime) {
        starter.warm(runtime);
    }

    /// There is no place for another environment.
    public static final class FullException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /// Runs an invocation to its end.
    ///
    /// @param credentials the execution role's, asked for when an environment is new
    /// @return with the whole answer, of up to 6 MiB
    /// @throws FullException when all environments are busy
    public InvocationResult invoke(
            FunctionSpec spec, Invocation invocation, Supplier<Map<String, String>> credentials)
            throws FullException {
        WholeAnswer whole = new WholeAnswer();
        InvocationResult result = invoke(spec, invocation, credentials, whole);
        return result.failed()
                ? result
                : new InvocationResult(
                        whole.bytes(),
                        false,
                        result.timings(),
                        result.maxMemory(),
                        result.logTail());
    }

    /// Runs an invocation to its end, and hands on its answer while the function writes it.
    ///
    /// @param answer takes the answer, also of a function that does not stream; when the function
    ///   fails it has what was written before, and the result has the error
    /// @throws FullException when all environments are busy
    public InvocationResult invoke(
            FunctionSpec spec,
            Invocation invocation,
            Supplier<Map<String, String>> credentials,
            ResponseSink answer)
            throws FullException {
        Duration patience = spec.timeout().multipliedBy(2).plus(PATIENCE);
        return switch (fleet.acquire(spec, credentials, patience)) {
            case Start.Up up -> run(up, invocation, answer);
            case Start.Failed failed -> failed(spec, failed, invocation);
            case Start.Full _ -> throw new FullException();
        };
    }

    private InvocationResult run(Start.Up up, Invocation invocation, ResponseSink sink) {
        FunctionSpec spec = up.group().spec;
        Instance instance = up.instance();
        ColdStart cold = instance.takeStart();
        instance.log.begin(invocation.requestId(), spec.version());
        long begun = System.nanoTime();
        try {
            Environment.Answer answer = instance.environment.invoke(spec, invocation, sink);
            Duration duration = Duration.ofNanos(System.nanoTime() - begun);
            if (answer.ended() != null) {
                instance.environment.end();
            }
            Timings timings = new Timings(duration, answer.cpu(), cold);
            long memory = instance.environment.maxMemory();
            Used used = new Used(timings, memory, answer.ended());
            String log = finish(spec, instance.log, invocation, used);
            return new InvocationResult(
                    answer.payload(), answer.failed(), timings, memory >> 20, log);
        } finally {
            fleet.release(up);
        }
    }

    /// The function's code can't be loaded.
    private InvocationResult failed(FunctionSpec spec, Start.Failed failed, Invocation invocation) {
        Timings timings = new Timings(Duration.ZERO, Duration.ZERO, failed.start());
        failed.log().begin(invocation.requestId(), spec.version());
        Used used = new Used(timings, failed.memory(), failed.failure());
        String log = finish(spec, failed.log(), invocation, used);
        byte[] error = failed.failure().error(invocation.requestId());
        return new InvocationResult(error, true, timings, failed.memory() >> 20, log);
    }

    /// What a REPORT line says.
    private record Used(Timings timings, long memory, @Nullable Failure failure) {}

    private String finish(FunctionSpec spec, Tail tail, Invocation invocation, Used used) {
        Timings timings = used.timings;
        double price = prices.applyAsDouble(new Report(spec, timings));
        StringBuilder report = new StringBuilder(256);
        report.append("REPORT RequestId: ").append(invocation.requestId());
        column(report, "Duration", timings.duration());
        report.append("\tBilled Duration: ").append(timings.billedMillis()).append(" ms");
        report.append("\tMemory Size: ").append(spec.memory()).append(" MB");
        report.append("\tMax Memory Used: ").append(used.memory >> 20).append(" MB");
        ColdStart start = timings.coldStart();
        if (start != null) {
            column(report, "Init Duration", start.init());
        }
        report.append(used.failure == null ? "" : used.failure.columns());
        if (start != null) {
            column(report, "Queue", start.queue());
            column(report, "Sandbox", start.sandbox());
            column(report, "Runtime", start.runtime());
            column(report, "Code", start.code());
        }
        column(report, "CPU", timings.cpu());
        report.append(String.format(Locale.ROOT, "\tCost: $%.10f\t\n", price));
        return tail.end(invocation.requestId(), report.toString());
    }

    private static void column(StringBuilder report, String name, Duration duration) {
        report.append('\t').append(name).append(": ");
        report.append(Starter.millis(duration)).append(" ms");
    }

    /// Why a function's code can't be loaded.
    ///
    /// @param type the error's type
    /// @param message a sentence
    public record Refusal(String type, String message) {}

    /// Initialises an environment of a function before anybody asks for it: SnapStart. It waits for
    /// work, and ends when it has waited for long, as others do.
    ///
    /// @return why it did not come up, or null when it did
    public @Nullable Refusal initialize(
            FunctionSpec spec, Supplier<Map<String, String>> credentials) {
        return switch (fleet.initialize(spec, credentials)) {
            case Start.Up _ -> null;
            case Start.Failed failed -> failed.failure().refusal();
            case Start.Full _ -> new Refusal("Sandbox.Failure", "There is no place for it.");
        };
    }

    /// Keeps environments of a function initialised and frozen, from now on: provisioned
    /// concurrency. Those that end are replaced; more are started when more are asked for.
    ///
    /// @param count how many; 0 is none
    public void provision(FunctionSpec spec, int count, Supplier<Map<String, String>> credentials) {
        fleet.provision(spec, count, credentials);
    }

    /// How many environments of a function are initialised, idle or not.
    public int available(String key) {
        return fleet.live(key);
    }

    /// Ends the environments of a function whose code or configuration has changed, or that is
    /// gone: idle ones at once, others after their invocation.
    ///
    /// @param key the key, or what several keys have before a space
    public void retire(String key) {
        fleet.retire(key);
    }

    /// Ends environments that nobody has used for long, and fits the pools to what was asked for
    /// lately. The server calls it now and then.
    public void reap() {
        fleet.sweep(Memory.low());
        starter.refill();
    }

    @Override
    public void close() {
        fleet.close();
        starter.close();
    }
}
