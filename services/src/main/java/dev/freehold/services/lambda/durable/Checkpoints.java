package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.CheckpointDurableExecutionRequest;
import dev.freehold.api.lambda.CheckpointDurableExecutionResponse;
import dev.freehold.api.lambda.CheckpointUpdatedExecutionState;
import dev.freehold.api.lambda.Operation;
import dev.freehold.api.lambda.OperationUpdate;
import dev.freehold.services.lambda.durable.state.CheckpointToken;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.DurableTables.NumberKey;
import dev.freehold.services.lambda.durable.state.ExecutionArn;
import dev.freehold.services.lambda.durable.state.ExecutionRow;
import dev.freehold.services.lambda.durable.state.ExecutionRow.LastCheckpoint;
import dev.freehold.services.lambda.durable.state.OperationRow;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.storage.Transaction;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// Takes checkpoints. Each is one transaction, and its token is good for one.
public final class Checkpoints {
    private final Durables.Parts parts;

    public Checkpoints(Durables.Parts parts) {
        this.parts = parts;
    }

    /// On return it is durable.
    public CheckpointDurableExecutionResponse checkpoint(
            ExecutionArn arn, CheckpointDurableExecutionRequest in) {
        CheckpointToken token = CheckpointToken.parse(in.checkpointToken());
        Instant now = parts.now();
        CheckpointDurableExecutionResponse answer =
                parts.store()
                        .update(tx -> {
                            Ledger ledger = Ledger.open(parts.scope(tx, now), arn);
                            if (ledger == null || token == null) {
                                throw badToken();
                            }
                            return taken(ledger, token, in);
                        });
        parts.committed(arn.key());
        return answer;
    }

    /// AWS: SDKs know this error by how its text begins.
    static RuntimeException badToken() {
        return Errors.invalid("Invalid Checkpoint Token");
    }

    private static CheckpointDurableExecutionResponse taken(
            Ledger ledger, CheckpointToken token, CheckpointDurableExecutionRequest in) {
        String client = in.clientToken() == null ? "" : in.clientToken();
        LastCheckpoint last = ledger.row().last();
        if (last != null
                && !client.isEmpty()
                && last.clientToken().equals(client)
                && last.token().equals(token)) {
            return answer(ledger, token.next(), last.answered());
        }
        check(ledger.row(), token);
        List<OperationUpdate> updates = in.updates() == null ? List.of() : in.updates();
        Updates.apply(ledger, updates);
        ledger.completeDue();
        if (!updates.isEmpty()) {
            ledger.progressed();
        }
        if (ledger.pausing()) {
            ledger.checkpointed(null);
            ledger.save();
            return answer(ledger, null, List.of());
        }
        List<Integer> told = tell(ledger);
        ledger.checkpointed(new LastCheckpoint(client, token, told));
        ledger.save();
        return answer(ledger, token.next(), told);
    }

    /// Checks that a token is the one that the invocation got last.
    ///
    /// @throws dev.freehold.protocol.ServiceError when it is not
    public static void check(Transaction tx, ExecutionArn arn, String text) {
        ExecutionRow row = tx.get(DurableTables.EXECUTIONS, arn.key());
        CheckpointToken token = CheckpointToken.parse(text);
        if (row == null || !row.arn(arn.key()).equals(arn) || token == null) {
            throw badToken();
        }
        check(row, token);
    }

    private static void check(ExecutionRow row, CheckpointToken token) {
        boolean current =
                row.end() == null
                        && token.invocation().equals(row.progress().invocation())
                        && token.sequence() == row.progress().sequence();
        if (!current || token.invocation().isEmpty()) {
            throw badToken();
        }
    }

    /// The operations that have changed, by this checkpoint or since the one before; as many as an
    /// answer holds, the others remain to be told.
    private static List<Integer> tell(Ledger ledger) {
        Transaction tx = ledger.scope().tx();
        SortedSet<Integer> changed = new TreeSet<>(ledger.touched());
        changed.addAll(DurableTables.unseen(tx, ledger.key()));
        List<Integer> told = new ArrayList<>();
        int bytes = 0;
        for (int number : changed) {
            OperationRow row = ledger.operation(number);
            bytes += row.size();
            NumberKey key = new NumberKey(ledger.key(), number);
            if (bytes <= DurableLimits.MAX_PAGE_BYTES || told.isEmpty()) {
                told.add(number);
                tx.delete(DurableTables.UNSEEN, key);
            } else {
                tx.put(DurableTables.UNSEEN, key, true);
            }
        }
        return told;
    }

    private static CheckpointDurableExecutionResponse answer(
            Ledger ledger, @Nullable CheckpointToken token, List<Integer> told) {
        Transaction tx = ledger.scope().tx();
        List<Operation> operations = new ArrayList<>();
        for (int number : told) {
            operations.add(Payloads.operation(tx, ledger.key(), ledger.operation(number)));
        }
        return CheckpointDurableExecutionResponse.builder()
                .checkpointToken(token == null ? null : token.toString())
                .newExecutionState(
                        CheckpointUpdatedExecutionState.builder().operations(operations).build())
                .build();
    }
}
