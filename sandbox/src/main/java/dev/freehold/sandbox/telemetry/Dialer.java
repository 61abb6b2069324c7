package dev.freehold.sandbox.telemetry;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/// Opens connections to an environment's own loopback.
@FunctionalInterface
public interface Dialer {
    /// Connects to a port.
    ///
    /// @throws IOException when nobody listens there
    SocketChannel dial(int port) throws IOException;
}
