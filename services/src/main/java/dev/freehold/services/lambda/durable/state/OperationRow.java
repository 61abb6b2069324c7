package dev.freehold.services.lambda.durable.state;

import dev.freehold.api.lambda.Operation;
import dev.freehold.services.structures.StructureCodec;
import dev.freehold.storage.Codec;
import dev.freehold.storage.Codecs;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One operation of an execution as it is now.
///
/// @param shape as it is answered, without result and error
/// @param result its result, or of an execution its input
/// @param due when something happens by itself: a wait or a pause between attempts ends, a callback
///   times out; null when nothing does
/// @param limits of a callback that waits, or null
public record OperationRow(
        Operation shape,
        @Nullable PayloadRef result,
        @Nullable PayloadRef error,
        @Nullable Instant due,
        @Nullable Limits limits) {
    private static final Codec<Operation> SHAPE =
            StructureCodec.of(Operation.class, Operation.SCHEMA);

    /// How long a callback waits.
    ///
    /// @param timeout when it times out whatever happens, or null
    /// @param heartbeatSeconds within which the next heartbeat has to come; 0 for none
    public record Limits(@Nullable Instant timeout, int heartbeatSeconds) {
        /// When the callback times out that gave a sign of life at `now`; null when never.
        public @Nullable Instant due(Instant now) {
            if (heartbeatSeconds == 0) {
                return timeout;
            }
            Instant next = now.plusSeconds(heartbeatSeconds);
            return timeout == null || next.isBefore(timeout) ? next : timeout;
        }
    }

    static final Codec<OperationRow> CODEC =
            Codecs.of(
                    (out, row) -> {
                        SHAPE.write(row.shape, out);
                        out.optional(row.result, (o, ref) -> ref.write(o))
                                .optional(row.error, (o, ref) -> ref.write(o))
                                .optional(row.due, (o, due) -> o.instant(due))
                                .optional(
                                        row.limits,
                                        (o, limits) ->
                                                o.optional(
                                                                limits.timeout,
                                                                (p, time) -> p.instant(time))
                                                        .int32(limits.heartbeatSeconds));
                    },
                    in ->
                            new OperationRow(
                                    SHAPE.read(in),
                                    in.optional(PayloadRef::read),
                                    in.optional(PayloadRef::read),
                                    in.optional(i -> i.instant()),
                                    in.optional(i ->
                                            new Limits(i.optional(j -> j.instant()), i.int32()))));

    /// A new operation, or one that goes on.
    public static OperationRow of(Operation shape) {
        return new OperationRow(shape, null, null, null, null);
    }

    public OperationRow with(Operation changed) {
        return new OperationRow(changed, result, error, due, limits);
    }

    public OperationRow withPayloads(
            @Nullable PayloadRef newResult, @Nullable PayloadRef newError) {
        return new OperationRow(shape, newResult, newError, due, limits);
    }

    public OperationRow withDue(@Nullable Instant changed) {
        return new OperationRow(shape, result, error, changed, limits);
    }

    public OperationRow withLimits(Limits changed, Instant now) {
        return new OperationRow(shape, result, error, changed.due(now), changed);
    }

    public boolean is(String type, String status) {
        return shape.type().equals(type) && shape.status().equals(status);
    }

    /// The bytes of its payloads.
    public int size() {
        return (result == null ? 0 : result.length()) + (error == null ? 0 : error.length());
    }
}
