package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.ErrorObject;
import dev.freehold.api.lambda.Operation;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.DurableTables.ExpiryKey;
import dev.freehold.services.lambda.durable.state.DurableTables.NumberKey;
import dev.freehold.services.lambda.durable.state.DurableTables.OperationKey;
import dev.freehold.services.lambda.durable.state.DurableTables.StartKey;
import dev.freehold.services.lambda.durable.state.EventRow;
import dev.freehold.services.lambda.durable.state.ExecutionArn;
import dev.freehold.services.lambda.durable.state.ExecutionKey;
import dev.freehold.services.lambda.durable.state.ExecutionRow;
import dev.freehold.services.lambda.durable.state.ExecutionRow.End;
import dev.freehold.services.lambda.durable.state.ExecutionRow.LastCheckpoint;
import dev.freehold.services.lambda.durable.state.ExecutionRow.Origin;
import dev.freehold.services.lambda.durable.state.ExecutionRow.Pause;
import dev.freehold.services.lambda.durable.state.ExecutionRow.Progress;
import dev.freehold.services.lambda.durable.state.OperationRow;
import dev.freehold.services.lambda.durable.state.PayloadRef;
import dev.freehold.storage.Cursor;
import dev.freehold.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// An execution in the hands of one transaction: its operations, history and deliveries, changed
/// together. What it counts is written by [#save()].
public final class Ledger {
    private final Scope scope;
    private final ExecutionKey key;
    private final Origin origin;
    private final SortedSet<Integer> touched = new TreeSet<>();
    private long sequence;
    private String invocation;
    private int scheduled;
    private int invocations;
    private int operations;
    private int events;
    private int payloads;
    private int failures;
    private long written;
    private @Nullable Instant due;
    private Instant deadline;
    private @Nullable End end;
    private @Nullable LastCheckpoint last;
    private @Nullable Pause pause;

    /// What a transaction has.
    public record Scope(Transaction tx, Deliveries deliveries, Instant now) {}

    private Ledger(Scope scope, ExecutionKey key, ExecutionRow row) {
        this.scope = scope;
        this.key = key;
        this.origin = row.origin();
        Progress progress = row.progress();
        this.sequence = progress.sequence();
        this.invocation = progress.invocation();
        this.scheduled = progress.scheduled();
        this.invocations = progress.invocations();
        this.operations = progress.operations();
        this.events = progress.events();
        this.payloads = progress.payloads();
        this.failures = progress.failures();
        this.written = progress.written();
        this.due = progress.due();
        this.deadline = progress.deadline();
        this.end = row.end();
        this.last = row.last();
        this.pause = row.pause();
    }

    /// The execution, or null when there is none of that ARN.
    public static @Nullable Ledger open(Scope scope, ExecutionArn arn) {
        ExecutionRow row = scope.tx.get(DurableTables.EXECUTIONS, arn.key());
        boolean found = row != null && row.arn(arn.key()).equals(arn);
        return row == null || !found ? null : new Ledger(scope, arn.key(), row);
    }

    /// Begins an execution: its first operation, its first event, its first invocation.
    ///
    /// @param made what it is, its input's reference apart
    static Ledger begin(Scope scope, ExecutionKey key, Origin made, String input) {
        PayloadRef ref = DurableTables.write(scope.tx, key, 0, input);
        Origin origin = made.withInput(ref);
        Instant deadline = made.started().plusSeconds(made.timeoutSeconds());
        Progress progress = new Progress(0, "", 0, 0, 0, 0, 1, 0, ref.length(), null, deadline);
        Ledger ledger =
                new Ledger(scope, key, new ExecutionRow(origin, progress, null, null, null));
        scope.tx.put(
                DurableTables.STARTED,
                new StartKey(key.function(), made.started(), key.name()),
                true);
        Operation shape =
                Operation.builder()
                        .id(made.id())
                        .name(key.name())
                        .type("EXECUTION")
                        .status("STARTED")
                        .startTimestamp(made.started())
                        .build();
        ledger.put(OperationRow.of(shape).withPayloads(ref, null));
        ledger.event(
                "ExecutionStarted",
                shape,
                Map.of("ExecutionTimeout", made.timeoutSeconds()),
                History.INPUT,
                ref);
        ledger.enqueue(Work.timer(ledger.arn()), deadline);
        ledger.invokeAfter(Duration.ZERO);
        return ledger;
    }

