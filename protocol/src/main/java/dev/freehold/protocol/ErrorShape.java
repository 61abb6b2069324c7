package dev.freehold.protocol;

/// How an error is named on the wire.
///
/// @param name the shape's name, which JSON protocols send
/// @param code the code, which XML and query protocols send; often the same
/// @param status the HTTP status
public record ErrorShape(String name, String code, int status) {
    public ErrorShape(String name, int status) {
        this(name, name, status);
    }

    /// Whether the sender is to blame.
    public boolean senderFault() {
        return status < 500;
    }
}
