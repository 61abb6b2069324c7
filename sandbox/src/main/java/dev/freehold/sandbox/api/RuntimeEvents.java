package dev.freehold.sandbox.api;

/// Hears what a runtime says through the Runtime API. Each call may wait until somebody listens.
public interface RuntimeEvents {
    /// It asks for an invocation; the first time this ends its initialisation, or its restore.
    void asks();

    /// It asks to be restored, which ends its initialisation; restored, it asks for an invocation.
    void asksForRestore();

    /// It could not be restored.
    ///
    /// @param error JSON
    void restoreFailed(byte[] error);

    /// Its initialisation failed.
    ///
    /// @param error JSON
    void initFailed(byte[] error);

    /// The invocation's whole answer.
    void answered(byte[] payload);

    /// The invocation failed before it answered.
    ///
    /// @param error JSON
    void failed(byte[] error);

    /// The invocation's answer begins, in parts.
    void streams(String contentType);

    /// Some of the answer.
    void streamed(byte[] part);

    /// The answer in parts has ended.
    ///
    /// @param error JSON, or empty when it is whole
    void streamEnded(byte[] error);
}
