package dev.freehold.sandbox;

/// Takes what one environment logs, in order.
@FunctionalInterface
public interface LogSink {
    /// Takes some text.
    ///
    /// @param text one or more whole lines, mostly
    void write(String text);

    /// Takes one message, which may have several lines.
    default void message(String text) {
        write(text);
    }

    /// Opens the sinks of new environments.
    @FunctionalInterface
    interface Factory {
        /// Opens the sink of a new environment.
        ///
        /// @param environment the environment's id, unique for ever
        Opened open(FunctionSpec spec, String environment);
    }

    /// A sink, and the names that the function sees.
    record Opened(LogSink sink, String group, String stream) {}
}
