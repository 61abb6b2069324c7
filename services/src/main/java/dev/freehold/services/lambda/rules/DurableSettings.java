package dev.freehold.services.lambda.rules;

import dev.freehold.api.lambda.DurableConfig;
import dev.freehold.protocol.NotImplementedError;
import org.jspecify.annotations.Nullable;

/// What makes a function's executions durable. It is a function's from its creation on, or never.
///
/// See <https://docs.aws.amazon.com/lambda/latest/dg/durable-configuration.html>.
final class DurableSettings {
    private static final int DEFAULT_RETENTION_DAYS = 14;

    private DurableSettings() {}

    static @Nullable DurableConfig create(@Nullable DurableConfig in) {
        if (in == null) {
            return null;
        }
        refuseKeys(in);
        if (in.executionTimeout() == null) {
            throw Errors.invalid("ExecutionTimeout is required in DurableConfig.");
        }
        Integer days = in.retentionPeriodInDays();
        return in.toBuilder()
                .retentionPeriodInDays(days == null ? DEFAULT_RETENTION_DAYS : days)
                .build();
    }

    static DurableConfig update(@Nullable DurableConfig before, DurableConfig in) {
        refuseKeys(in);
        if (before == null) {
            throw Errors.invalid(
                    "You can only enable durable execution when you create a function.");
        }
        DurableConfig.Builder next = before.toBuilder();
        if (in.executionTimeout() != null) {
            next.executionTimeout(in.executionTimeout());
        }
        if (in.retentionPeriodInDays() != null) {
            next.retentionPeriodInDays(in.retentionPeriodInDays());
        }
        return next.build();
    }

    private static void refuseKeys(DurableConfig in) {
        if (in.kmsKeyArn() != null && !in.kmsKeyArn().isEmpty()) {
            throw new NotImplementedError("KMSKeyArn of Lambda functions' DurableConfig");
        }
    }
}
