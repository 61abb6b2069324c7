package dev.freehold.policy;

/// A document is no policy. The message is the one that AWS gives.
public final class MalformedPolicyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedPolicyException(String message) {
        super(message);
    }
}
