package dev.freehold.sandbox;

import dev.freehold.sandbox.InvocationResult.ColdStart;
import dev.freehold.sandbox.InvocationResult.Timings;
import dev.freehold.sandbox.SystemLog.Span;
import dev.freehold.sandbox.streaming.ResponseSink;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/// One invocation. As on AWS its caller has the answer when the runtime has given it, and it goes
/// on until the runtime and the extensions ask for the next: so long it is billed, and so long the
/// environment takes no other.
final class Running {
    /// Most runtimes ask at once; whoever calls again at once then finds the environment free.
    private static final Duration GRACE = Duration.ofMillis(1);

    private final FunctionSpec spec;
    private final Invocation invocation;
    private final SystemLog log;
    private @Nullable ColdStart cold;
    private final Duration waited;
    private final Hooks hooks;
    private long begun;

    /// What is done with what it took.
    ///
    /// @param prices an invocation's price in US dollars
    /// @param ended hears what the invocation took in the end
    record Hooks(ToDoubleFunction<Engine.Report> prices, Consumer<Timings> ended) {}

    /// The environment that it has, or why not.
    ///
    /// @param waited from the request until then
    record Had(Start start, Duration waited) {}

    Running(FunctionSpec spec, Invocation invocation, SystemLog log, Had had, Hooks hooks) {
        this.spec = spec;
        this.invocation = invocation;
        this.log = log;
        this.cold =
                switch (had.start) {
                    case Start.Up up -> up.instance().takeStart();
                    case Start.Failed failed -> failed.start();
                    case Start.Full _ -> null;
                };
        this.waited = had.waited;
        this.hooks = hooks;
    }

    /// Runs it until its answer, or also to its end.
    ///
    /// @param release called once, when the environment is free
    /// @return null when the environment had ended before the function saw the invocation
    @Nullable InvocationResult run(
            Environment environment, ResponseSink sink, boolean toTheEnd, Runnable release) {
        boolean later = false;
        try {
            restore(environment);
            log.start(invocation);
            begun = System.nanoTime();
            Answer answer = environment.invoke(spec, invocation, sink);
            if (answer == null) {
                environment.end();
                return null;
            }
            if (answer.ended() != null || toTheEnd || environment.awaitDone(GRACE)) {
                return end(environment, answer);
            }
            later = true;
            Thread.ofVirtual().name("invocation").start(() -> rest(environment, answer, release));
            return result(environment, answer, timings(answer), "");
        } finally {
            if (!later) {
                release.run();
            }
        }
    }

    /// The first invocation of an environment with SnapStart begins with its hooks.
    private void restore(Environment environment) {
        ColdStart start = cold;
        if (!spec.snapStart() || start == null) {
            return;
        }
        long from = System.nanoTime();
        Failure failure = environment.restore(spec);
        Duration duration = Duration.ofNanos(System.nanoTime() - from);
        log.restored(duration, failure);
        if (failure != null) {
            environment.end();
            throw new Engine.RestoreException(failure.refusal());
        }
        // AWS: what is billed is the restore; the initialisation was done once, for all.
        cold =
                new ColdStart(
                        start.queue(), start.sandbox(), start.runtime(), start.code(), duration);
    }

    private void rest(Environment environment, Answer answer, Runnable release) {
        try {
            end(environment, answer);
        } finally {
            release.run();
        }
    }

    private Timings timings(Answer answer) {
        Duration duration = Duration.ofNanos(System.nanoTime() - begun);
        return new Timings(waited, duration, answer.cpu(), cold);
    }

    private static InvocationResult result(
            Environment environment, Answer answer, Timings timings, String tail) {
        long memory = environment.memory().most() >> 20;
        return new InvocationResult(answer.payload(), answer.failed(), timings, memory, tail);
    }

    private InvocationResult end(Environment environment, Answer answer) {
        Failure failure = answer.ended();
        Progress progress = environment.progress();
        List<Span> after = new ArrayList<>();
        if (failure == null && !environment.awaitDone(Duration.ZERO)) {
            failure = runtimeDone(environment, progress);
            Instant done = progress.begun().plusNanos(System.nanoTime() - begun);
            if (failure == null) {
                failure = environment.awaitExtensions(spec, invocation);
                Duration rest = Duration.ofNanos(System.nanoTime() - begun);
                Duration overhead = rest.minus(Duration.between(progress.begun(), done));
                after.add(new Span("extensionOverhead", done, overhead));
            }
        } else {
            tellRuntimeDone(progress, failure);
        }
        if (failure != null) {
            environment.end();
        }
        Timings timings = timings(answer);
        long memory = environment.memory().most();
        String tail = finish(timings, memory, new SystemLog.End(after, failure));
        return result(environment, answer, timings, tail);
    }

