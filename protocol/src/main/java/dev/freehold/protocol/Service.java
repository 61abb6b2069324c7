package dev.freehold.protocol;

/// A service that can be called: its model, and the code behind each operation. For each service
/// one is generated that hands typed input to its `XxxApi`.
public interface Service {
    ServiceModel model();

    /// Performs one operation.
    ///
    /// @param input a value of the operation's input schema, already validated
    /// @return a value of the operation's output schema
    /// @throws ServiceError the operation's answer when it is an error
    Structure call(Operation operation, Structure input, Caller caller);
}
