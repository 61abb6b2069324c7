package dev.freehold.sandbox;

import dev.freehold.sandbox.api.Extensions;
import dev.freehold.sandbox.json.Json;
import dev.freehold.sandbox.telemetry.Subscription;
import dev.freehold.sandbox.telemetry.Telemetry;
import dev.freehold.sandbox.telemetry.TelemetryEvent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The log of one environment, and its telemetry: what its processes print, and what the engine
/// itself says of it, as text or as JSON, of the level that the function asks for.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html>.
final class SystemLog implements LogSink, AutoCloseable {
    private final FunctionSpec spec;
    private final Tail tail;
    private final Telemetry telemetry;
    private final InstantSource clock;
    private final boolean json;
    private final Level least;
    private String initType = "";
    private String phase = "";

    /// The levels of what the engine says, as AWS assigns them.
    private enum Level {
        DEBUG,
        INFO,
        WARN
    }

    /// A part of an invocation.
    record Span(String name, Instant start, Duration duration) {}

    SystemLog(FunctionSpec spec, Tail tail, Telemetry telemetry, InstantSource clock) {
        this.spec = spec;
        this.tail = tail;
        this.telemetry = telemetry;
        this.clock = clock;
        this.json = spec.logFormat().equals("JSON");
        String level = spec.systemLogLevel();
        this.least = level == null ? Level.INFO : Level.valueOf(level);
    }

    Tail tail() {
        return tail;
    }

    Telemetry telemetry() {
        return telemetry;
    }

    // ---- what processes print -------------------------------------------------------------------

    /// What the function prints.
    @Override
    public void write(String text) {
        tail.write(text);
        lines("function", text);
    }

    /// One message of the function's.
    @Override
    public void message(String text) {
        tail.message(text);
        publish("function", text);
    }

    /// What extensions print.
    void extension(String text) {
        tail.write(text);
        lines("extension", text);
    }

    private void lines(String type, String text) {
        for (String line : text.split("(?<=\n)", -1)) {
            publish(type, line);
        }
    }

    private void publish(String type, String text) {
        if (telemetry.wanted() && !text.isEmpty()) {
            telemetry.publish(new TelemetryEvent(clock.instant(), type, record(type, text)));
        }
    }

    private Object record(String type, String line) {
        String stripped = line.strip();
        boolean object = json && type.equals("function") && Json.isObject(stripped);
        return object ? new Json.Raw(stripped) : line;
    }

    // ---- what the engine says -------------------------------------------------------------------

    /// Says it in the log, and tells extensions.
    ///
    /// @param text the same as lines of text; empty when these don't have it
    private void say(Level level, String type, Map<String, Object> record, String text) {
        if (json ? level.compareTo(least) < 0 : text.isEmpty()) {
            tell(type, record);
            return;
        }
        TelemetryEvent event = new TelemetryEvent(clock.instant(), type, record);
        tail.write(json ? new String(event.json(), StandardCharsets.UTF_8) + "\n" : text);
        telemetry.publish(event);
    }

    private void tell(String type, Object record) {
        if (telemetry.wanted()) {
            telemetry.publish(new TelemetryEvent(clock.instant(), type, record));
        }
    }

    private static Level of(Level well, @Nullable Failure failure) {
        return failure == null ? well : Level.WARN;
    }

    private static void status(Map<String, Object> record, @Nullable Failure failure) {
        record.put("status", failure == null ? "success" : failure.outcome());
        if (failure != null && !failure.status().equals("timeout")) {
            record.put("errorType", failure.type());
        }
    }

    /// In milliseconds, to the microsecond.
    static double millis(Duration duration) {
        return Math.floor(duration.toNanos() / 1e3) / 1e3;
    }

    /// An initialisation begins.
    ///
    /// @param type `on-demand` or `provisioned-concurrency`
    /// @param phase `init`, or `invoke` when a request waits for a second attempt
    /// @param instance names the environment
    void initStart(String type, String phase, String instance) {
        this.initType = type;
        this.phase = phase;
        Interpreter runtime = spec.runtime();
        String version =
                runtime.language().name().toLowerCase(Locale.ROOT) + ":" + runtime.version();
        Map<String, Object> record = init();
        record.put("runtimeVersion", version);
        record.put("functionName", spec.identity().name());
        record.put("functionVersion", spec.version());
        record.put("instanceId", instance);
        record.put("instanceMaxMemory", spec.memory() * 1024L * 1024L);
        String notice = spec.notice() == null ? "" : "\tNotice: " + spec.notice();
        String line = "INIT_START Runtime Version: " + version + notice + "\n";
        say(Level.INFO, "platform.initStart", record, phase.equals("init") ? line : "");
    }

    private Map<String, Object> init() {
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("initializationType", initType);
        record.put("phase", phase);
        return record;
    }

    /// The runtime asks for its first invocation, or won't.
    void initRuntimeDone(@Nullable Failure failure) {
        Map<String, Object> record = init();
        status(record, failure);
        say(of(Level.DEBUG, failure), "platform.initRuntimeDone", record, "");
    }

    /// The initialisation is over: how its extensions are.
    void extensions(List<Extensions.Info> all) {
        telemetry.closeSubscriptions();
        for (Extensions.Info each : all) {
            Map<String, Object> record = new LinkedHashMap<>();
            record.put("name", each.name());
            record.put("state", each.state());
            record.put("events", each.events());
            String error = "";
            if (each.errorType() != null) {
                record.put("errorType", each.errorType());
                error = "\tError Type: " + each.errorType();
            }
            String line =
                    "EXTENSION\tName: "
                            + each.name()
                            + "\tState: "
                            + each.state()
                            + "\tEvents: ["
                            + String.join(", ", each.events())
                            + "]"
                            + error
                            + "\n";
            Level level = error.isEmpty() ? Level.INFO : Level.WARN;
            say(level, "platform.extension", record, line);
        }
    }