    /// Waits for the runtime first: the extensions want to know when it is done.
    private @Nullable Failure runtimeDone(Environment environment, Progress progress) {
        Failure failure = environment.awaitRuntime(spec, invocation);
        tellRuntimeDone(progress, failure);
        return failure;
    }

    private void tellRuntimeDone(Progress progress, @Nullable Failure failure) {
        Duration all = Duration.ofNanos(System.nanoTime() - begun);
        List<Span> spans = new ArrayList<>();
        if (progress.answered()) {
            Duration latency = progress.latency(all);
            Duration duration = progress.duration();
            Instant answered = progress.begun().plus(latency);
            Instant whole = answered.plus(duration);
            spans.add(new Span("responseLatency", progress.begun(), latency));
            spans.add(new Span("responseDuration", answered, duration));
            Duration rest = all.minus(latency).minus(duration);
            spans.add(new Span("runtimeOverhead", whole, rest));
        }
        log.runtimeDone(invocation, all, progress.bytes(), spans, failure);
    }

    /// Reports an invocation whose function could not be loaded.
    InvocationResult failed(Start.Failed failed) {
        Timings timings = new Timings(waited, Duration.ZERO, Duration.ZERO, cold);
        log.start(invocation);
        SystemLog.End end = new SystemLog.End(List.of(), failed.failure());
        String tail = finish(timings, failed.memory(), end);
        byte[] error = failed.failure().error(invocation.requestId());
        return new InvocationResult(error, true, timings, failed.memory() >> 20, tail);
    }

    private String finish(Timings timings, long memory, SystemLog.End end) {
        try {
            return report(timings, memory, end);
        } finally {
            hooks.ended.accept(timings);
        }
    }

    /// What AWS reports, and beside it what only Freehold knows.
    private String report(Timings timings, long memory, SystemLog.End end) {
        double price = hooks.prices.applyAsDouble(new Engine.Report(spec, timings));
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("durationMs", SystemLog.millis(timings.duration()));
        metrics.put("billedDurationMs", timings.billedMillis());
        metrics.put("memorySizeMB", spec.memory());
        metrics.put("maxMemoryUsedMB", memory >> 20);
        Map<String, Object> own = new LinkedHashMap<>();
        StringBuilder line = new StringBuilder(256);
        line.append("REPORT RequestId: ").append(invocation.requestId());
        column(line, "Duration", timings.duration());
        line.append("\tBilled Duration: ").append(timings.billedMillis()).append(" ms");
        line.append("\tMemory Size: ").append(spec.memory()).append(" MB");
        line.append("\tMax Memory Used: ").append(memory >> 20).append(" MB");
        ColdStart start = timings.coldStart();
        if (start != null) {
            boolean restored = spec.snapStart();
            String name = restored ? "restoreDurationMs" : "initDurationMs";
            metrics.put(name, SystemLog.millis(start.init()));
            column(line, restored ? "Restore Duration" : "Init Duration", start.init());
            if (restored) {
                long billed = (start.init().toNanos() + 999_999) / 1_000_000;
                metrics.put("billedRestoreDurationMs", billed);
                line.append("\tBilled Restore Duration: ").append(billed).append(" ms");
            }
        }
        Failure failure = end.failure();
        line.append(failure == null ? "" : failure.columns());
        if (start != null) {
            own(line, own, "Queue", start.queue());
            own(line, own, "Sandbox", start.sandbox());
            own(line, own, "Runtime", start.runtime());
            own(line, own, "Code", start.code());
        }
        for (Span span : end.spans()) {
            own(line, own, "Extensions", span.duration());
        }
        own(line, own, "CPU", timings.cpu());
        own.put("costUsd", price);
        line.append("\tCost: $").append(Starter.fixed(Math.round(price * 1e10), 10));
        line.append("\t\n");
        return log.report(invocation, metrics, own, line.toString(), end);
    }

    private static void own(
            StringBuilder line, Map<String, Object> own, String name, Duration duration) {
        column(line, name, duration);
        own.put(name.toLowerCase(Locale.ROOT) + "Ms", SystemLog.millis(duration));
    }

    private static void column(StringBuilder report, String name, Duration duration) {
        report.append('\t').append(name).append(": ");
        report.append(Starter.millis(duration)).append(" ms");
    }
}
