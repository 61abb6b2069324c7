package dev.freehold.protocol.eventstream;

import java.io.IOException;
import java.io.OutputStream;

/// Writes messages, each at once, so that a client has it when it happens. For one thread.
public final class EventWriter {
    private final OutputStream out;

    public EventWriter(OutputStream out) {
        this.out = out;
    }

    /// Writes one message and flushes it.
    ///
    /// @throws IOException when the client is gone
    public void write(EventMessage message) throws IOException {
        out.write(message.encoded());
        out.flush();
    }
}
