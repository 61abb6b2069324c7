package dev.freehold.storage;

/// A transaction lost against others more often than the bound allows. Nothing has been written.
public final class StoreConflictException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public StoreConflictException(int runs) {
        super("The transaction conflicted with others in each of " + runs + " runs");
    }
}
