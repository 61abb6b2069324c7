package dev.freehold.sandbox.telemetry;

import java.io.IOException;
import java.util.List;

/// Where an extension takes events. For one thread, but for [#close].
interface Destination extends AutoCloseable {
    /// Delivers events, and waits until they are taken.
    ///
    /// @param events JSON, each
    void deliver(List<byte[]> events) throws IOException;

    /// Ends what is under way.
    @Override
    void close();
}
