package dev.freehold.protocol;

/// How an error is named on the wire.
///
/// @param name the shape's name, which JSON and CBOR protocols send
/// @param code the code, which XML and query protocols send; often the same
/// @param status the HTTP status
/// @param messageName the name of the message in JSON and CBOR: `message` or `Message`
public record ErrorShape(String name, String code, int status, String messageName) {
    public ErrorShape(String name, String code, int status) {
        this(name, code, status, "message");
    }

    public ErrorShape(String name, int status) {
        this(name, name, status);
    }

    /// Whether the sender is to blame.
    public boolean senderFault() {
        return status < 500;
    }

    /// The value of `x-amzn-query-error`, which services that once spoke query add for their older
    /// clients.
    public String queryError() {
        return code + (senderFault() ? ";Sender" : ";Receiver");
    }
}