    /// Writes what has changed about the execution itself.
    public void save() {
        scope.tx.put(DurableTables.EXECUTIONS, key, row());
    }

    public ExecutionRow row() {
        Progress progress =
                new Progress(
                        sequence,
                        invocation,
                        scheduled,
                        invocations,
                        operations,
                        events,
                        payloads,
                        failures,
                        written,
                        due,
                        deadline);
        return new ExecutionRow(origin, progress, end, last, pause);
    }

    public Scope scope() {
        return scope;
    }

    public ExecutionKey key() {
        return key;
    }

    public ExecutionArn arn() {
        return new ExecutionArn(key, origin.version(), origin.id());
    }

    public boolean ended() {
        return end != null;
    }

    /// The operations that this transaction has changed.
    SortedSet<Integer> touched() {
        return touched;
    }

    // Operations.

    @Nullable OperationRow operation(String id) {
        Integer number = number(id);
        return number == null ? null : operation(number);
    }

    OperationRow operation(int number) {
        OperationRow row = scope.tx.get(DurableTables.OPERATIONS, new NumberKey(key, number));
        return Objects.requireNonNull(row, () -> key + " has no operation " + number);
    }

    private @Nullable Integer number(String id) {
        Long number = scope.tx.get(DurableTables.OPERATION_IDS, new OperationKey(key, id));
        return number == null ? null : Math.toIntExact(number);
    }

    /// How many there are, the execution itself included.
    int operations() {
        return operations;
    }

    /// Writes an operation, a new one or a changed one.
    ///
    /// @return its number
    int put(OperationRow row) {
        Integer known = number(row.shape().id());
        int number = known == null ? operations++ : known;
        if (known == null) {
            scope.tx.put(
                    DurableTables.OPERATION_IDS,
                    new OperationKey(key, row.shape().id()),
                    (long) number);
        }
        scope.tx.put(DurableTables.OPERATIONS, new NumberKey(key, number), row);
        touched.add(number);
        arm(row.due());
        return number;
    }

    /// Writes an operation that has changed without the handler's doing, who is to be told.
    void changed(OperationRow row) {
        int number = put(row);
        scope.tx.put(DurableTables.UNSEEN, new NumberKey(key, number), true);
        invokeAfter(Duration.ZERO);
    }

    // Payloads and events.

    /// Keeps a payload.
    @Nullable PayloadRef keep(@Nullable String text) {
        if (text == null) {
            return null;
        }
        PayloadRef ref = DurableTables.write(scope.tx, key, payloads++, text);
        written += ref.length();
        return ref;
    }

    /// Keeps an error.
    @Nullable PayloadRef keep(@Nullable ErrorObject error) {
        return error == null ? null : keep(Payloads.json(error));
    }

    /// The bytes of all payloads so far.
    long written() {
        return written;
    }

    void event(String type, @Nullable Operation about, Map<String, Object> details) {
        event(type, about, details, "", null);
    }

    /// @param slot the member of the details that the payload belongs to
    void event(
            String type,
            @Nullable Operation about,
            Map<String, Object> details,
            String slot,
            @Nullable PayloadRef payload) {
        int number = ++events;
        EventRow row =
                new EventRow(History.event(type, number, scope.now, about, details), slot, payload);
        scope.tx.put(DurableTables.EVENTS, new NumberKey(key, number), row);
    }

    // What happens later.

    private void enqueue(Work work, Instant at) {
        scope.deliveries.enqueue(scope.tx, work.delivery(at), at);
    }

    private void arm(@Nullable Instant at) {
        if (at != null && (due == null || at.isBefore(due))) {
            due = at;
            enqueue(Work.timer(arn()), at);
        }
    }

    /// Begins a chained invocation once this has committed.
    void chain(String operation, ChainedTarget target) {
        enqueue(Work.chain(arn(), operation, target), scope.now);
    }

