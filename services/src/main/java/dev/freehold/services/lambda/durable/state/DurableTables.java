package dev.freehold.services.lambda.durable.state;

import dev.freehold.services.lambda.state.FunctionId;
import dev.freehold.storage.Codecs;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.KeyCodec;
import dev.freehold.storage.KeyRange;
import dev.freehold.storage.Table;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The tables of durable executions: 271 to 278.
public final class DurableTables {
    /// A payload lies in parts of this size.
    private static final int PART = 48 * 1024;

    /// The largest payload.
    private static final int MAX_PAYLOAD = 8 * 1024 * 1024;

    /// An operation, event or payload of an execution.
    public record NumberKey(ExecutionKey execution, int number) {}

    /// An operation by its id.
    public record OperationKey(ExecutionKey execution, String id) {}

    /// An execution among its function's, by its start.
    public record StartKey(FunctionId function, Instant started, String name) {}

    /// An execution that may be forgotten.
    public record ExpiryKey(Instant time, ExecutionKey execution) {}

    private record PartKey(ExecutionKey execution, int payload, int part) {}

    private static final KeyCodec<ExecutionKey> KEY =
            Codecs.key((key, out) -> key.write(out), ExecutionKey::read);
    private static final KeyCodec<NumberKey> NUMBER_KEY =
            Codecs.key(
                    (key, out) -> {
                        key.execution.write(out);
                        out.int32(key.number);
                    },
                    in -> new NumberKey(ExecutionKey.read(in), in.int32()));

    public static final Table<ExecutionKey, ExecutionRow> EXECUTIONS =
            new Table<>(271, "lambda.durable.executions", KEY, ExecutionRow.CODEC);

    public static final Table<StartKey, Boolean> STARTED =
            new Table<>(
                    272,
                    "lambda.durable.started",
                    Codecs.key(
                            (key, out) ->
                                    out.string(key.function.account())
                                            .string(key.function.region())
                                            .string(key.function.name())
                                            .instant(key.started)
                                            .string(key.name),
                            in ->
                                    new StartKey(
                                            new FunctionId(in.string(), in.string(), in.string()),
                                            in.instant(),
                                            in.string())),
                    Codecs.PRESENT);

    public static final Table<NumberKey, OperationRow> OPERATIONS =
            new Table<>(273, "lambda.durable.operations", NUMBER_KEY, OperationRow.CODEC);

    public static final Table<OperationKey, Long> OPERATION_IDS =
            new Table<>(
                    274,
                    "lambda.durable.operation-ids",
                    Codecs.key(
                            (key, out) -> {
                                key.execution.write(out);
                                out.string(key.id);
                            },
                            in -> new OperationKey(ExecutionKey.read(in), in.string())),
                    Codecs.INT64);

    public static final Table<NumberKey, Boolean> UNSEEN =
            new Table<>(275, "lambda.durable.unseen", NUMBER_KEY, Codecs.PRESENT);

    public static final Table<NumberKey, EventRow> EVENTS =
            new Table<>(276, "lambda.durable.events", NUMBER_KEY, EventRow.CODEC);

    private static final Table<PartKey, byte[]> PAYLOADS =
            new Table<>(
                    277,
                    "lambda.durable.payloads",
                    Codecs.key(
                            (key, out) -> {
                                key.execution.write(out);
                                out.int32(key.payload).int32(key.part);
                            },
                            in -> new PartKey(ExecutionKey.read(in), in.int32(), in.int32())),
                    Codecs.BYTES);

    public static final Table<ExpiryKey, Boolean> EXPIRIES =
            new Table<>(
                    278,
                    "lambda.durable.expiries",
                    Codecs.key(
                            (key, out) -> {
                                out.instant(key.time);
                                key.execution.write(out);
                            },
                            in -> new ExpiryKey(in.instant(), ExecutionKey.read(in))),
                    Codecs.PRESENT);

    private DurableTables() {}

    /// All that belongs to an execution.
    public static KeyRange of(ExecutionKey execution) {
        return KeyRange.prefix(execution::write);
    }

    /// What belongs to an execution, from that number on.
    public static KeyRange from(ExecutionKey execution, int number) {
        return of(execution)
                .startingAt(out -> {
                    execution.write(out);
                    out.int32(number);
                });
    }

    /// What belongs to an execution, before that number.
    public static KeyRange before(ExecutionKey execution, int number) {
        return of(execution)
                .endingBefore(out -> {
                    execution.write(out);
                    out.int32(number);
                });
    }

    /// The executions of a function, in the index by start.
    public static KeyRange started(FunctionId function) {
        return KeyRange.prefix(out ->
                out.string(function.account()).string(function.region()).string(function.name()));
    }

    /// Writes a payload.
    ///
    /// @param number one that no other payload of the execution has
    public static PayloadRef write(Transaction tx, ExecutionKey key, int number, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > MAX_PAYLOAD) {
            throw new IllegalArgumentException("payload of " + bytes.length + " bytes");
        }
        for (int i = 0; i * PART < bytes.length; i++) {
            int end = Math.min(bytes.length, (i + 1) * PART);
            tx.put(PAYLOADS, new PartKey(key, number, i), Arrays.copyOfRange(bytes, i * PART, end));
        }
        return new PayloadRef(number, bytes.length);
    }

    /// Reads a payload.
    public static String read(Transaction tx, ExecutionKey key, PayloadRef ref) {
        byte[] bytes = new byte[ref.length()];
        for (int i = 0; i * PART < bytes.length; i++) {
            byte[] part = tx.get(PAYLOADS, new PartKey(key, ref.number(), i));
            if (part == null) {
                throw new IllegalStateException("no payload " + ref.number() + " of " + key);
            }
            System.arraycopy(part, 0, bytes, i * PART, part.length);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    /// The numbers of the operations that the handler has not been told of.
    public static List<Integer> unseen(Transaction tx, ExecutionKey key) {
        List<Integer> numbers = new ArrayList<>();
        try (Cursor<NumberKey, Boolean> cursor = tx.scan(UNSEEN, of(key), Integer.MAX_VALUE)) {
            while (cursor.next()) {
                numbers.add(cursor.key().number());
            }
        }
        return numbers;
    }

    /// Removes all that there is of an execution.
    public static void forget(Transaction tx, ExecutionKey key, ExecutionRow row) {
        tx.delete(EXECUTIONS, key);
        tx.delete(STARTED, new StartKey(key.function(), row.origin().started(), key.name()));
        tx.deleteRange(OPERATIONS, of(key));
        tx.deleteRange(OPERATION_IDS, of(key));
        tx.deleteRange(UNSEEN, of(key));
        tx.deleteRange(EVENTS, of(key));
        tx.deleteRange(PAYLOADS, of(key));
    }
}
