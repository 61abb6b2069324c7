package dev.freehold.services.apigateway;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Response;
import dev.freehold.services.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes an HTTP response of what a Lambda function answered.
///
/// See "Lambda function response for format 2.0" on
/// <https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html>.
final class ProxyAnswer {
    /// What is between this server and its client alone.
    private static final List<String> UNSENT =
            List.of("connection", "content-length", "keep-alive", "transfer-encoding", "upgrade");

    private ProxyAnswer() {}

    /// Format 2.0: an object with a `statusCode` says all; any other JSON is the body of a 200.
    ///
    /// @return null when the answer can't be understood, which is an internal server error
    static @Nullable Response version2(byte[] payload) {
        Object answer = read(payload);
        if (answer instanceof Map<?, ?> members && members.containsKey("statusCode")) {
            return structured(members);
        }
        if (answer instanceof Unreadable) {
            return null;
        }
        Headers headers = Headers.builder().set("content-type", "application/json").build();
        String text = answer instanceof String string ? string : Json.write(answer);
        return new Response(200, headers, ByteStream.of(Blob.ofUtf8(text)));
    }

    /// Format 1.0: only an object with a `statusCode` will do.
    static @Nullable Response version1(byte[] payload) {
        return read(payload) instanceof Map<?, ?> members && members.containsKey("statusCode")
                ? structured(members)
                : null;
    }

    private record Unreadable() {}

    private static @Nullable Object read(byte[] payload) {
        try {
            return Json.read(payload);
        } catch (IllegalArgumentException e) {
            return new Unreadable();
        }
    }

    private static @Nullable Response structured(Map<?, ?> answer) {
        Integer status = status(answer.get("statusCode"));
        if (status == null
                || !isMap(answer.get("headers"))
                || !isMap(answer.get("multiValueHeaders"))) {
            return null;
        }
        Blob body = body(answer.get("body"), answer.get("isBase64Encoded"));
        return body == null ? null : new Response(status, headers(answer), ByteStream.of(body));
    }

    private static boolean isMap(@Nullable Object value) {
        return value == null || value instanceof Map<?, ?>;
    }

    private static @Nullable Integer status(@Nullable Object value) {
        try {
            int status = Integer.parseInt(String.valueOf(value));
            return status >= 100 && status <= 599 ? status : null;
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static Headers headers(Map<?, ?> answer) {
        Headers.Builder headers = Headers.builder();
        if (answer.get("headers") instanceof Map<?, ?> single) {
            single.forEach((name, value) -> headers.set(clean(name), clean(value)));
        }
        if (answer.get("multiValueHeaders") instanceof Map<?, ?> multi) {
            multi.forEach((name, values) -> {
                if (values instanceof List<?> list && !list.isEmpty()) {
                    headers.remove(clean(name));
                    list.forEach(value -> headers.add(clean(name), clean(value)));
                }
            });
        }
        if (answer.get("cookies") instanceof List<?> cookies) {
            cookies.forEach(cookie -> headers.add("set-cookie", clean(cookie)));
        }
        UNSENT.forEach(headers::remove);
        Headers built = headers.build();
        return built.contains("content-type")
                ? built
                : built.toBuilder().set("content-type", "text/plain; charset=utf-8").build();
    }

    /// Line ends would let a function write headers that it was not meant to.
    private static String clean(@Nullable Object value) {
        return String.valueOf(value).replaceAll("[\\r\\n]", " ");
    }

    private static @Nullable Blob body(@Nullable Object body, @Nullable Object base64) {
        if (body == null) {
            return Blob.EMPTY;
        }
        String text = body instanceof String string ? string : Json.write(body);
        if (!Boolean.TRUE.equals(base64)) {
            return Blob.ofUtf8(text);
        }
        try {
            return Blob.ofBase64(text);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
