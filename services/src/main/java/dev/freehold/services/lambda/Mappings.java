package dev.freehold.services.lambda;

import dev.freehold.api.lambda.CreateEventSourceMappingRequest;
import dev.freehold.api.lambda.EventSourceMappingConfiguration;
import dev.freehold.api.lambda.InvalidParameterValueException;
import dev.freehold.api.lambda.ResourceConflictException;
import dev.freehold.api.lambda.ResourceNotFoundException;
import dev.freehold.api.lambda.UpdateEventSourceMappingRequest;
import dev.freehold.protocol.Arn;
import dev.freehold.protocol.Caller;
import dev.freehold.protocol.NotImplementedError;
import dev.freehold.services.lambda.LambdaTables.Mapping;
import dev.freehold.services.lambda.LambdaTables.MappingKey;
import dev.freehold.storage.Store;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Event source mappings. Sources are SQS queues; others are refused.
final class Mappings {
    private static final int MAX_BATCH = 10_000;

    private final Store store;
    private final InstantSource clock;
    private final Supplier<String> ids;

    Mappings(Store store, InstantSource clock, Supplier<String> ids) {
        this.store = store;
        this.clock = clock;
        this.ids = ids;
    }

    EventSourceMappingConfiguration create(
            CreateEventSourceMappingRequest in, FunctionName function, Caller caller) {
        Arn source = in.eventSourceArn() == null ? null : Arn.parse(in.eventSourceArn());
        if (source == null) {
            throw new InvalidParameterValueException("Unrecognized event source.");
        }
        refuse("Event sources other than SQS", !source.service().equals("sqs"));
        refuse("Filter criteria of event source mappings", in.filterCriteria() != null);
        refuse("Scaling configurations of event source mappings", in.scalingConfig() != null);
        refuse("Destinations of event source mappings", in.destinationConfig() != null);
        refuse("Provisioned pollers", in.provisionedPollerConfig() != null);
        int window =
                in.maximumBatchingWindowInSeconds() == null
                        ? 0
                        : in.maximumBatchingWindowInSeconds();
        int batch = in.batchSize() == null ? 10 : in.batchSize();
        checkBatch(batch, window);
        boolean enabled = !Boolean.FALSE.equals(in.enabled());
        String id = ids.get();
        EventSourceMappingConfiguration mapping =
                EventSourceMappingConfiguration.builder()
                        .uuid(id)
                        .batchSize(batch)
                        .maximumBatchingWindowInSeconds(window)
                        .eventSourceArn(in.eventSourceArn())
                        .functionArn(function.arn())
                        .lastModified(clock.instant())
                        .state(enabled ? "Enabled" : "Disabled")
                        .stateTransitionReason("USER_INITIATED")
                        .functionResponseTypes(
                                in.functionResponseTypes() == null
                                        ? List.of()
                                        : in.functionResponseTypes())
                        .eventSourceMappingArn(
                                caller.arn("lambda", "event-source-mapping:" + id).toString())
                        .build();
        store.updateOnly(tx -> {
            for (Mapping other : LambdaTables.mappings(tx)) {
                EventSourceMappingConfiguration c = other.configuration();
                if (Objects.equals(c.eventSourceArn(), in.eventSourceArn())
                        && Objects.equals(c.functionArn(), function.arn())) {
                    throw new ResourceConflictException(
                            "An event source mapping with SQS arn (\" "
                                    + in.eventSourceArn()
                                    + " \") and function (\" "
                                    + function.name()
                                    + " \") already exists. Please update or delete the"
                                    + " existing mapping with UUID "
                                    + c.uuid());
                }
            }
            tx.put(LambdaTables.MAPPINGS, key(id, caller), mapping);
        });
        return mapping;
    }

    private static void refuse(String what, boolean used) {
        if (used) {
            throw new NotImplementedError(what);
        }
    }

    private static void checkBatch(int batch, int window) {
        if (batch > MAX_BATCH || (batch > 10 && window < 1)) {
            throw new InvalidParameterValueException(
                    "Maximum batch window in seconds must be greater than 0 if maximum batch size is"
                            + " greater than 10");
        }
    }

    private static MappingKey key(String id, Caller caller) {
        return new MappingKey(caller.account(), caller.region(), id);
    }

    EventSourceMappingConfiguration get(String id, Caller caller) {
        EventSourceMappingConfiguration mapping =
                store.read(tx -> tx.get(LambdaTables.MAPPINGS, key(id, caller)));
        if (mapping == null) {
            throw missing();
        }
        return mapping;
    }

    private static ResourceNotFoundException missing() {
        return new ResourceNotFoundException("The resource you requested does not exist.");
    }

    List<EventSourceMappingConfiguration> list(
            @Nullable String source, @Nullable String function, Caller caller) {
        return store.read(LambdaTables::mappings).stream()
                .filter(m ->
                        m.key().account().equals(caller.account())
                                && m.key().region().equals(caller.region()))
                .map(Mapping::configuration)
                .filter(c -> source == null || source.equals(c.eventSourceArn()))
                .filter(c -> function == null || function.equals(c.functionArn()))
                .toList();
    }

    EventSourceMappingConfiguration update(UpdateEventSourceMappingRequest in, Caller caller) {
        refuse("Filter criteria of event source mappings", in.filterCriteria() != null);
        refuse("Scaling configurations of event source mappings", in.scalingConfig() != null);
        return store.update(tx -> {
            EventSourceMappingConfiguration before =
                    tx.get(LambdaTables.MAPPINGS, key(in.uuid(), caller));
            if (before == null) {
                throw missing();
            }
            EventSourceMappingConfiguration.Builder next =
                    before.toBuilder().lastModified(clock.instant());
            if (in.enabled() != null) {
                next.state(in.enabled() ? "Enabled" : "Disabled");
            }
            if (in.batchSize() != null) {
                next.batchSize(in.batchSize());
            }
            if (in.maximumBatchingWindowInSeconds() != null) {
                next.maximumBatchingWindowInSeconds(in.maximumBatchingWindowInSeconds());
            }
            if (in.functionResponseTypes() != null) {
                next.functionResponseTypes(in.functionResponseTypes());
            }
            EventSourceMappingConfiguration after = next.build();
            tx.put(LambdaTables.MAPPINGS, key(in.uuid(), caller), after);
            return after;
        });
    }

    EventSourceMappingConfiguration delete(String id, Caller caller) {
        return store.update(tx -> {
            EventSourceMappingConfiguration gone = tx.get(LambdaTables.MAPPINGS, key(id, caller));
            if (gone == null) {
                throw missing();
            }
            tx.delete(LambdaTables.MAPPINGS, key(id, caller));
            return gone.toBuilder().state("Deleting").build();
        });
    }
}
