package dev.freehold.sandbox;

import dev.freehold.sandbox.Frames.Frame;
import java.time.Duration;
import java.util.function.Supplier;
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

    /// Takes what a bootstrap says: see `bootstrap.mjs`.
    ///
    /// @param gone why it says nothing that can be understood
    /// @return null when there will be more
    static @Nullable Answer of(
            Frame frame, Invocation invocation, Progress progress, Supplier<Failure> gone) {
        byte[] content = frame.content();
        return switch (frame.type()) {
            case 'O' -> whole(content, progress);
            case 'E' -> failed(content);
            case 'X' -> dead(Failure.own(content), invocation);
            case 'S' -> {
                progress.begin(Errors.contentType(content));
                yield null;
            }
            case 'C' -> {
                progress.write(content);
                yield null;
            }
            case 'D' -> content.length == 0 ? WELL : failed(content);
            default -> dead(gone.get(), invocation);
        };
    }

    /// An answer that came in one piece.
    private static Answer whole(byte[] content, Progress progress) {
        if (content.length > Errors.MAX_RESPONSE) {
            return failed(Errors.tooLarge());
        }
        progress.whole(content);
        return WELL;
    }

    Answer withCpu(Duration cpu) {
        return new Answer(payload, failed, ended, cpu);
    }
}
