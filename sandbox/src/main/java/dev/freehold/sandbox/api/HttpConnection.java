package dev.freehold.sandbox.api;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The server's side of one HTTP/1.1 connection: requests one after another, each with its body in
/// parts, and whole answers. For one thread.
final class HttpConnection implements AutoCloseable {
    /// The most bytes of a request line with its headers, or of trailers: as AWS's 1 MB.
    private static final int MAX_HEAD = 1024 * 1024;

    private static final int MAX_HEADERS = 100;

    /// The longest line that says a chunk's size.
    private static final int MAX_CHUNK_LINE = 256;

    private static final int BUFFER = 32 * 1024;

    /// How many bytes of a body that nobody wants are read over before its connection is closed.
    private static final long MAX_SKIPPED = 64L * 1024 * 1024;

    private static final long CHUNKED = -1;

    private final SocketChannel channel;
    private final ByteBuffer in = ByteBuffer.allocate(BUFFER).flip();
    private boolean persistent = true;
    private boolean continues;
    private boolean chunked;

    /// Of the body, or of its chunk; [#CHUNKED] before the next chunk.
    private long left;

    private Map<String, String> trailers = Map.of();

    /// A request without its body.
    ///
    /// @param target what follows the method, without a query
    /// @param headers by their names in small letters
    record Head(String method, String target, Map<String, String> headers) {
        String header(String name) {
            return headers.getOrDefault(name, "");
        }
    }

    HttpConnection(SocketChannel channel) {
        this.channel = channel;
    }

    /// The next request, or null when there is none any more. The last one's body is gone.
    @Nullable Head read() throws IOException {
        skip();
        if (!persistent || (!in.hasRemaining() && !fill())) {
            return null;
        }
        int[] budget = {MAX_HEAD};
        String[] words = line(budget).split(" ", -1);
        if (words.length != 3 || !words[2].startsWith("HTTP/1.")) {
            throw new BadRequestException("not a request of HTTP/1.1");
        }
        Map<String, String> headers = fields(budget);
        String connection = headers.getOrDefault("connection", "").toLowerCase(Locale.ROOT);
        persistent = words[2].equals("HTTP/1.1") && !connection.contains("close");
        begin(headers);
        int query = words[1].indexOf('?');
        String target = query < 0 ? words[1] : words[1].substring(0, query);
        return new Head(words[0], target, headers);
    }

    private void begin(Map<String, String> headers) throws IOException {
        trailers = Map.of();
        continues = headers.getOrDefault("expect", "").equalsIgnoreCase("100-continue");
        String encoding = headers.get("transfer-encoding");
        String length = headers.get("content-length");
        chunked = encoding != null;
        if (encoding != null && (length != null || !encoding.equalsIgnoreCase("chunked"))) {
            throw new BadRequestException("the body's length is not clear");
        }
        left = chunked ? CHUNKED : length == null ? 0 : number(length, 10);
    }

    private static long number(String digits, int radix) throws BadRequestException {
        boolean plain = !digits.isEmpty() && digits.length() <= 15;
        for (int i = 0; plain && i < digits.length(); i++) {
            plain = digits.charAt(i) < 128 && Character.digit(digits.charAt(i), radix) >= 0;
        }
        if (!plain) {
            throw new BadRequestException("not a length");
        }
        return Long.parseLong(digits, radix);
    }

    /// The next bytes of the body, or null at its end.
    ///
    /// @throws EOFException when it is cut off
    byte @Nullable [] part() throws IOException {
        if (left == CHUNKED) {
            chunk();
        }
        if (left == 0) {
            return null;
        }
        invite();
        require();
        byte[] bytes = new byte[(int) Math.min(left, in.remaining())];
        in.get(bytes);
        left -= bytes.length;
        if (left == 0 && chunked) {
            if (!line(new int[] {2}).isEmpty()) {
                throw new BadRequestException("a chunk is longer than it said");
            }
            left = CHUNKED;
        }
        return bytes;
    }

    /// Asks for a body whose sender waits for that.
    private void invite() throws IOException {
        if (continues) {
            continues = false;
            send(StandardCharsets.US_ASCII.encode("HTTP/1.1 100 Continue\r\n\r\n"));
        }
    }

