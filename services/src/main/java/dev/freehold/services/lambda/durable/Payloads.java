package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.CallbackDetails;
import dev.freehold.api.lambda.ChainedInvokeDetails;
import dev.freehold.api.lambda.ContextDetails;
import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.api.lambda.Event;
import dev.freehold.api.lambda.ExecutionDetails;
import dev.freehold.api.lambda.Operation;
import dev.freehold.api.lambda.StepDetails;
import dev.freehold.protocol.json.JsonReader;
import dev.freehold.protocol.json.JsonWriter;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.EventRow;
import dev.freehold.services.lambda.durable.state.ExecutionKey;
import dev.freehold.services.lambda.durable.state.OperationRow;
import dev.freehold.services.lambda.durable.state.PayloadRef;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Rows with their payloads.
public final class Payloads {
    private Payloads() {}

    /// An error as it is kept.
    static String json(ErrorObject error) {
        return JsonWriter.write(error, false).utf8();
    }

    /// A kept text, or null when there is none.
    public static @Nullable String text(
            Transaction tx, ExecutionKey key, @Nullable PayloadRef ref) {
        return ref == null ? null : DurableTables.read(tx, key, ref);
    }

    /// A kept error, or null when there is none.
    public static @Nullable ErrorObject error(
            Transaction tx, ExecutionKey key, @Nullable PayloadRef ref) {
        if (ref == null) {
            return null;
        }
        ErrorObject.Builder error = ErrorObject.builder();
        byte[] json = DurableTables.read(tx, key, ref).getBytes(StandardCharsets.UTF_8);
        JsonReader.read(json, ErrorObject.SCHEMA, error, false);
        return error.build();
    }

    /// An operation as it is answered.
    public static Operation operation(Transaction tx, ExecutionKey key, OperationRow row) {
        Operation shape = row.shape();
        String result = text(tx, key, row.result());
        ErrorObject error = error(tx, key, row.error());
        Operation.Builder full = shape.toBuilder();
        switch (shape.type()) {
            case "EXECUTION" ->
                    full.executionDetails(ExecutionDetails.builder().inputPayload(result).build());
            case "STEP" -> {
                StepDetails had = shape.stepDetails();
                StepDetails.Builder step = had == null ? StepDetails.builder() : had.toBuilder();
                full.stepDetails(step.result(result).error(error).build());
            }
            case "CONTEXT" -> {
                ContextDetails had = shape.contextDetails();
                ContextDetails.Builder context =
                        had == null ? ContextDetails.builder() : had.toBuilder();
                full.contextDetails(context.result(result).error(error).build());
            }
            case "CALLBACK" -> {
                CallbackDetails had = shape.callbackDetails();
                CallbackDetails.Builder callback =
                        had == null ? CallbackDetails.builder() : had.toBuilder();
                full.callbackDetails(callback.result(result).error(error).build());
            }
            case "CHAINED_INVOKE" ->
                    // Until it has ended it holds its input, which nobody is told.
                    full.chainedInvokeDetails(
                            ChainedInvokeDetails.builder()
                                    .result(shape.endTimestamp() == null ? null : result)
                                    .error(error)
                                    .build());
            default -> {}
        }
        return full.build();
    }

    /// An event as it is answered.
    ///
    /// @param data whether with its payload
    public static Event event(Transaction tx, ExecutionKey key, EventRow row, boolean data) {
        PayloadRef ref = row.payload();
        if (row.slot().isEmpty()) {
            return row.event();
        }
        Object payload = null;
        if (ref != null && data) {
            payload = History.isError(row.slot()) ? error(tx, key, ref) : text(tx, key, ref);
        }
        return History.withPayload(row.event(), row.slot(), payload);
    }
}
