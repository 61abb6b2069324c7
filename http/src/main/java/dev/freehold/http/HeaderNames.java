package dev.freehold.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// How the names of headers are written in HTTP/1.1. They have no case, but there are clients that
/// look for `ETag` and `Content-Type` as AWS writes them.
final class HeaderNames {
    private static final Map<String, String> IRREGULAR =
            Map.of("etag", "ETag", "www-authenticate", "WWW-Authenticate");

    /// The most names that are remembered: users' functions make up their own.
    private static final int MOST = 512;

    private static final Map<String, String> KNOWN = new ConcurrentHashMap<>(IRREGULAR);

    private HeaderNames() {}

    /// A name, given in lower case, as it is written. AWS's own stay in lower case.
    static String shown(String name) {
        if (name.startsWith("x-")) {
            return name;
        }
        String known = KNOWN.get(name);
        if (known != null) {
            return known;
        }
        String shown = capitals(name);
        if (KNOWN.size() < MOST) {
            KNOWN.put(name, shown);
        }
        return shown;
    }

    private static String capitals(String name) {
        StringBuilder shown = new StringBuilder(name);
        boolean first = true;
        for (int i = 0; i < shown.length(); i++) {
            char c = shown.charAt(i);
            if (first && c >= 'a' && c <= 'z') {
                shown.setCharAt(i, (char) (c - 'a' + 'A'));
            }
            first = c == '-';
        }
        return shown.toString();
    }
}
