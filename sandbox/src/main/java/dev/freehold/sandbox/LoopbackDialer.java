package dev.freehold.sandbox;

import dev.freehold.sandbox.host.Sockets;
import dev.freehold.sandbox.telemetry.Dialer;
import java.io.IOException;
import java.net.ConnectException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Connects to ports of a sandbox's own loopback: its first process does, and carries the bytes.
final class LoopbackDialer implements Dialer, AutoCloseable {
    private final Control control;
    private final Path socket;
    private final String inside;
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable ServerSocketChannel server;
    private volatile boolean closed;

    /// @param socket where it listens while it connects
    /// @param inside the same, as the sandbox sees it
    LoopbackDialer(Control control, Path socket, String inside) {
        this.control = control;
        this.socket = socket;
        this.inside = inside;
    }

    @Override
    public SocketChannel dial(int port) throws IOException {
        SocketChannel channel;
        lock.lock();
        try {
            ServerSocketChannel listening = server;
            if (listening == null) {
                listening = Sockets.listen(socket);
                server = listening;
            }
            if (closed) {
                listening.close();
                throw new ClosedChannelException();
            }
            control.connect(port, inside);
            channel = listening.accept();
        } finally {
            lock.unlock();
        }
        if (channel.read(ByteBuffer.allocate(1)) != 1) {
            channel.close();
            throw new ConnectException("connection refused");
        }
        return channel;
    }

    @Override
    public void close() {
        closed = true;
        ServerSocketChannel listening = server;
        try {
            if (listening != null) {
                listening.close();
            }
        } catch (IOException e) {
            // it is gone, as it should be
        }
    }
}