    private void chunk() throws IOException {
        invite();
        String line = line(new int[] {MAX_CHUNK_LINE});
        int extension = line.indexOf(';');
        left = number((extension < 0 ? line : line.substring(0, extension)).strip(), 16);
        if (left == 0) {
            chunked = false;
            trailers = fields(new int[] {MAX_HEAD});
        }
    }

    /// What followed a body in chunks, once that has ended.
    Map<String, String> trailers() {
        return trailers;
    }

    /// The rest of the body.
    ///
    /// @return null when it has more than `most` bytes; they are read over
    byte @Nullable [] body(int most) throws IOException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        boolean fits = left <= most;
        for (byte[] part = fits ? part() : null; part != null; part = part()) {
            fits = whole.size() + part.length <= most;
            if (!fits) {
                break;
            }
            whole.writeBytes(part);
        }
        if (fits) {
            return whole.toByteArray();
        }
        skip();
        return null;
    }

    /// Reads over what is left of the body.
    void skip() throws IOException {
        if (continues) {
            // It was not asked for, and whether it comes can't be known.
            persistent = persistent && left == 0;
            return;
        }
        long skipped = 0;
        for (byte[] part = part(); part != null; part = part()) {
            skipped += part.length;
            if (skipped > MAX_SKIPPED) {
                throw new BadRequestException("too large");
            }
        }
    }

    private Map<String, String> fields(int[] budget) throws IOException {
        Map<String, String> fields = new LinkedHashMap<>();
        for (String line = line(budget); !line.isEmpty(); line = line(budget)) {
            int colon = line.indexOf(':');
            if (colon < 1 || fields.size() == MAX_HEADERS || line.charAt(0) <= ' ') {
                throw new BadRequestException("not a header");
            }
            String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
            String value = line.substring(colon + 1).strip();
            String before = fields.put(name, value);
            if (before != null && !before.equals(value) && name.equals("content-length")) {
                throw new BadRequestException("two lengths");
            }
        }
        return fields;
    }

    /// A line without its end.
    ///
    /// @param budget how many bytes may still come; gets less
    private String line(int[] budget) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            require();
            byte next = in.get();
            if (--budget[0] < 0) {
                throw new BadRequestException("too long");
            }
            if (next == '\n') {
                return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
            }
            line.write(next);
        }
    }

    private void require() throws IOException {
        if (!in.hasRemaining() && !fill()) {
            throw new EOFException();
        }
    }

    private boolean fill() throws IOException {
        in.clear();
        int count = channel.read(in);
        in.flip();
        return count > 0;
    }

    /// Sends an answer.
    void answer(int status, Map<String, String> headers, byte[] body) throws IOException {
        StringBuilder head = new StringBuilder(512);
        head.append("HTTP/1.1 ").append(status).append(' ').append(reason(status)).append("\r\n");
        headers.forEach((name, value) ->
                head.append(name).append(": ").append(printable(value)).append("\r\n"));
        head.append("Content-Length: ").append(body.length).append("\r\n");
        if (!persistent) {
            head.append("Connection: close\r\n");
        }
        byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        send(ByteBuffer.allocate(first.length + body.length).put(first).put(body).flip());
    }

    /// No answer keeps this connection.
    void last() {
        persistent = false;
        continues = false;
        left = 0;
    }

    /// A value that can't begin another header.
    private static String printable(String value) {
        StringBuilder clean = new StringBuilder(value);
        for (int i = 0; i < clean.length(); i++) {
            if (clean.charAt(i) < ' ' || clean.charAt(i) == 127) {
                clean.setCharAt(i, ' ');
            }
        }
        return clean.toString();
    }

    private static String reason(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 202 -> "Accepted";
            case 400 -> "Bad Request";
            case 403 -> "Forbidden";
            case 404 -> "Not Found";
            case 405 -> "Method Not Allowed";
            case 413 -> "Request Entity Too Large";
            case 501 -> "Not Implemented";
            default -> "";
        };
    }

    private void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
