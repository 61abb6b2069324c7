package dev.freehold.http;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.util.Blocker;

/// Sends a body of unknown length, each part at once.
final class StreamedBody extends OutputStream {
    private static final byte[] NOTHING = new byte[0];

    private final Content.Sink sink;

    StreamedBody(Content.Sink sink) {
        this.sink = sink;
    }

    @Override
    public void write(int one) throws IOException {
        write(new byte[] {(byte) one}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        if (length > 0) {
            send(false, PromptChunks.chunk(bytes, offset, length));
        }
    }

    @Override
    public void close() throws IOException {
        send(true, ByteBuffer.wrap(NOTHING));
    }

    private void send(boolean last, ByteBuffer part) throws IOException {
        try (Blocker.Callback sent = Blocker.callback()) {
            sink.write(last, part, sent);
            sent.block();
        }
    }
}
