package dev.freehold.sandbox.debug;

import dev.freehold.sandbox.telemetry.Dialer;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/// A port of the host's loopback that leads to the same port of a sandbox's: where a debugger finds
/// the runtime.
public final class DebugPort implements AutoCloseable {
    /// A debugger needs one connection or two at a time.
    private static final int MAX_CONNECTIONS = 16;

    private static final int BUFFER = 16 * 1024;

    private final ServerSocketChannel outside;
    private final int port;
    private final Dialer dialer;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();

    private DebugPort(ServerSocketChannel outside, int port, Dialer dialer) {
        this.outside = outside;
        this.port = port;
        this.dialer = dialer;
    }

    /// Opens the port.
    ///
    /// @param dialer connects to the sandbox's
    /// @throws IOException when somebody else has the port
    public static DebugPort open(int port, Dialer dialer) throws IOException {
        ServerSocketChannel outside = ServerSocketChannel.open();
        try {
            outside.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            DebugPort made = new DebugPort(outside, port, dialer);
            Thread.ofVirtual().name("debugger").start(made::accept);
            return made;
        } catch (IOException e) {
            outside.close();
            throw new IOException(
                    "The debugger's port " + port + " can't be opened: " + e.getMessage(), e);
        }
    }

    private void accept() {
        try {
            while (true) {
                SocketChannel client = outside.accept();
                if (open.size() >= 2 * MAX_CONNECTIONS) {
                    client.close();
                    continue;
                }
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                join(client);
            }
        } catch (IOException e) {
            // closed
        }
    }

    private void join(SocketChannel client) throws IOException {
        try {
            SocketChannel server = dialer.dial(port);
            carry(client, server);
            carry(server, client);
        } catch (ConnectException e) {
            client.close(); // the runtime does not listen yet
        }
    }

    private void carry(SocketChannel from, SocketChannel to) {
        open.add(from);
        Thread.ofVirtual()
                .name("debugger")
                .start(() -> {
                    try (from;
                            to) {
                        ByteBuffer buffer = ByteBuffer.allocate(BUFFER);
                        while (from.read(buffer) >= 0) {
                            buffer.flip();
                            while (buffer.hasRemaining()) {
                                to.write(buffer);
                            }
                            buffer.clear();
                        }
                    } catch (IOException e) {
                        // one end is gone, so is the other
                    } finally {
                        open.remove(from);
                    }
                });
    }

    @Override
    public void close() {
        try {
            outside.close();
            for (SocketChannel channel : open) {
                channel.close();
            }
        } catch (IOException e) {
            // it is gone, as it should be
        }
    }
}
