package dev.freehold.sandbox.telemetry;

import dev.freehold.sandbox.telemetry.Subscription.Target;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Events as an array of JSON in a request of HTTP/1.1, each over a connection of its own: those
/// that wait for long are closed by whoever listens.
final class HttpDestination implements Destination {
    /// How much of an answer is read.
    private static final int MAX_ANSWER = 64 * 1024;

    private static final Pattern STATUS = Pattern.compile("HTTP/1\\.[01] (\\d{3})[ \r]");
    private static final Pattern LENGTH =
            Pattern.compile("\r\ncontent-length: *(\\d{1,9})\r\n", Pattern.CASE_INSENSITIVE);

    private final Dialer dialer;
    private final Target target;
    private volatile @Nullable SocketChannel open;

    HttpDestination(Dialer dialer, Target target) {
        this.dialer = dialer;
        this.target = target;
    }

    @Override
    public void deliver(List<byte[]> events) throws IOException {
        try (SocketChannel channel = dialer.dial(target.port())) {
            open = channel;
            ByteBuffer request = ByteBuffer.wrap(request(events));
            while (request.hasRemaining()) {
                channel.write(request);
            }
            String answer = answer(channel);
            Matcher status = STATUS.matcher(answer);
            if (!status.lookingAt() || !status.group(1).startsWith("2")) {
                throw new IOException("the extension answered: " + answer.lines().findFirst());
            }
        } finally {
            open = null;
        }
    }

    private byte[] request(List<byte[]> events) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] event : events) {
            body.write(body.size() == 0 ? '[' : ',');
            body.writeBytes(event);
        }
        body.write(']');
        ByteArrayOutputStream whole = new ByteArrayOutputStream(body.size() + 256);
        String head =
                target.method()
                        + " "
                        + target.path()
                        + " HTTP/1.1\r\nHost: sandbox.localdomain:"
                        + target.port()
                        + "\r\nContent-Type: application/json\r\nContent-Length: "
                        + body.size()
                        + "\r\nConnection: close\r\n\r\n";
        whole.writeBytes(head.getBytes(StandardCharsets.US_ASCII));
        whole.writeBytes(body.toByteArray());
        return whole.toByteArray();
    }

    /// The whole answer: who listens may not like to be cut off.
    private static String answer(SocketChannel channel) throws IOException {
        StringBuilder answer = new StringBuilder();
        ByteBuffer buffer = ByteBuffer.allocate(4096);
        while (answer.length() < MAX_ANSWER && !whole(answer)) {
            buffer.clear();
            if (channel.read(buffer) < 0) {
                break;
            }
            answer.append(StandardCharsets.ISO_8859_1.decode(buffer.flip()));
        }
        return answer.toString();
    }

    private static boolean whole(StringBuilder answer) {
        int head = answer.indexOf("\r\n\r\n");
        if (head < 0) {
            return false;
        }
        Matcher length = LENGTH.matcher(answer.substring(0, head + 2));
        return length.find() && answer.length() >= head + 4 + Integer.parseInt(length.group(1));
    }

    @Override
    public void close() {
        SocketChannel channel = open;
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            // it is gone, as it should be
        }
    }
}
