package dev.freehold.sandbox;

import dev.freehold.sandbox.InvocationResult.Timings;
import dev.freehold.sandbox.host.Memory;
import dev.freehold.sandbox.streaming.AnswerPipe;
import dev.freehold.sandbox.streaming.ResponseSink;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// Runs invocations in environments: in one of the function that is idle, else in a new one.
public final class Engine implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Engine.class.getName());

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
        return whole.in(run(spec, invocation, credentials, whole, ended));
    }

    /// When a streamed answer is over.
    public enum Until {
        /// When the function has answered: its extensions may take longer, and there is a log only
        /// when they don't.
        ANSWERED,
        /// When the invocation has ended.
        ENDED
    }

    /// Begins an invocation, which goes on by itself to its end, also when nobody reads its answer.
    ///
    /// @param until when the answer is over
    /// @param ended hears what the invocation took when it has ended, once, also before this
    ///   returns
    /// @return the answer, of up to 200 MiB; its result has the error when the function fails
    /// @throws FullException when all environments are busy; then it never began
    public AnswerPipe<InvocationResult> stream(
            FunctionSpec spec,
            Invocation invocation,
            Supplier<Map<String, String>> credentials,
            Until until,
            Consumer<Timings> ended)
            throws FullException {
        AnswerPipe<InvocationResult> pipe = new AnswerPipe<>(Errors.MAX_STREAMED, CUT);
        AtomicBoolean over = new AtomicBoolean();
        Consumer<Timings> once =
                timings -> {
                    if (over.compareAndSet(false, true)) {
                        ended.accept(timings);
                    }
                };
        Running.Hooks hooks = new Running.Hooks(prices, once);
        switch (fleet.acquire(spec, credentials, patience(spec))) {
            case Start.Up up -> {
                Instance instance = up.instance();
                Running running =
                        new Running(spec, invocation, instance.log, instance.takeStart(), hooks);
                boolean toTheEnd = until == Until.ENDED;
                Runnable work =
                        () ->
                                pipe.end(
                                        running.run(
                                                instance.environment,
                                                pipe,
                                                toTheEnd,
                                                () -> fleet.release(up)));
                Thread.ofVirtual().name("invocation").start(() -> surely(work, pipe, once));
            }
            case Start.Failed failed ->
                    pipe.end(
                            new Running(spec, invocation, failed.log(), failed.start(), hooks)
                                    .failed(failed));
            case Start.Full _ -> throw new FullException();
        }
        return pipe;
    }

    /// The end of an answer that has more than it may.
    private static final InvocationResult CUT =
            new InvocationResult(
                    Errors.tooLarge(Errors.MAX_STREAMED), true, Timings.NONE, 0, "");

    /// Works, and if that fails lets nobody wait for ever.
    private static void surely(Runnable work, AnswerPipe<?> pipe, Consumer<Timings> ended) {
        try {
            work.run();
        } catch (RuntimeException | AssertionError e) {
            LOG.log(System.Logger.Level.ERROR, "a streamed invocation failed", e);
            ended.accept(Timings.NONE);
        } finally {
            pipe.breakOff();
        }
    }

    private static Duration patience(FunctionSpec spec) {
        return spec.timeout().multipliedBy(2).plus(PATIENCE);
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
        return switch (fleet.acquire(spec, credentials, patience(spec))) {
            case Start.Up up -> {
                Instance instance = up.instance();
                yield new Running(spec, invocation, instance.log, instance.takeStart(), hooks)
                        .run(instance.environment, answer, ended == null, () -> fleet.release(up));
            }
            case Start.Failed failed ->
                    new Running(spec, invocation, failed.log(), failed.start(), hooks)
                            .failed(failed);
            case Start.Full _ -> throw new FullException();
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