    /// An initialisation is over.
    void initReport(Duration duration, @Nullable Failure failure) {
        Map<String, Object> record = init();
        status(record, failure);
        record.put("metrics", Map.of("durationMs", millis(duration)));
        String line =
                "INIT_REPORT Init Duration: "
                        + Starter.millis(duration)
                        + " ms\tPhase: "
                        + phase
                        + (failure == null ? "" : failure.columns())
                        + "\t\n";
        Level well = initType.equals("on-demand") ? Level.DEBUG : Level.INFO;
        say(
                of(well, failure),
                "platform.initReport",
                record,
                failure == null && initType.equals("on-demand") ? "" : line);
    }

    /// An extension subscribes.
    Telemetry.Outcome subscribes(String extension, Subscription subscription) {
        Telemetry.Outcome outcome = telemetry.subscribe(extension, subscription);
        if (outcome == Telemetry.Outcome.SUBSCRIBED) {
            List<String> types = subscription.typeNames();
            Map<String, Object> record = new LinkedHashMap<>();
            record.put("name", extension);
            record.put("state", "Subscribed");
            record.put("types", types);
            List<String> titles =
                    types.stream()
                            .map(t -> t.substring(0, 1).toUpperCase(Locale.ROOT) + t.substring(1))
                            .toList();
            String line =
                    subscription.api().name()
                            + "\tName: "
                            + extension
                            + "\tState: Subscribed\tTypes: ["
                            + String.join(", ", titles)
                            + "]\n";
            say(Level.INFO, subscription.api().subscribed, record, line);
        }
        return outcome;
    }

    /// An invocation begins.
    void start(Invocation invocation) {
        tail.begin();
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("requestId", invocation.requestId());
        record.put("version", spec.version());
        trace(record, invocation);
        String line =
                "START RequestId: " + invocation.requestId() + " Version: " + spec.version() + "\n";
        say(Level.INFO, "platform.start", record, line);
    }

    /// AWS: only traces that are sampled are told of.
    private static void trace(Map<String, Object> record, Invocation invocation) {
        String trace = invocation.traceId();
        if (trace == null || !trace.contains("Sampled=1")) {
            return;
        }
        Map<String, Object> tracing = new LinkedHashMap<>();
        for (String part : trace.split(";", -1)) {
            if (part.startsWith("Parent=")) {
                tracing.put("spanId", part.substring("Parent=".length()));
            }
        }
        tracing.put("type", "X-Amzn-Trace-Id");
        tracing.put("value", trace);
        record.put("tracing", tracing);
    }

    /// The runtime is done with an invocation.
    ///
    /// @param bytes how long its answer is
    void runtimeDone(
            Invocation invocation,
            Duration duration,
            long bytes,
            List<Span> spans,
            @Nullable Failure failure) {
        if (!telemetry.wanted() && !json) {
            return;
        }
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("requestId", invocation.requestId());
        status(record, failure);
        spans(record, spans);
        Map<String, Object> metrics = new LinkedHashMap<>();
        metrics.put("durationMs", millis(duration));
        metrics.put("producedBytes", bytes);
        record.put("metrics", metrics);
        trace(record, invocation);
        say(of(Level.DEBUG, failure), "platform.runtimeDone", record, "");
    }

    private static void spans(Map<String, Object> record, List<Span> spans) {
        if (spans.isEmpty()) {
            return;
        }
        record.put("spans", spans.stream().map(SystemLog::span).toList());
    }

    private static Map<String, Object> span(Span span) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("name", span.name());
        members.put("start", TelemetryEvent.text(span.start()));
        members.put("durationMs", millis(span.duration()));
        return members;
    }

    /// An invocation is over.
    ///
    /// @param line its report, as text
    /// @param own what only Freehold's reports have, by name
    /// @return the log's last 4 KB
    String report(
            Invocation invocation,
            Map<String, Object> metrics,
            Map<String, Object> own,
            String line,
            End end) {
        String id = invocation.requestId();
        if (!json) {
            tail.write("END RequestId: " + id + "\n" + line);
        }
        Failure failure = end.failure;
        if (failure != null) {
            String fault = failure.status().equals("timeout") ? "timeout" : "error";
            tell(
                    "platform.fault",
                    "RequestId: " + id + " Status: " + fault + "\tErrorType: " + failure.type());
        }
        tell("platform.end", Map.of("requestId", id));
        Map<String, Object> record = new LinkedHashMap<>();
        record.put("requestId", id);
        status(record, failure);
        spans(record, end.spans);
        record.put("metrics", metrics);
        trace(record, invocation);
        tell("platform.report", record);
        if (json && of(Level.INFO, failure).compareTo(least) >= 0) {
            Map<String, Object> logged = new LinkedHashMap<>(record);
            logged.put("freehold", own);
            TelemetryEvent event = new TelemetryEvent(clock.instant(), "platform.report", logged);
            tail.write(new String(event.json(), StandardCharsets.UTF_8) + "\n");
        }
        return tail.last();
    }

    /// How an invocation ended.
    ///
    /// @param spans what came after the runtime
    record End(List<Span> spans, @Nullable Failure failure) {}

    @Override
    public void close() {
        telemetry.close();
    }
}
