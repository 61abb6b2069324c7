package dev.freehold.bootstrap;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/// Sends what is printed, as soon as it is flushed or much.
final class LogOutput extends OutputStream {
    private static final int MOST = 16 * 1024;

    private final Connection connection;
    private final ByteArrayOutputStream rest = new ByteArrayOutputStream();

    LogOutput(Connection connection) {
        this.connection = connection;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        rest.write(b);
        if (b == '\n' || rest.size() >= MOST) {
            flush();
        }
    }

    @Override
    public synchronized void write(byte[] bytes, int from, int length) throws IOException {
        rest.write(bytes, from, length);
        if (rest.size() >= MOST || (length > 0 && bytes[from + length - 1] == '\n')) {
            flush();
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        if (rest.size() > 0) {
            byte[] text = rest.toByteArray();
            rest.reset();
            connection.write('L', text);
        }
    }
}
