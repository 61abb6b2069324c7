package dev.freehold.services.lambda.durable;

import java.time.Duration;

/// See <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>.
public final class DurableLimits {
    /// The most operations of an execution.
    static final int MAX_OPERATIONS = 3_000;

    /// The most bytes of payloads that an execution writes.
    static final long MAX_WRITTEN_BYTES = 100L * 1024 * 1024;

    /// The largest result of a step or context.
    static final int MAX_PAYLOAD_BYTES = 256 * 1024;

    /// The largest input and result of a chained invocation.
    static final int MAX_CHAINED_BYTES = 1024 * 1024;

    /// The largest error.
    static final int MAX_ERROR_BYTES = 32 * 1024;

    /// The most bytes of payloads that one page of operations or events has.
    public static final int MAX_PAGE_BYTES = 5 * 1024 * 1024;

    /// How long a caller may wait for an execution's end.
    static final Duration MAX_SYNCHRONOUS = Duration.ofMinutes(15);

    static final int DEFAULT_RETENTION_DAYS = 14;

    private DurableLimits() {}
}
