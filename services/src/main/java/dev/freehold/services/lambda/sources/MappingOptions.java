package dev.freehold.services.lambda.sources;

import dev.freehold.api.lambda.CreateEventSourceMappingRequest;
import dev.freehold.api.lambda.EventSourceMappingConfiguration;
import dev.freehold.api.lambda.FilterCriteria;
import dev.freehold.api.lambda.ScalingConfig;
import dev.freehold.api.lambda.UpdateEventSourceMappingRequest;
import dev.freehold.protocol.Arn;
import dev.freehold.services.lambda.rules.Errors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What can be set about a mapping of a queue.
///
/// @param batchSize how many messages a function gets at most
/// @param windowSeconds how long it waits for so many
record MappingOptions(
        int batchSize,
        int windowSeconds,
        @Nullable FilterCriteria filters,
        @Nullable ScalingConfig scaling,
        List<String> responseTypes) {
    private static final int DEFAULT_BATCH = 10;
    private static final int MAX_BATCH = 10_000;

    /// The most that a queue hands out at once; and what a FIFO queue's batch may have.
    static final int MAX_RECEIVE = 10;

    static MappingOptions of(CreateEventSourceMappingRequest in, Arn source) {
        if (in.destinationConfig() != null) {
            throw Errors.invalid(
                    "Unsupported DestinationConfig parameter for given event source mapping"
                            + " type.");
        }
        if (in.startingPosition() != null) {
            throw Errors.invalid("StartingPosition is not valid for SQS event sources.");
        }
        Mappings.refuse(
                "Provisioned pollers of event source mappings",
                in.provisionedPollerConfig() != null);
        Mappings.refuse("KMSKeyArn of event source mappings", in.kmsKeyArn() != null);
        Mappings.refuse("Metrics of event source mappings", in.metricsConfig() != null);
        return new MappingOptions(
                        in.batchSize() == null ? DEFAULT_BATCH : in.batchSize(),
                        in.maximumBatchingWindowInSeconds() == null
                                ? 0
                                : in.maximumBatchingWindowInSeconds(),
                        orNull(in.filterCriteria()),
                        orNull(in.scalingConfig()),
                        in.functionResponseTypes() == null ? List.of() : in.functionResponseTypes())
                .checked(source);
    }

    /// No filters is no criteria.
    private static @Nullable FilterCriteria orNull(@Nullable FilterCriteria in) {
        return in == null || in.filters() == null || in.filters().isEmpty() ? null : in;
    }

    private static @Nullable ScalingConfig orNull(@Nullable ScalingConfig in) {
        return in == null || in.maximumConcurrency() == null ? null : in;
    }

    static MappingOptions merge(
            EventSourceMappingConfiguration old, UpdateEventSourceMappingRequest in, Arn source) {
        Mappings.refuse(
                "Provisioned pollers of event source mappings",
                in.provisionedPollerConfig() != null);
        Mappings.refuse("KMSKeyArn of event source mappings", in.kmsKeyArn() != null);
        Mappings.refuse("Metrics of event source mappings", in.metricsConfig() != null);
        Integer batch = in.batchSize() == null ? old.batchSize() : in.batchSize();
        Integer window =
                in.maximumBatchingWindowInSeconds() == null
                        ? old.maximumBatchingWindowInSeconds()
                        : in.maximumBatchingWindowInSeconds();
        List<String> types =
                in.functionResponseTypes() == null
                        ? old.functionResponseTypes()
                        : in.functionResponseTypes();
        return new MappingOptions(
                        batch == null ? DEFAULT_BATCH : batch,
                        window == null ? 0 : window,
                        in.filterCriteria() == null
                                ? old.filterCriteria()
                                : orNull(in.filterCriteria()),
                        in.scalingConfig() == null
                                ? old.scalingConfig()
                                : orNull(in.scalingConfig()),
                        types == null ? List.of() : types)
                .checked(source);
    }

    private MappingOptions checked(Arn source) {
        boolean fifo = source.resource().endsWith(".fifo");
        if (batchSize > MAX_BATCH || (fifo && batchSize > MAX_RECEIVE)) {
            int most = fifo ? MAX_RECEIVE : MAX_BATCH;
            throw Errors.invalid(
                    "Maximum batch size for "
                            + (fifo ? "FIFO " : "")
                            + "SQS event sources is "
                            + most
                            + ".");
        }
        if (fifo && windowSeconds > 0) {
            throw Errors.invalid("Batching window is not supported for FIFO queues");
        }
        if (batchSize > MAX_RECEIVE && windowSeconds < 1) {
            throw Errors.invalid(
                    "Maximum batch window in seconds must be greater than 0 if maximum batch size"
                            + " is greater than 10");
        }
        Filters.of(filters);
        return this;
    }

    EventSourceMappingConfiguration.Builder apply(EventSourceMappingConfiguration.Builder target) {
        return target.batchSize(batchSize)
                .maximumBatchingWindowInSeconds(windowSeconds)
                .filterCriteria(filters)
                .scalingConfig(scaling)
                .functionResponseTypes(responseTypes);
    }
}
