package dev.freehold.services.lambda.durable;

import dev.freehold.api.lambda.DurableConfig;
import dev.freehold.api.lambda.DurableExecutionAlreadyStartedException;
import dev.freehold.protocol.Caller;
import dev.freehold.services.deliveries.Deliveries;
import dev.freehold.services.lambda.durable.Ledger.Scope;
import dev.freehold.services.lambda.durable.state.DurableTables;
import dev.freehold.services.lambda.durable.state.ExecutionArn;
import dev.freehold.services.lambda.durable.state.ExecutionKey;
import dev.freehold.services.lambda.durable.state.ExecutionRow;
import dev.freehold.services.lambda.durable.state.ExecutionRow.AsyncEvent;
import dev.freehold.services.lambda.durable.state.ExecutionRow.Origin;
import dev.freehold.services.lambda.durable.state.ExecutionRow.Parent;
import dev.freehold.services.lambda.durable.state.PayloadRef;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.run.Answer;
import dev.freehold.services.lambda.run.Call;
import dev.freehold.services.lambda.run.DurableRuns;
import dev.freehold.services.lambda.run.Invoker;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Starts durable executions, and waits for their ends.
public final class Durables implements DurableRuns {
    /// The fact that says of whose operation an invocation is the chained one: the execution's ARN,
    /// a space, the operation's id. No request can set it.
    static final String PARENT = "freehold:DurableParent";

    /// How much longer than its execution a caller waits, so that the end by timeout is answered.
    private static final Duration GRACE = Duration.ofSeconds(10);

    private final Parts parts;

    /// @param ids makes UUIDs
    public record Parts(
            Store store,
            Deliveries deliveries,
            InstantSource clock,
            Supplier<String> ids,
            Ends ends) {
        /// The time, as precise as the API tells it.
        public Instant now() {
            return clock.instant().truncatedTo(ChronoUnit.MILLIS);
        }

        /// What a transaction works with.
        public Scope scope(Transaction tx, Instant now) {
            return new Scope(tx, deliveries, now);
        }

        /// Tells what follows from a commit.
        public void committed(ExecutionKey key) {
            deliveries.wake();
            ends.signal(key);
        }
    }

    public Durables(Parts parts) {
        this.parts = parts;
    }

    /// Whether a version's executions are durable.
    public static boolean durable(Lookup.Found found) {
        return found.version().configuration().durableConfig() != null;
    }

    /// Starts an execution, or finds the one of that name and input. On return it is durable.
    ///
    /// @param name its name, or null for one of its own
    /// @return its ARN
    /// @throws dev.freehold.protocol.ServiceError when it can't be started
    public String accept(Call call, @Nullable String name, Lookup.Found found, Caller caller) {
        AsyncEvent event = new AsyncEvent(caller.requestId(), qualifier(call));
        return start(call, name, made(call, found, event, caller)).toString();
    }

    /// Starts an execution, or finds the one of that name and input, and waits for its end.
    ///
    /// @throws dev.freehold.protocol.ServiceError when it can't be started
    @Override
    public Answer run(Call call, @Nullable String name, Lookup.Found found, Caller caller) {
        Origin made = made(call, found, null, caller);
        if (made.timeoutSeconds() > DurableLimits.MAX_SYNCHRONOUS.toSeconds()) {
            throw Errors.invalid(
                    "You cannot synchronously invoke a durable function with an executionTimeout"
                            + " greater than 15 minutes.");
        }
        ExecutionArn arn = start(call, name, made);
        Duration most = Duration.ofSeconds(made.timeoutSeconds()).plus(GRACE);
        parts.ends.await(arn.key(), most, () -> end(arn) != null);
        ExecutionRow row = end(arn);
        if (row == null) {
            throw Errors.conflict("The durable execution has not ended: " + arn);
        }
        return parts.store.read(tx -> Results.answer(tx, arn.key(), row));
    }

    /// The execution once it has ended; null before.
    private @Nullable ExecutionRow end(ExecutionArn arn) {
        ExecutionRow row = parts.store.read(tx -> tx.get(DurableTables.EXECUTIONS, arn.key()));
        return row == null || row.end() == null || !row.arn(arn.key()).equals(arn) ? null : row;
    }

    private static String qualifier(Call call) {
        String qualifier = call.name().qualifier();
        if (qualifier == null) {
            throw Errors.invalid("You cannot invoke a durable function using an unqualified ARN.");
        }
        return qualifier;
    }

    private Origin made(Call call, Lookup.Found found, @Nullable AsyncEvent event, Caller caller) {
        qualifier(call);
        Invoker.checkTenant(call, found.version().configuration());
        DurableConfig config =
                Objects.requireNonNull(found.version().configuration().durableConfig());
        Integer retention = config.retentionPeriodInDays();
        return new Origin(
                found.key().version(),
                parts.ids.get(),
                parts.now(),
                Objects.requireNonNull(config.executionTimeout()),
                retention == null ? DurableLimits.DEFAULT_RETENTION_DAYS : retention,
                new PayloadRef(0, 0),
                call.trace(),
                parent(caller),
                event,
                call.tenant());
    }

    private static @Nullable Parent parent(Caller caller) {
        String fact = caller.facts().get(PARENT);
        if (fact == null) {
            return null;
        }
        int space = fact.indexOf(' ');
        ExecutionArn execution = ExecutionArn.parse(fact.substring(0, space));
        return new Parent(Objects.requireNonNull(execution), fact.substring(space + 1));
    }

    /// An execution of that name is this one when its input is the same, whether it runs or has
    /// ended.
    private ExecutionArn start(Call call, @Nullable String name, Origin made) {
        String chosen = name == null ? parts.ids.get() : name;
        ExecutionKey key = new ExecutionKey(call.name().id(), chosen);
        String input =
                call.payload().length == 0
                        ? "{}"
                        : new String(call.payload(), StandardCharsets.UTF_8);
        ExecutionArn started =
                parts.store.update(tx -> {
                    ExecutionRow row = tx.get(DurableTables.EXECUTIONS, key);
                    if (row == null) {
                        Ledger ledger =
                                Ledger.begin(parts.scope(tx, made.started()), key, made, input);
                        ledger.save();
                        return ledger.arn();
                    }
                    String before = Payloads.text(tx, key, row.origin().input());
                    if (!input.equals(before)) {
                        throw alreadyStarted(row.arn(key));
                    }
                    return row.arn(key);
                });
        parts.deliveries.wake();
        return started;
    }

    private static DurableExecutionAlreadyStartedException alreadyStarted(ExecutionArn arn) {
        return new DurableExecutionAlreadyStartedException(
                "A durable execution with the same name and a different input has already been"
                        + " started: "
                        + arn,
                DurableExecutionAlreadyStartedException.Members.builder().type("User").build());
    }
}
