package dev.freehold.protocol;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// An answer that the model names: the caller's fault or a documented condition, never our bug. It
/// carries no stack trace, because nobody debugs a `QueueDoesNotExist`.
///
/// Errors whose shape has members beside the message override [#body()].
public abstract class ServiceError extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient ErrorShape shape;

    protected ServiceError(ErrorShape shape, @Nullable String message) {
        this.shape = Objects.requireNonNull(shape);
        super(message, null, false, false);
    }

    public final ErrorShape shape() {
        return shape;
    }

    /// The members that are sent with the error, or null when there is only a message.
    public @Nullable Structure body() {
        return null;
    }
}
