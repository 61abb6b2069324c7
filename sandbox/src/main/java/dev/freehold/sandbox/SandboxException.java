package dev.freehold.sandbox;

/// The host does not let a sandbox run, or one did not come up. The message says what to do.
public final class SandboxException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public SandboxException(String message) {
        super(message);
    }

    public SandboxException(String message, Throwable cause) {
        super(message, cause);
    }
}
