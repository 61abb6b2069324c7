package dev.freehold.storage;

/// A transaction wrote or read more than it may. Nothing has been written.
public final class StoreLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreLimitException(String message) {
        super(message);
    }
}
