package dev.freehold.services.logs;

import dev.freehold.api.logs.InputLogEvent;
import dev.freehold.api.logs.InvalidParameterException;
import dev.freehold.api.logs.RejectedLogEventsInfo;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What PutLogEvents accepts.
///
/// See
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html>.
final class Limits {
    /// The most bytes of one batch: of all messages, and 26 for each.
    static final int MAX_BATCH = 1_048_576;

    private static final int OVERHEAD = 26;
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final long MAX_AHEAD = 2 * HOUR;
    private static final long MAX_BEHIND = 14 * DAY;

    private Limits() {}

    /// The size of a text in UTF-8, in bytes.
    static int bytes(String text) {
        int bytes = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            bytes += c < 0x80 ? 1 : c < 0x800 || Character.isSurrogate(c) ? 2 : 3;
        }
        return bytes;
    }

    /// Checks a batch as a whole.
    ///
    /// @return its size in bytes
    /// @throws InvalidParameterException AWS's, when it is too large, out of order or too long
    static int check(List<InputLogEvent> events) {
        int bytes = 0;
        long before = Long.MIN_VALUE;
        for (InputLogEvent event : events) {
            bytes += bytes(event.message()) + OVERHEAD;
            if (event.timestamp() < before) {
                throw new InvalidParameterException(
                        "Log events in a single PutLogEvents request must be in chronological"
                                + " order.");
            }
            before = event.timestamp();
        }
        if (bytes > MAX_BATCH) {
            throw new InvalidParameterException(
                    "Upload too large: " + bytes + " bytes exceeds limit of " + MAX_BATCH);
        }
        if (!events.isEmpty() && before - events.getFirst().timestamp() > DAY) {
            throw new InvalidParameterException(
                    "The batch of log events in a single PutLogEvents request cannot span more"
                            + " than 24 hours.");
        }
        return bytes;
    }

    /// The events of a batch that are taken, and word of those that are not.
    record Taken(List<InputLogEvent> events, @Nullable RejectedLogEventsInfo rejected) {}

    /// @param retention the group's, in days, or null for ever
    static Taken taken(List<InputLogEvent> events, @Nullable Integer retention, long now) {
        int tooOld = 0;
        int expired = 0;
        int tooNew = events.size();
        for (int i = 0; i < events.size(); i++) {
            long time = events.get(i).timestamp();
            if (time < now - MAX_BEHIND) {
                tooOld = i + 1;
            } else if (retention != null && time < now - retention * DAY) {
                expired = i + 1;
            } else if (time > now + MAX_AHEAD) {
                tooNew = Math.min(tooNew, i);
            }
        }
        int start = Math.max(tooOld, expired);
        boolean all = start == 0 && tooNew == events.size();
        RejectedLogEventsInfo rejected =
                all
                        ? null
                        : RejectedLogEventsInfo.builder()
                                .tooOldLogEventEndIndex(tooOld == 0 ? null : tooOld)
                                .expiredLogEventEndIndex(expired == 0 ? null : expired)
                                .tooNewLogEventStartIndex(tooNew == events.size() ? null : tooNew)
                                .build();
        return new Taken(events.subList(start, Math.max(start, tooNew)), rejected);
    }
}