    /// Whether the execution's time is over. The time of a pause may not count.
    boolean late() {
        boolean stopped = pause != null && pause.stopsTimeout();
        return !stopped && !scope.now.isBefore(deadline);
    }

    /// Has the function invoked, unless it is to be already: who runs now will be told, or will be
    /// followed by another invocation.
    void invokeAfter(Duration delay) {
        if (end != null || scheduled != 0) {
            return;
        }
        if (pause != null) {
            pause = new Pause(pause.requested(), pause.reason(), pause.stopsTimeout(), true);
            return;
        }
        scheduled = ++invocations;
        Instant at = scope.now.plus(delay);
        enqueue(Work.invoke(arn(), scheduled), at);
    }

    /// Completes what is due.
    void completeDue() {
        if (due == null || due.isAfter(scope.now) || end != null) {
            return;
        }
        List<OperationRow> ripe = new ArrayList<>();
        Instant next = null;
        try (Cursor<NumberKey, OperationRow> cursor =
                scope.tx.scan(
                        DurableTables.OPERATIONS, DurableTables.of(key), Math.max(operations, 1))) {
            while (cursor.next()) {
                Instant at = cursor.value().due();
                if (at != null && !at.isAfter(scope.now)) {
                    ripe.add(cursor.value());
                } else if (at != null && (next == null || at.isBefore(next))) {
                    next = at;
                }
            }
        }
        due = null;
        arm(next);
        ripe.forEach(row -> Completion.ripe(this, row));
    }

    // The invocation that runs.

    /// Begins an invocation.
    ///
    /// @param number as it was scheduled
    /// @param id its secret
    /// @return false when another was scheduled since, or the execution has ended or is to pause
    boolean beginInvocation(int number, String id) {
        if (scheduled != number) {
            return false;
        }
        if (end != null || pause != null) {
            scheduled = 0;
            invocation = "";
            invokeAfter(Duration.ZERO);
            return false;
        }
        invocation = id;
        return true;
    }

    String invocation() {
        return invocation;
    }

    /// The invocation could not begin: the same number will be tried again.
    void refused() {
        invocation = "";
    }

    /// Whether it is to pause; what runs then may take no further checkpoint, and is followed by an
    /// invocation once it resumes.
    boolean pausing() {
        if (pause == null) {
            return false;
        }
        pause = new Pause(pause.requested(), pause.reason(), pause.stopsTimeout(), true);
        return true;
    }

    /// Ends the invocation that runs.
    void endInvocation() {
        invocation = "";
        scheduled = 0;
    }

    int failures() {
        return failures;
    }

    void failed() {
        failures++;
    }

    void progressed() {
        failures = 0;
    }

    long sequence() {
        return sequence;
    }

    void checkpointed(@Nullable LastCheckpoint checkpoint) {
        sequence++;
        last = checkpoint;
    }

    /// Ends the execution. Whoever waits for it is told: its parent, its destinations.
    ///
    /// @param status `SUCCEEDED`, `FAILED`, `TIMED_OUT` or `STOPPED`
    public void end(String status, @Nullable PayloadRef result, @Nullable PayloadRef error) {
        end = new End(status, scope.now, result, error);
        due = null;
        Operation shape =
                operation(0).shape().toBuilder().status(status).endTimestamp(scope.now).build();
        put(operation(0).with(shape));
        String slot = status.equals("SUCCEEDED") ? History.RESULT : History.ERROR;
        event(
                "Execution" + Completion.word(status),
                shape,
                Map.of(),
                slot,
                status.equals("SUCCEEDED") ? result : error);
        Instant expiry = scope.now.plus(Duration.ofDays(origin.retentionDays()));
        scope.tx.put(DurableTables.EXPIRIES, new ExpiryKey(expiry, key), true);
        if (origin.event() != null) {
            enqueue(Work.tell(arn()), scope.now);
        }
        Completion.ofChild(this);
    }

    void pause(Pause wanted) {
        pause = wanted;
    }

    void resume(Instant newDeadline) {
        pause = null;
        deadline = newDeadline;
        enqueue(Work.timer(arn()), newDeadline);
    }
}
