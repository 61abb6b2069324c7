package dev.freehold.sandbox.api;

/// A call that its extension may not make now, in AWS's words.
final class RefusedException extends Exception {
    private static final long serialVersionUID = 1L;

    /// The error's type.
    final String type;

    RefusedException(String type, String message) {
        super(message);
        this.type = type;
    }
}
