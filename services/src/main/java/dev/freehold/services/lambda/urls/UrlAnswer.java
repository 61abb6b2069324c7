package dev.freehold.services.lambda.urls;

import dev.freehold.protocol.Blob;
import dev.freehold.protocol.ByteStream;
import dev.freehold.protocol.Headers;
import dev.freehold.protocol.Response;
import dev.freehold.services.json.Json;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Makes an HTTP response of what a function answered.
final class UrlAnswer {
    private UrlAnswer() {}

    /// An object with a `statusCode` says all; any other JSON is the body of a 200.
    ///
    /// @return null when the answer can't be understood
    static @Nullable Response of(byte[] payload) {
        Object answer;
        try {
            answer = payload.length == 0 ? null : Json.read(payload);
        } catch (IllegalArgumentException e) {
            return null;
        }
        if (answer instanceof Map<?, ?> members && members.containsKey("statusCode")) {
            return structured(members);
        }
        Headers headers = Headers.builder().set("content-type", "application/json").build();
        String text = answer instanceof String string ? string : Json.write(answer);
        return new Response(200, headers, ByteStream.of(Blob.ofUtf8(text)));
    }

    private static @Nullable Response structured(Map<?, ?> answer) {
        try {
            int status = status(answer.get("statusCode"));
            Object body = answer.get("body");
            String text =
                    body == null ? "" : body instanceof String string ? string : Json.write(body);
            boolean base64 = Boolean.TRUE.equals(answer.get("isBase64Encoded"));
            Blob bytes = base64 ? Blob.ofBase64(text) : Blob.ofUtf8(text);
            return new Response(status, headers(answer, "application/json"), ByteStream.of(bytes));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// @throws IllegalArgumentException when it is none
    static int status(@Nullable Object value) {
        int status = Integer.parseInt(String.valueOf(value));
        if (status < 100 || status > 599) {
            throw new IllegalArgumentException("status " + status);
        }
        return status;
    }

    /// @param contentType unless the answer has one
    static Headers headers(Map<?, ?> answer, String contentType) {
        Headers.Builder headers = Headers.builder();
        headers.set("content-type", contentType);
        if (answer.get("headers") instanceof Map<?, ?> given) {
            given.forEach((name, value) -> headers.set(clean(name), clean(value)));
        }
        if (answer.get("cookies") instanceof List<?> cookies) {
            cookies.forEach(cookie -> headers.add("set-cookie", clean(cookie)));
        }
        return headers.build();
    }

    /// Line ends would let a function write headers that it was not meant to.
    private static String clean(@Nullable Object value) {
        return String.valueOf(value).replaceAll("[\\r\\n]", " ");
    }
}
