package dev.freehold.protocol;

/// A codec: one per [Protocol], for all services. Stateless.
public interface WireProtocol {
    /// Reads the operation's input. Unknown members are ignored, as the SDKs rely on.
    ///
    /// @throws ServiceError the protocol's own error when the request is malformed
    Structure decode(ServiceModel service, Operation operation, Request request);

    /// Writes the operation's output. The request id is part of some protocols' bodies.
    Response encode(ServiceModel service, Operation operation, Structure output, String requestId);

    /// Writes an error.
    Response encodeError(ServiceModel service, ServiceError error, String requestId);
}
