package dev.freehold.services.sns.filter;

/// A text that is no filter policy. The message is AWS's.
public final class FilterPolicyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean whole;

    /// @param whole whether the message stands alone, without the attribute's name before it
    FilterPolicyException(String message, boolean whole) {
        super(message, null, false, false);
        this.whole = whole;
    }

    public boolean whole() {
        return whole;
    }
}
