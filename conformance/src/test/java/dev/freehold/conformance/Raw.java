package dev.freehold.conformance;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Requests byte for byte, right or wrong, each on a connection of its own. Signed by code of the
/// tests' own, so that an error in the product's can't hide itself.
final class Raw {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final int PATIENCE_MILLIS = 20_000;

    private final int port;

    Raw(int port) {
        this.port = port;
    }

    /// An answer's status, and all of it as text.
    record Answer(int status, String text) {}

    /// What is sent.
    ///
    /// @param headers beside `host`, `content-length` and those of the signature
    record Sent(String method, String path, Map<String, String> headers, byte[] body) {
        static Sent json(String target, String body) {
            return new Sent(
                    "POST",
                    "/",
                    Map.of("content-type", "application/x-amz-json-1.0", "x-amz-target", target),
                    body.getBytes(StandardCharsets.UTF_8));
        }
    }

    /// Signs and sends.
    Answer send(Sent sent, String service, String key, String secret) throws Exception {
        Map<String, String> headers = new TreeMap<>(sent.headers());
        headers.put("host", "127.0.0.1:" + port);
        headers.put("x-amz-date", TIME.format(Instant.now()));
        headers.putIfAbsent("x-amz-content-sha256", hex(sha256(sent.body())));
        headers.put("authorization", authorization(sent, headers, service, key, secret));
        return send(sent, headers);
    }

    /// Signs and sends a request whose path has a query.
    ///
    /// @param query as the signature has it
    Answer sendQuery(Sent sent, String query, String key, String secret) throws Exception {
        Map<String, String> headers = new TreeMap<>(sent.headers());
        headers.put("host", "127.0.0.1:" + port);
        headers.put("x-amz-date", TIME.format(Instant.now()));
        headers.put("x-amz-content-sha256", hex(sha256(sent.body())));
        String path = sent.path().substring(0, sent.path().indexOf('?')) + "\n" + query;
        Sent signed = new Sent(sent.method(), path, sent.headers(), sent.body());
        headers.put("authorization", authorization(signed, headers, "s3", key, secret));
        return send(sent, headers);
    }

    /// Sends with these headers and no others but `content-length` and `connection`.
    Answer send(Sent sent, Map<String, String> headers) throws IOException {
        StringBuilder head = new StringBuilder(sent.method() + " " + sent.path() + " HTTP/1.1\r\n");
        headers.forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
        if (!headers.containsKey("content-length")) {
            head.append("content-length: " + sent.body().length + "\r\n");
        }
        head.append("connection: close\r\n\r\n");
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(head.toString().getBytes(StandardCharsets.ISO_8859_1));
            socket.getOutputStream().write(sent.body());
            socket.getOutputStream().flush();
            socket.shutdownOutput();
            String text =
                    new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int status = text.startsWith("HTTP/1.1 ") ? Integer.parseInt(text.substring(9, 12)) : 0;
            return new Answer(status, text);
        }
    }

    private static String authorization(
            Sent sent, Map<String, String> headers, String service, String key, String secret)
            throws GeneralSecurityException {
        String time = Objects.requireNonNull(headers.get("x-amz-date"));
        String scope = time.substring(0, 8) + "/us-east-1/" + service + "/aws4_request";
        String names = String.join(";", headers.keySet());
        StringBuilder canonical = new StringBuilder(sent.method() + "\n" + sent.path() + "\n");
        if (sent.path().indexOf('\n') < 0) {
            canonical.append("\n");
        }
        headers.forEach((name, value) -> canonical.append(name + ":" + value + "\n"));
        canonical.append("\n" + names + "\n" + headers.get("x-amz-content-sha256"));
        byte[] hash = sha256(canonical.toString().getBytes(StandardCharsets.UTF_8));
        String text = "AWS4-HMAC-SHA256\n" + time + "\n" + scope + "\n" + hex(hash);
        byte[] signing = ("AWS4" + secret).getBytes(StandardCharsets.UTF_8);
        for (String part : scope.split("/")) {
            signing = hmac(signing, part);
        }
        return "AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s"
                .formatted(key, scope, names, hex(hmac(signing, text)));
    }

    private static byte[] hmac(byte[] key, String text) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] sha256(byte[] bytes) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(bytes);
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
