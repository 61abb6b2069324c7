package dev.freehold.benchmarks;

import dev.freehold.protocol.Headers;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// One connection to an HTTP server, kept open: a client that costs little, since it shares the
/// processors with what it measures. For one thread.
final class Connection implements Closeable {
    private static final int TIMEOUT_MILLIS = 120_000;
    private static final int MAX_LINE = 16_384;

    private final Socket socket = new Socket();
    private final InputStream in;
    private final OutputStream out;
    private final String host;
    private long sent;
    private long latency;

    /// What a server answered.
    record Answer(int status, Headers headers, byte[] body) {
        String text() {
            return new String(body, StandardCharsets.UTF_8);
        }
    }

    /// @param host what the `Host` header says
    Connection(int port, String host) throws IOException {
        this.host = host;
        socket.setTcpNoDelay(true);
        socket.setSoTimeout(TIMEOUT_MILLIS);
        socket.connect(
                new InetSocketAddress(InetAddress.getByName("127.0.0.1"), port), TIMEOUT_MILLIS);
        in = new BufferedInputStream(socket.getInputStream(), 16_384);
        out = socket.getOutputStream();
    }

    Answer send(String method, String path, Headers headers, byte[] body) throws IOException {
        StringBuilder head = new StringBuilder(512);
        head.append(method).append(' ').append(path).append(" HTTP/1.1\r\nHost: ").append(host);
        head.append("\r\nContent-Length: ").append(body.length).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append("\r\n");
        byte[] start = head.toString().getBytes(StandardCharsets.ISO_8859_1);
        byte[] message = new byte[start.length + body.length];
        System.arraycopy(start, 0, message, 0, start.length);
        System.arraycopy(body, 0, message, start.length, body.length);
        sent = System.nanoTime();
        out.write(message);
        return receive();
    }

    /// How long the last answer's body took to begin, in nanoseconds.
    long latency() {
        return latency;
    }

    private Answer receive() throws IOException {
        String[] status = line().split(" ", 3);
        Headers.Builder builder = Headers.builder();
        for (String line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            builder.add(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        Headers headers = builder.build();
        in.mark(1);
        latency = in.read() < 0 ? 0 : System.nanoTime() - sent;
        in.reset();
        String length = headers.first("content-length");
        byte[] body = new byte[0];
        if (length != null) {
            body = in.readNBytes(Integer.parseInt(length));
        } else if ("chunked".equals(headers.first("transfer-encoding"))) {
            body = chunks();
        }
        return new Answer(Integer.parseInt(status[1]), headers, body);
    }

    private byte[] chunks() throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        while (true) {
            int size = Integer.parseInt(line().split(";", -1)[0].strip(), 16);
            body.write(in.readNBytes(size));
            line();
            if (size == 0) {
                return body.toByteArray();
            }
        }
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder(64);
        while (line.length() < MAX_LINE) {
            int c = in.read();
            if (c < 0) {
                throw new EOFException("the server closed the connection");
            }
            if (c == '\n') {
                return line.toString();
            }
            if (c != '\r') {
                line.append((char) c);
            }
        }
        throw new IOException("a header line is too long");
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
