package dev.freehold.sandbox;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// Frames over the control socket: length (4 bytes), type (1 byte), content. See `bootstrap.mjs`.
final class Frames implements AutoCloseable {
    /// The largest frame: a response of 6 MiB, and some.
    private static final int MAX_FRAME = 8 * 1024 * 1024;

    private final SocketChannel channel;
    private final ByteBuffer head = ByteBuffer.allocate(5);

    /// One frame.
    record Frame(char type, byte[] content) {
        String text() {
            return new String(content, StandardCharsets.UTF_8);
        }
    }

    Frames(SocketChannel channel) {
        this.channel = channel;
    }

    /// The next frame. For one thread.
    Frame read() throws IOException {
        head.clear();
        fill(head);
        head.flip();
        int length = head.getInt() - 1;
        char type = (char) head.get();
        if (length < 0 || length > MAX_FRAME) {
            throw new IOException("a frame of " + length + " bytes");
        }
        ByteBuffer content = ByteBuffer.allocate(length);
        fill(content);
        return new Frame(type, content.array());
    }

    private void fill(ByteBuffer buffer) throws IOException {
        while (buffer.hasRemaining()) {
            if (channel.read(buffer) < 0) {
                throw new EOFException();
            }
        }
    }

    synchronized void write(char type, byte[]... contents) throws IOException {
        int length = 1;
        for (byte[] content : contents) {
            length += content.length;
        }
        ByteBuffer frame = ByteBuffer.allocate(4 + length);
        frame.putInt(length).put((byte) type);
        for (byte[] content : contents) {
            frame.put(content);
        }
        frame.flip();
        while (frame.hasRemaining()) {
            channel.write(frame);
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            // it is gone, as it should be
        }
    }
}
