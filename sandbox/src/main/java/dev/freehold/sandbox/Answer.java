package dev.freehold.sandbox;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What one invocation answered.
///
/// @param payload the error that the function returned; an answer went to its sink
/// @param failed whether it is an error
/// @param ended why the environment can't be used again, or null
/// @param cpu what it computed
record Answer(byte[] payload, boolean failed, @Nullable Failure ended, Duration cpu) {
    static final Answer WELL = new Answer(new byte[0], false, null, Duration.ZERO);

    static Answer failed(byte[] error) {
        return new Answer(error, true, null, Duration.ZERO);
    }

    /// The environment can't be used again.
    static Answer dead(Failure failure, Invocation invocation) {
        return new Answer(failure.error(invocation.requestId()), true, failure, Duration.ZERO);
    }

    /// An answer that came in one piece.
    static Answer whole(byte[] content, Progress progress) {
        if (content.length > Errors.MAX_RESPONSE) {
            return failed(Errors.tooLarge());
        }
        progress.begin("application/json");
        progress.write(content);
        return WELL;
    }

    Answer withCpu(Duration cpu) {
        return new Answer(payload, failed, ended, cpu);
    }
}
