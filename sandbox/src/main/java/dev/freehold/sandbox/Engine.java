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

    /// The end of an answer that has more than it may.
    private static final InvocationResult CUT = failed(Errors.tooLarge(Errors.MAX_STREAMED));

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

    /// A function was deployed: in the background, a sandbox is started that its first request
    /// finds, and its code is compiled. What fails then is done when it is called.
    public void expect(FunctionSpec spec) {
        starter.expect(spec);
    }

    /// There is no place for another environment.
    public static final class FullException extends Exception {
        private static final long serialVersionUID = 1L;
    }

    /// A function's hooks failed that run after the restore of a snapshot.
    public static final class RestoreException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Refusal refusal;

        RestoreException(Refusal refusal) {
            super(refusal.type() + ": " + refusal.message(), null, false, false);
            this.refusal = refusal;
        }

        /// Whether they took too long.
        public boolean timedOut() {
            return refusal.type().equals("Sandbox.Timedout");
        }

        @Override
        public String getMessage() {
            return refusal.message();
        }
    }

    /// Runs an invocation to its end.
    ///
    /// @param credentials the execution role's, asked for when an environment is new
    /// @return with the whole answer, of up to 6 MiB
    /// @throws FullException when all environments are busy
    /// @throws RestoreException when the function has SnapStart and its hooks failed
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

    /// What is done with a streamed invocation.
    ///
    /// @param until when the answer is over
    /// @param answered hears how it ended, before the answer's reader
    /// @param ended hears what the invocation took when it has ended, once
    public record Watch(
            Until until, Consumer<InvocationResult> answered, Consumer<Timings> ended) {}

    /// Begins an invocation, which goes on by itself to its end, also when nobody reads its answer.
    ///
    /// @return the answer, of up to 200 MiB; its result has the error when the function fails
    /// @throws FullException when all environments are busy; then it never began
    public AnswerPipe<InvocationResult> stream(
            FunctionSpec spec,
            Invocation invocation,
            Supplier<Map<String, String>> credentials,
            Watch watch)
            throws FullException {
        AtomicBoolean over = new AtomicBoolean();
        Consumer<Timings> once =
                timings -> {
                    if (over.compareAndSet(false, true)) {
                        watch.ended.accept(timings);
                    }
                };
        Asked asked = new Asked(spec, invocation, credentials, new Running.Hooks(prices, once));
        Running.Had had = acquire(asked, System.nanoTime());
        AnswerPipe<InvocationResult> pipe = new AnswerPipe<>(Errors.MAX_STREAMED, CUT);
        Thread.ofVirtual().name("invocation").start(() -> stream(asked, had, pipe, watch));
        return pipe;
    }

    /// Lets nobody wait for ever, whatever happens.
    private void stream(
            Asked asked, Running.Had had, AnswerPipe<InvocationResult> pipe, Watch watch) {
        try {
            InvocationResult result = attempts(asked, had, pipe, watch.until == Until.ENDED);
            watch.answered.accept(result);
            pipe.end(result);
        } catch (FullException e) {
            pipe.end(failed(Errors.json("Sandbox.Failure", "There is no environment left")));
        } catch (RestoreException e) {
            pipe.end(failed(Errors.json(e.refusal.type(), e.refusal.message())));
        } catch (RuntimeException | AssertionError e) {
            LOG.log(System.Logger.Level.ERROR, "a streamed invocation failed", e);
        } finally {
            pipe.breakOff();
            if (!pipe.answered()) {
                asked.hooks.ended().accept(Timings.NONE);
            }
        }
    }

    private static InvocationResult failed(byte[] error) {
        return new InvocationResult(error, true, Timings.NONE, 0, "");
    }

    /// An invocation that somebody wants.
    private record Asked(
            FunctionSpec spec,
            Invocation invocation,
            Supplier<Map<String, String>> credentials,
            Running.Hooks hooks) {}

    /// @param ended null when the caller waits for the end
    private InvocationResult run(
            FunctionSpec spec,
            Invocation invocation,
            Supplier<Map<String, String>> credentials,
            ResponseSink answer,
            @Nullable Consumer<Timings> ended)
            throws FullException {
        Running.Hooks hooks = new Running.Hooks(prices, ended == null ? timings -> {} : ended);
        Asked asked = new Asked(spec, invocation, credentials, hooks);
        return attempts(asked, acquire(asked, System.nanoTime()), answer, ended == null);
    }

    /// @param begun since when the request waits
    private Running.Had acquire(Asked asked, long begun) throws FullException {
        Duration patience = asked.spec.timeout().multipliedBy(2).plus(PATIENCE);
        Start start = fleet.acquire(asked.spec, asked.credentials, patience);
        if (start instanceof Start.Full) {
            throw new FullException();
        }
        return new Running.Had(start, Duration.ofNanos(System.nanoTime() - begun));
    }

    /// @param first the environment of the first attempt
    private InvocationResult attempts(
            Asked asked, Running.Had first, ResponseSink answer, boolean toTheEnd)
            throws FullException {
        long begun = System.nanoTime() - first.waited().toNanos();
        Running.Had had = first;
        for (int attempt = 1; ; attempt++) {
            InvocationResult result = attempt(asked, had, answer, toTheEnd);
            if (result != null) {
                return result;
            }
            if (attempt == MAX_ATTEMPTS) {
                throw new FullException();
            }
            had = acquire(asked, begun);
        }
    }

    private @Nullable InvocationResult attempt(
            Asked asked, Running.Had had, ResponseSink answer, boolean toTheEnd)
            throws FullException {
        long begun = System.nanoTime();
        return switch (had.start()) {
            case Start.Up up ->
                    running(asked, up.instance().log, had)
                            .run(
                                    up.instance().environment,
                                    answer,
                                    toTheEnd,
                                    () -> fleet.release(up, System.nanoTime() - begun));
            case Start.Failed failed -> running(asked, failed.log(), had).failed(failed);
            case Start.Full _ -> throw new FullException();
        };
    }

    private static Running running(Asked asked, SystemLog log, Running.Had had) {
        return new Running(asked.spec, asked.invocation, log, had, asked.hooks);
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
        starter.forget(key);
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
