package dev.freehold.services.lambda.durable.state;

import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An execution: what it is, and where it stands.
///
/// @param end how it ended, or null while it has not
/// @param last the last checkpoint, which may be asked for again; null before the first
/// @param pause who asked it to pause, or null
public record ExecutionRow(
        Origin origin,
        Progress progress,
        @Nullable End end,
        @Nullable LastCheckpoint last,
        @Nullable Pause pause) {
    public static final String RUNNING = "RUNNING";

    /// What it has been since its start.
    ///
    /// @param version `$LATEST` or a number
    /// @param id its own, the end of its ARN
    /// @param retentionDays how long it is kept after its end
    /// @param trace the trace header of its cause, or null
    /// @param parent whose chained invocation it is, or null
    /// @param event whose end is told to destinations, or null
    /// @param tenant for whom it runs, or null
    public record Origin(
            String version,
            String id,
            Instant started,
            int timeoutSeconds,
            int retentionDays,
            PayloadRef input,
            @Nullable String trace,
            @Nullable Parent parent,
            @Nullable AsyncEvent event,
            @Nullable String tenant) {
        /// The same with its input.
        public Origin withInput(PayloadRef ref) {
            return new Origin(
                    version,
                    id,
                    started,
                    timeoutSeconds,
                    retentionDays,
                    ref,
                    trace,
                    parent,
                    event,
                    tenant);
        }
    }

    /// An operation of another execution that waits for this one's end.
    public record Parent(ExecutionArn execution, String operation) {}

    /// An asynchronous invocation.
    ///
    /// @param qualifier by which the function was called
    public record AsyncEvent(String requestId, String qualifier) {}

    /// Counters.
    ///
    /// @param sequence how many checkpoints were taken
    /// @param invocation the secret id of the invocation that may take the next; empty when none
    ///   runs
    /// @param scheduled the number of the invocation that is to be or runs; 0 when there is none
    /// @param invocations how many were scheduled
    /// @param failures how many failed since the last progress
    /// @param written bytes of payloads
    /// @param due the earliest time at which something happens by itself, or null
    /// @param deadline when the execution times out
    public record Progress(
            long sequence,
            String invocation,
            int scheduled,
            int invocations,
            int operations,
            int events,
            int payloads,
            int failures,
            long written,
            @Nullable Instant due,
            Instant deadline) {}

    /// @param status `SUCCEEDED`, `FAILED`, `TIMED_OUT`, `STOPPED`
    public record End(
            String status, Instant time, @Nullable PayloadRef result, @Nullable PayloadRef error) {}

    /// @param clientToken the caller's, or empty
    /// @param token the one that it was taken with
    /// @param answered the numbers of the operations that were answered
    public record LastCheckpoint(
            String clientToken, CheckpointToken token, List<Integer> answered) {}

    /// @param deferred whether an invocation was due since
    /// @param stopsTimeout whether the time until the resumption does not count
    public record Pause(
            Instant requested, @Nullable String reason, boolean stopsTimeout, boolean deferred) {}

    static final Codec<ExecutionRow> CODEC = Codecs.of(ExecutionRow::write, ExecutionRow::read);

    private static void write(ValueWriter out, ExecutionRow row) {
        Origin origin = row.origin;
        out.string(origin.version)
                .string(origin.id)
                .instant(origin.started)
                .int32(origin.timeoutSeconds)
                .int32(origin.retentionDays);
        origin.input.write(out);
        out.optionalString(origin.trace)
                .optional(
                        origin.parent,
                        (o, parent) ->
                                o.string(parent.execution.toString()).string(parent.operation))
                .optional(origin.event, (o, e) -> o.string(e.requestId).string(e.qualifier));
        out.optionalString(origin.tenant);
        write(out, row.progress);
        out.optional(
                        row.end,
                        (o, end) ->
                                o.string(end.status)
                                        .instant(end.time)
                                        .optional(end.result, (p, ref) -> ref.write(p))
                                        .optional(end.error, (p, ref) -> ref.write(p)))
                .optional(
                        row.last,
                        (o, last) ->
                                o.string(last.clientToken)
                                        .string(last.token.invocation())
                                        .int64(last.token.sequence())
                                        .list(last.answered, (p, number) -> p.int32(number)))
                .optional(
                        row.pause,
                        (o, pause) ->
                                o.instant(pause.requested)
                                        .optionalString(pause.reason)
                                        .bool(pause.stopsTimeout)
                                        .bool(pause.deferred));
    }

    private static void write(ValueWriter out, Progress progress) {
        out.int64(progress.sequence)
                .string(progress.invocation)
                .int32(progress.scheduled)
                .int32(progress.invocations)
                .int32(progress.operations)
                .int32(progress.events)
                .int32(progress.payloads)
                .int32(progress.failures)
                .int64(progress.written)
                .optional(progress.due, (o, due) -> o.instant(due))
                .instant(progress.deadline);
    }

    private static ExecutionRow read(ValueReader in) {
        return new ExecutionRow(
                new Origin(
                        in.string(),
                        in.string(),
                        in.instant(),
                        in.int32(),
                        in.int32(),
                        PayloadRef.read(in),
                        in.optionalString(),
                        in.optional(i ->
                                new Parent(
                                        Objects.requireNonNull(ExecutionArn.parse(i.string())),
                                        i.string())),
                        in.optional(i -> new AsyncEvent(i.string(), i.string())),
                        in.optionalString()),
                new Progress(
                        in.int64(),
                        in.string(),
                        in.int32(),
                        in.int32(),
                        in.int32(),
                        in.int32(),
                        in.int32(),
                        in.int32(),
                        in.int64(),
                        in.optional(i -> i.instant()),
                        in.instant()),
                in.optional(i ->
                        new End(
                                i.string(),
                                i.instant(),
                                i.optional(PayloadRef::read),
                                i.optional(PayloadRef::read))),
                in.optional(i ->
                        new LastCheckpoint(
                                i.string(),
                                new CheckpointToken(i.string(), i.int64()),
                                i.list(j -> j.int32()))),
                in.optional(i -> new Pause(i.instant(), i.optionalString(), i.bool(), i.bool())));
    }

    /// Its ARN.
    public ExecutionArn arn(ExecutionKey key) {
        return new ExecutionArn(key, origin.version, origin.id);
    }

    /// How it stands, as it is answered.
    public String status() {
        if (end != null) {
            return end.status;
        }
        if (pause != null) {
            return progress.invocation.isEmpty() ? "PAUSED" : "PAUSING";
        }
        return RUNNING;
    }
}
