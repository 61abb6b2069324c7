package dev.freehold.sandbox.telemetry;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Events as lines of JSON over one connection, which is made again when it breaks.
final class TcpDestination implements Destination {
    private final Dialer dialer;
    private final int port;
    private volatile @Nullable SocketChannel channel;

    TcpDestination(Dialer dialer, int port) {
        this.dialer = dialer;
        this.port = port;
    }

    @Override
    public void deliver(List<byte[]> events) throws IOException {
        SocketChannel open = channel;
        if (open == null) {
            open = dialer.dial(port);
            channel = open;
        }
        ByteArrayOutputStream lines = new ByteArrayOutputStream();
        for (byte[] event : events) {
            lines.writeBytes(event);
            lines.write('\n');
        }
        ByteBuffer bytes = ByteBuffer.wrap(lines.toByteArray());
        try {
            while (bytes.hasRemaining()) {
                open.write(bytes);
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public void close() {
        SocketChannel open = channel;
        channel = null;
        try {
            if (open != null) {
                open.close();
            }
        } catch (IOException e) {
            // it is gone, as it should be
        }
    }
}
