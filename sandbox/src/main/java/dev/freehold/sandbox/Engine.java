package dev.freehold.sandbox;

import dev.freehold.sandbox.InvocationResult.Timings;
import dev.freehold.sandbox.host.Memory;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Runs invocations in environments: in one of the function that is idle, else in a new one.
public final class Engine implements AutoCloseable {
    /// How long a request waits for an environment beside the function's own timeout: two attempts
    /// to load its code, and what starts before it.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /// How many environments may end before one takes a request.
    private static final int MAX_ATTEMPTS = 3;

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

    /// Starts sandboxes for a function that was deployed, in the background, so that its first
    /// request finds one: those of virtual machines differ with its memory.
    ///
    /// @param memory the function's, in MiB
    /// @param variables the function's
    public void expect(Interpreter runtime, int memory, Map<String, String> variables) {
        starter.expect(runtime.tuned(memory, variables));
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
        return whole.in(invoke(spec, invocation, credentials, whole));
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
        return run(spec, invocation, credentials, answer, null);
    }

    /// Runs an invocation, and returns when it is answered: its extensions may take longer.
    ///
    /// @param ended hears what the invocation took when it has ended, once, also before this
    ///   returns; not when it never began
    /// @return with the whole answer, of up to 6 MiB, and with a log only when it has ended
    /// @throws FullException when all environments are busy
    public InvocationResult answer(
            FunctionSpec spec,
            Invocation invocation,
            Supplier<Map<String, String>> credentials,
            Consumer<Timings> ended)
            throws FullException {
        WholeAnswer whole = new WholeAnswer();
        return whole.in(answer(spec, invocation, credentials, whole, ended));
    }

    /// The same, and hands on the answer while the function writes it.
    public InvocationResult answer(
            FunctionSpec spec,
            Invocation invocation,
            Supplier<Map<String, String>> credentials,
            ResponseSink answer,
            Consumer<Timings> ended)
            throws FullException {
        return run(spec, invocation, credentials, answer, ended);
    }

    /// @param ended null when the caller waits for the end
    private InvocationResult run(
            FunctionSpec spec,
            Invocation invocation,
            Supplier<Map<String, String>> credentials,
            ResponseSink answer,
            @Nullable Consumer<Timings> ended)
            throws FullException {
        Running.Hooks hooks = new Running.Hooks(prices, ended == null ? timings -> {} : ended);
        Duration patience = spec.timeout().multipliedBy(2).plus(PATIENCE);
        long asked = System.nanoTime();
        for (int attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
            Start start = fleet.acquire(spec, credentials, patience);
            long begun = System.nanoTime();
            Running.Had had = new Running.Had(start, Duration.ofNanos(begun - asked));
            InvocationResult result =
                    switch (start) {
                        case Start.Up up -> {
                            Instance instance = up.instance();
                            yield new Running(spec, invocation, instance.log, had, hooks)
                                    .run(
                                            instance.environment,
                                            answer,
                                            ended == null,
                                            () -> fleet.release(up, System.nanoTime() - begun));
                        }
                        case Start.Failed failed ->
                                new Running(spec, invocation, failed.log(), had, hooks)
                                        .failed(failed);
                        case Start.Full _ -> throw new FullException();
                    };
            if (result != null) {
                return result;
            }
        }
        throw new FullException();
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
