package dev.freehold.services.sqs;

import dev.freehold.storage.ValueReader;
import dev.freehold.storage.ValueWriter;
import org.jspecify.annotations.Nullable;

/// A task that moves the messages of a dead-letter queue.
///
/// @param destination the ARN of the queue that gets them, or null: the queue each came from
/// @param perSecond the most messages a second, or 0
/// @param status `RUNNING`, `COMPLETED`, `CANCELLED` or `FAILED`
/// @param total how many messages there were at the start
record MoveTask(
        String id,
        @Nullable String destination,
        int perSecond,
        String status,
        long moved,
        long total,
        @Nullable String failure) {
    /// @param source the dead-letter queue's ARN
    /// @param started in milliseconds
    record Key(String source, long started) {}

    boolean running() {
        return status.equals("RUNNING");
    }

    MoveTask with(String newStatus, long more, @Nullable String why) {
        return new MoveTask(id, destination, perSecond, newStatus, moved + more, total, why);
    }

    void write(ValueWriter out) {
        out.string(id)
                .optionalString(destination)
                .int32(perSecond)
                .string(status)
                .int64(moved)
                .int64(total)
                .optionalString(failure);
    }

    static MoveTask read(ValueReader in) {
        return new MoveTask(
                in.string(),
                in.optionalString(),
                in.int32(),
                in.string(),
                in.int64(),
                in.int64(),
                in.optionalString());
    }
}
