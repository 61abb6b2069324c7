package dev.freehold.services.lambda.run;

import dev.freehold.sandbox.InvocationResult;
import dev.freehold.sandbox.InvocationResult.ColdStart;
import dev.freehold.sandbox.InvocationResult.Timings;
import dev.freehold.services.json.Json;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/// Where the time of one invocation went.
///
/// @param requestId names it
/// @param function the function's ARN as it was called
/// @param version which version ran: `$LATEST` or a number
/// @param begun when it was admitted
/// @param admission until the engine had it: its version, code and limits were found
/// @param total until its answer was there
/// @param result what the engine measured
record Trace(
        String requestId,
        String function,
        String version,
        Instant begun,
        Duration admission,
        Duration total,
        InvocationResult result) {
    boolean cold() {
        return result.timings().cold();
    }

    /// The phases, in their order, in what they took; their sum is the total.
    ///
    /// `handover` is what passed between an environment that was ready and its request, that is,
    /// between two threads; `report` is the end of the log, and metering. A request that waited for
    /// an environment which another had before has waited in the `queue`.
    Map<String, Duration> phases() {
        Map<String, Duration> phases = new LinkedHashMap<>();
        Timings timings = result.timings();
        ColdStart start = timings.coldStart();
        phases.put("admission", admission);
        if (start == null) {
            phases.put("queue", timings.waited());
        } else {
            phases.put("queue", start.queue());
            phases.put("sandbox", start.sandbox());
            phases.put("runtime", start.runtime());
            phases.put("code", start.code());
            phases.put("init", start.init());
            phases.put("handover", positive(timings.waited().minus(start.total())));
        }
        phases.put("handler", timings.duration());
        Duration known = phases.values().stream().reduce(Duration.ZERO, Duration::plus);
        phases.put("report", positive(total.minus(known)));
        return phases;
    }

    /// What was initialised before the request came took longer than the request has waited.
    private static Duration positive(Duration duration) {
        return duration.isNegative() ? Duration.ZERO : duration;
    }

    /// As JSON, durations in milliseconds.
    String json() {
        Map<String, Object> phases = new LinkedHashMap<>();
        phases().forEach((name, took) -> phases.put(name, millis(took)));
        Map<String, Object> trace = new LinkedHashMap<>();
        trace.put("requestId", requestId);
        trace.put("function", function);
        trace.put("version", version);
        trace.put("begun", begun.toString());
        trace.put("start", cold() ? startedFrom() : "warm");
        trace.put("failed", result.failed());
        trace.put("phases", phases);
        trace.put("total", millis(total));
        trace.put("cpu", millis(result.timings().cpu()));
        trace.put("billed", result.timings().billedMillis());
        trace.put("maxMemoryMb", result.maxMemory());
        return Json.write(trace);
    }

    /// What comes from the pool has its runtime already.
    private String startedFrom() {
        ColdStart start = result.timings().coldStart();
        return start == null || start.runtime().isZero() ? "cold, from the pool" : "cold";
    }

    private static BigDecimal millis(Duration duration) {
        return BigDecimal.valueOf(duration.toNanos(), 6).setScale(3, RoundingMode.HALF_UP);
    }
}
