package dev.freehold.protocol.smithy;

import dev.freehold.protocol.ErrorShape;
import dev.freehold.protocol.ServiceError;
import dev.freehold.protocol.Structure;
import org.jspecify.annotations.Nullable;

/// An error of a model that is known only when it runs.
final class DynamicError extends ServiceError {
    private static final long serialVersionUID = 1L;
    private final transient Structure body;

    DynamicError(ErrorShape shape, @Nullable String message, Structure body) {
        super(shape, message);
        this.body = body;
    }

    @Override
    public Structure body() {
        return body;
    }
}
