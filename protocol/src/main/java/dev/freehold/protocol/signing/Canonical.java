package dev.freehold.protocol.signing;

import dev.freehold.protocol.Request;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/// The canonical form of a request, as Signature Version 4 hashes it.
final class Canonical {
    private Canonical() {}

    static String request(Request request, Authorization authorization, String payloadHash) {
        boolean s3 = authorization.service().equals("s3");
        StringBuilder out = new StringBuilder();
        out.append(request.method()).append('\n');
        out.append(path(request.rawPath(), s3)).append('\n');
        out.append(query(request.rawQuery(), authorization.kind())).append('\n');
        for (String name : authorization.signedHeaders()) {
            out.append(name).append(':').append(header(request, name)).append('\n');
        }
        out.append('\n').append(String.join(";", authorization.signedHeaders())).append('\n');
        return out.append(payloadHash).toString();
    }

    private static String header(Request request, String name) {
        if (name.equals("host")) {
            return request.host();
        }
        List<String> values = new ArrayList<>();
        for (String value : request.headers().all(name)) {
            String stripped = value.strip();
            values.add(stripped.contains("  ") ? stripped.replaceAll(" +", " ") : stripped);
        }
        return values.size() == 1 ? values.getFirst() : String.join(",", values);
    }

    /// S3's paths are encoded once and taken as they are; all others are encoded once more, and
    /// without dots.
    private static String path(String rawPath, boolean s3) {
        if (s3) {
            return encode(decode(rawPath), true);
        }
        Deque<String> segments = new ArrayDeque<>();
        for (String segment : rawPath.split("/", -1)) {
            if (segment.equals("..")) {
                segments.pollLast();
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(encode(segment, false));
            }
        }
        String path = "/" + String.join("/", segments);
        return rawPath.endsWith("/") && path.length() > 1 ? path + "/" : path;
    }

    private static String query(String rawQuery, Authorization.Kind kind) {
        List<String> pairs = new ArrayList<>();
        for (String pair : rawQuery.split("&", -1)) {
            if (pair.isEmpty()) {
                continue;
            }
            int equals = pair.indexOf('=');
            String name = encode(decode(equals < 0 ? pair : pair.substring(0, equals)), false);
            String value = equals < 0 ? "" : encode(decode(pair.substring(equals + 1)), false);
            if (kind != Authorization.Kind.V4_QUERY || !name.equals("X-Amz-Signature")) {
                pairs.add(name + "=" + value);
            }
        }
        pairs.sort((a, b) -> {
            int order = a.substring(0, a.indexOf('=')).compareTo(b.substring(0, b.indexOf('=')));
            return order != 0 ? order : a.compareTo(b);
        });
        return String.join("&", pairs);
    }

    /// The bytes of a percent-encoded text; a `+` is a plus.
    private static byte[] decode(String text) {
        byte[] in = text.getBytes(StandardCharsets.UTF_8);
        byte[] out = new byte[in.length];
        int n = 0;
        for (int i = 0; i < in.length; i++) {
            int high = in[i] == '%' && i + 2 < in.length ? Character.digit(in[i + 1], 16) : -1;
            int low = high >= 0 ? Character.digit(in[i + 2], 16) : -1;
            if (low >= 0) {
                out[n++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                out[n++] = in[i];
            }
        }
        return Arrays.copyOf(out, n);
    }

    private static String encode(String text, boolean keepSlash) {
        for (int i = 0; i < text.length(); i++) {
            if (!plain(text.charAt(i), keepSlash)) {
                return encode(text.getBytes(StandardCharsets.UTF_8), keepSlash);
            }
        }
        return text;
    }

    private static boolean plain(char c, boolean keepSlash) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || "-_.~".indexOf(c) >= 0
                || (keepSlash && c == '/');
    }

    private static String encode(byte[] bytes, boolean keepSlash) {
        StringBuilder out = new StringBuilder(bytes.length + 16);
        for (byte b : bytes) {
            char c = (char) (b & 0xFF);
            if (plain(c, keepSlash)) {
                out.append(c);
            } else {
                out.append('%').append("%02X".formatted((int) c));
            }
        }
        return out.toString();
    }
}
