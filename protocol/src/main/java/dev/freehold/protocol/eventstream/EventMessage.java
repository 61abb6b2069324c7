package dev.freehold.protocol.eventstream;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.CommonError;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.CRC32;

/// One message of a stream, with headers of text, which are all that AWS's own events have.
///
/// @param headers by name (1 to 255 bytes), each of at most 32,767 bytes, in order
/// @param payload at most 16 MiB
public record EventMessage(Map<String, String> headers, Blob payload) {
    /// The type of a body of messages.
    public static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";

    private static final int PRELUDE = 12;
    private static final int CHECKSUM = 4;
    private static final int MAX_HEADERS = 128 * 1024;
    private static final int MAX_PAYLOAD = 16 * 1024 * 1024;
    private static final int MAX_VALUE = 32_767;
    private static final byte TEXT = 7;

    public EventMessage {
        headers = Collections.unmodifiableMap(new LinkedHashMap<>(headers));
        if (payload.length() > MAX_PAYLOAD) {
            throw new IllegalArgumentException("payload of " + payload.length() + " bytes");
        }
    }

    /// An event.
    ///
    /// @param type the member of the stream's union
    /// @param contentType the payload's
    public static EventMessage event(String type, String contentType, Blob payload) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":event-type", type);
        headers.put(":content-type", contentType);
        headers.put(":message-type", "event");
        return new EventMessage(headers, payload);
    }

    /// An event without a payload.
    public static EventMessage event(String type) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":event-type", type);
        headers.put(":message-type", "event");
        return new EventMessage(headers, Blob.EMPTY);
    }

    /// A modelled error, which ends the stream.
    public static EventMessage exception(String name, String contentType, Blob payload) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":exception-type", name);
        headers.put(":content-type", contentType);
        headers.put(":message-type", "exception");
        return new EventMessage(headers, payload);
    }

    /// An error that no model knows, which ends the stream.
    public static EventMessage error(String code, String message) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put(":error-code", code);
        headers.put(":error-message", message);
        headers.put(":message-type", "error");
        return new EventMessage(headers, Blob.EMPTY);
    }

    /// The message's bytes.
    public byte[] encoded() {
        byte[] head = encodedHeaders();
        int total = PRELUDE + head.length + payload.length() + CHECKSUM;
        ByteBuffer out = ByteBuffer.allocate(total).putInt(total).putInt(head.length);
        out.putInt(crc(out.array(), out.position()));
        out.put(head).put(payload.bytes());
        return out.putInt(crc(out.array(), out.position())).array();
    }

    private byte[] encodedHeaders() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        headers.forEach((name, value) -> {
            byte[] key = name.getBytes(StandardCharsets.UTF_8);
            byte[] text = value.getBytes(StandardCharsets.UTF_8);
            if (key.length == 0 || key.length > 255 || text.length > MAX_VALUE) {
                throw new IllegalArgumentException("header " + name);
            }
            out.write(key.length);
            out.writeBytes(key);
            out.write(TEXT);
            out.write(text.length >> 8);
            out.write(text.length);
            out.writeBytes(text);
        });
        return out.toByteArray();
    }

    private static int crc(byte[] bytes, int length) {
        CRC32 crc = new CRC32();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    /// Takes the next message from `in`.
    ///
    /// @throws CommonError `SerializationException` when there is no whole, right one
    public static EventMessage decode(ByteBuffer in) {
        if (in.remaining() < PRELUDE + CHECKSUM) {
            throw malformed();
        }
        int total = in.getInt(in.position());
        int head = in.getInt(in.position() + 4);
        int payload = total - PRELUDE - CHECKSUM - head;
        boolean sized =
                head >= 0
                        && head <= MAX_HEADERS
                        && payload >= 0
                        && payload <= MAX_PAYLOAD
                        && total <= in.remaining();
        if (!sized) {
            throw malformed();
        }
        byte[] message = new byte[total];
        in.get(message);
        ByteBuffer all = ByteBuffer.wrap(message);
        if (all.getInt(8) != crc(message, 8)
                || all.getInt(total - CHECKSUM) != crc(message, total - CHECKSUM)) {
            throw malformed();
        }
        Map<String, String> headers = headers(all.slice(PRELUDE, head));
        byte[] bytes = new byte[payload];
        all.get(PRELUDE + head, bytes);
        return new EventMessage(headers, Blob.wrap(bytes));
    }

    private static Map<String, String> headers(ByteBuffer in) {
        Map<String, String> headers = new LinkedHashMap<>();
        while (in.hasRemaining()) {
            String name = text(in, in.get() & 0xFF);
            if (name.isEmpty() || in.remaining() < 3 || in.get() != TEXT) {
                throw malformed();
            }
            headers.put(name, text(in, in.getShort() & 0xFFFF));
        }
        return headers;
    }

    private static String text(ByteBuffer in, int length) {
        if (length > in.remaining() || length > MAX_VALUE) {
            throw malformed();
        }
        byte[] bytes = new byte[length];
        in.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static CommonError malformed() {
        return CommonError.serialization("The event stream's message can't be read");
    }
}
