package dev.freehold.services.lambda.urls;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Response;
import dev.freehold.sandbox.InvocationResult;
import dev.freehold.sandbox.streaming.AnswerPipe;
import dev.freehold.services.json.Json;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes an HTTP response of what a function writes, while it writes it.
///
/// AWS: an HTTP integration's answer begins with JSON, which has `statusCode`, `headers` and
/// `cookies`, and eight zero bytes; any other answer is the body of a 200, that of a function that
/// does not stream too. What fails before the first byte is a 502; after it the body breaks off.
final class UrlStream {
    private static final String INTEGRATION = "application/vnd.awslambda.http-integration-response";
    private static final int DELIMITER = 8;

    /// The most bytes of an integration's JSON: as of a response's headers.
    private static final int MAX_PRELUDE = 64 * 1024;

    private UrlStream() {}

    /// Waits for the first byte.
    ///
    /// @return null when the function fails before that, or writes what can't be understood
    static @Nullable Response of(AnswerPipe<InvocationResult> answer) {
        Response response = null;
        try {
            String type = answer.begun();
            if (INTEGRATION.equals(type)) {
                response = integration(answer);
            } else {
                byte[] first = answer.next();
                boolean failed = first == null && answer.result().failed();
                Headers headers =
                        Headers.builder()
                                .set(
                                        "content-type",
                                        type == null ? "application/octet-stream" : clean(type))
                                .build();
                response = failed ? null : new Response(200, headers, body(first, answer));
            }
            return response;
        } catch (IOException e) {
            return null;
        } finally {
            if (response == null) {
                answer.close();
            }
        }
    }

    private static String clean(String type) {
        return type.replaceAll("[\\r\\n]", " ");
    }

    private static @Nullable Response integration(AnswerPipe<InvocationResult> answer)
            throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        int end = -1;
        while (end < 0 && read.size() < MAX_PRELUDE) {
            byte[] next = answer.next();
            if (next == null) {
                return null;
            }
            int from = Math.max(0, read.size() - DELIMITER);
            read.writeBytes(next);
            end = delimiter(read.toByteArray(), from);
        }
        if (end < 0) {
            return null;
        }
        byte[] all = read.toByteArray();
        byte[] rest = Arrays.copyOfRange(all, end + DELIMITER, all.length);
        try {
            Object prelude = Json.read(Arrays.copyOf(all, end));
            if (!(prelude instanceof Map<?, ?> members)) {
                return null;
            }
            Object status = members.get("statusCode");
            return new Response(
                    status == null ? 200 : UrlAnswer.status(status),
                    UrlAnswer.headers(members, "application/octet-stream"),
                    body(rest, answer));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// @return where the first eight zero bytes begin, or -1
    private static int delimiter(byte[] bytes, int from) {
        int zeros = 0;
        for (int i = from; i < bytes.length; i++) {
            zeros = bytes[i] == 0 ? zeros + 1 : 0;
            if (zeros == DELIMITER) {
                return i - DELIMITER + 1;
            }
        }
        return -1;
    }

    /// The function's answer from here on.
    ///
    /// @param first what has been read of it; null when that was all
    private static ByteStream body(byte @Nullable [] first, AnswerPipe<InvocationResult> answer) {
        if (first == null) {
            answer.close();
            return ByteStream.of(Blob.EMPTY);
        }
        return new ByteStream() {
            @Override
            public long length() {
                return -1;
            }

            @Override
            public InputStream open() throws IOException {
                ByteArrayOutputStream whole = new ByteArrayOutputStream();
                transferTo(whole);
                return new ByteArrayInputStream(whole.toByteArray());
            }

            @Override
            public void transferTo(OutputStream out) throws IOException {
                for (byte[] part = first; part != null; part = answer.next()) {
                    out.write(part);
                    out.flush();
                }
                if (answer.result().failed()) {
                    throw new IOException("the function failed after its answer had begun");
                }
            }

            @Override
            public void close() {
                answer.close();
            }
        };
    }
}
