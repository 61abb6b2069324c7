package dev.freehold.services.lambda.sources;

import dev.freehold.api.lambda.CreateEventSourceMappingRequest;
import dev.freehold.api.lambda.EventSourceMappingConfiguration;
import dev.freehold.api.lambda.ListEventSourceMappingsRequest;
import dev.freehold.api.lambda.ListEventSourceMappingsResponse;
import dev.freehold.api.lambda.UpdateEventSourceMappingRequest;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.lambda.rules.Errors;
import dev.freehold.services.lambda.rules.FunctionName;
import dev.freehold.services.lambda.rules.Lookup;
import dev.freehold.services.lambda.state.LambdaTables;
import dev.freehold.services.lambda.state.LambdaTables.Entry;
import dev.freehold.services.lambda.state.MappingKey;
import dev.freehold.services.lambda.state.MappingRow;
import dev.freehold.storage.Store;
import dev.freehold.storage.Transaction;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Event source mappings. Sources are SQS queues; others are refused by name.
public final class Mappings {
    private static final int MAX_PAGE = 100;
    private static final int MAX_TAGS = 50;

    /// How long a change shows as one.
    private static final Duration SETTLING = Duration.ofMillis(400);

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;
    private final QueueChecks queues;

    /// @param ids makes UUIDs
    public Mappings(Store store, InstantSource clock, Supplier<String> ids, QueueChecks queues) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
        this.queues = queues;
    }

    public EventSourceMappingConfiguration create(
            CreateEventSourceMappingRequest in, Caller caller) {
        Arn source = source(in);
        FunctionName function = FunctionName.parse(in.functionName(), null, caller);
        Lookup.Found found = store.read(tx -> Lookup.findOrNull(tx, function));
        if (found == null) {
            throw Errors.invalid("Function does not exist");
        }
        if (found.version().configuration().tenancyConfig() != null) {
            throw Errors.tenancy("An event source mapping");
        }
        MappingOptions options = MappingOptions.of(in, source);
        queues.check(source, function.id(), found.version().configuration(), caller);
        Map<String, String> tags = in.tags() == null ? Map.of() : in.tags();
        if (tags.size() > MAX_TAGS) {
            throw Errors.invalid("Number of tags exceeds resource tag limit.");
        }
        String id = ids.get();
        Instant now = clock.instant();
        boolean enabled = !Boolean.FALSE.equals(in.enabled());
        EventSourceMappingConfiguration configuration =
                options.apply(EventSourceMappingConfiguration.builder())
                        .uuid(id)
                        .eventSourceArn(in.eventSourceArn())
                        .functionArn(function.arn())
                        .lastModified(now)
                        .state(enabled ? "Enabled" : "Disabled")
                        .stateTransitionReason("USER_INITIATED")
                        .eventSourceMappingArn(
                                caller.arn("lambda", "event-source-mapping:" + id).toString())
                        .build();
        MappingRow row = new MappingRow(configuration, "Creating", now.plus(SETTLING), tags);
        store.updateOnly(tx -> {
            requireNew(tx, configuration, caller);
            tx.put(LambdaTables.MAPPINGS, key(id, caller), row);
        });
        return row.view(now);
    }

    private static Arn source(CreateEventSourceMappingRequest in) {
        Arn source = in.eventSourceArn() == null ? null : Arn.parse(in.eventSourceArn());
        if (source == null) {
            refuse("Self-managed event sources", in.selfManagedEventSource() != null);
            throw Errors.invalid("Unrecognized event source.");
        }
        boolean stream = source.service().equals("kinesis") || source.service().equals("dynamodb");
        if (stream && in.startingPosition() == null) {
            throw Errors.invalid(
                    "1 validation error detected: Value null at 'startingPosition' failed to"
                            + " satisfy constraint: Member must not be null.");
        }
        if (source.service().equals("dynamodb") && "AT_TIMESTAMP".equals(in.startingPosition())) {
            throw Errors.invalid("Unsupported starting position for arn type: " + source);
        }
        refuse("Event sources other than SQS", !source.service().equals("sqs"));
        return source;
    }

    static void refuse(String what, boolean used) {
        if (used) {
            throw new NotImplementedError(what);
        }
    }

    private static void requireNew(
            Transaction tx, EventSourceMappingConfiguration wanted, Caller caller) {
        for (EventSourceMappingConfiguration other : all(tx, caller)) {
            if (Objects.equals(other.eventSourceArn(), wanted.eventSourceArn())
                    && Objects.equals(other.functionArn(), wanted.functionArn())) {
                String arn = String.valueOf(wanted.functionArn());
                throw Errors.conflict(
                        "An event source mapping with SQS arn (\" "
                                + wanted.eventSourceArn()
                                + " \") and function (\" "
                                + arn.substring(arn.indexOf(":function:") + 10)
                                + " \") already exists. Please update or delete the"
                                + " existing mapping with UUID "
                                + other.uuid());
            }
        }
    }

    private static List<EventSourceMappingConfiguration> all(Transaction tx, Caller caller) {
        return LambdaTables.list(
                        tx,
                        LambdaTables.MAPPINGS,
                        LambdaTables.in(caller.account(), caller.region()))
                .stream()
                .map(Entry::value)
                .map(MappingRow::configuration)
                .toList();
    }

    private static MappingKey key(String id, Caller caller) {
        return new MappingKey(caller.account(), caller.region(), id);
    }

    public EventSourceMappingConfiguration get(String id, Caller caller) {
        return store.read(tx -> require(tx, id, caller)).view(clock.instant());
    }

    private static MappingRow require(Transaction tx, String id, Caller caller) {
        MappingRow row = tx.get(LambdaTables.MAPPINGS, key(id, caller));
        if (row == null) {
            throw Errors.noResource();
        }
        return row;
    }

    public ListEventSourceMappingsResponse list(ListEventSourceMappingsRequest in, Caller caller) {
        Instant now = clock.instant();
        String function =
                in.functionName() == null
                        ? null
                        : FunctionName.parse(in.functionName(), null, caller).arn();
        int limit = in.maxItems() == null ? MAX_PAGE : Math.min(in.maxItems(), MAX_PAGE);
        List<EventSourceMappingConfiguration> found =
                store.read(tx ->
                        LambdaTables.list(
                                        tx,
                                        LambdaTables.MAPPINGS,
                                        LambdaTables.in(caller.account(), caller.region()))
                                .stream()
                                .filter(e ->
                                        in.marker() == null
                                                || e.key().id().compareTo(in.marker()) > 0)
                                .map(e -> e.value().view(now))
                                .filter(c -> matches(c, in.eventSourceArn(), function))
                                .limit(limit + 1L)
                                .toList());
        boolean more = found.size() > limit;
        List<EventSourceMappingConfiguration> page = more ? found.subList(0, limit) : found;
        return ListEventSourceMappingsResponse.builder()
                .eventSourceMappings(page)
                .nextMarker(more ? page.getLast().uuid() : null)
                .build();
    }

    private static boolean matches(
            EventSourceMappingConfiguration mapping,
            @Nullable String source,
            @Nullable String function) {
        return (source == null || source.equals(mapping.eventSourceArn()))
                && (function == null || function.equals(mapping.functionArn()));
    }

    public EventSourceMappingConfiguration update(
            UpdateEventSourceMappingRequest in, Caller caller) {
        Instant now = clock.instant();
        return store.update(tx -> {
            MappingRow before = require(tx, in.uuid(), caller);
            EventSourceMappingConfiguration old = before.configuration();
            Arn source = Objects.requireNonNull(Arn.parse(String.valueOf(old.eventSourceArn())));
            EventSourceMappingConfiguration.Builder next =
                    MappingOptions.merge(old, in, source).apply(old.toBuilder()).lastModified(now);
            if (in.functionName() != null) {
                FunctionName function = FunctionName.parse(in.functionName(), null, caller);
                if (Lookup.findOrNull(tx, function) == null) {
                    throw Errors.invalid("Function does not exist");
                }
                next.functionArn(function.arn());
            }
            String shown = "Updating";
            if (in.enabled() != null) {
                boolean was = before.enabled();
                next.state(in.enabled() ? "Enabled" : "Disabled");
                shown = was == in.enabled() ? shown : in.enabled() ? "Enabling" : "Disabling";
            }
            MappingRow row = new MappingRow(next.build(), shown, now.plus(SETTLING), before.tags());
            tx.put(LambdaTables.MAPPINGS, key(in.uuid(), caller), row);
            return row.view(now);
        });
    }

    public EventSourceMappingConfiguration delete(String id, Caller caller) {
        return store.update(tx -> {
            MappingRow gone = require(tx, id, caller);
            tx.delete(LambdaTables.MAPPINGS, key(id, caller));
            return gone.configuration().toBuilder().state("Deleting").build();
        });
    }
}
