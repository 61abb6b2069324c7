package dev.freehold.protocol.smithy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;

/// Tests that are known not to pass: one a line, `id: reason`.
record Skips(Map<String, String> reasons) {
    static Skips read(String resource) {
        Map<String, String> reasons = new TreeMap<>();
        try (InputStream in = Objects.requireNonNull(Skips.class.getResourceAsStream(resource))) {
            String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            for (String line :
                    text.lines().filter(l -> !l.isBlank() && l.charAt(0) != '#').toList()) {
                int colon = line.indexOf(": ");
                if (colon < 0
                        || reasons.put(line.substring(0, colon), line.substring(colon)) != null) {
                    throw new IllegalStateException("no reason, or listed twice: " + line);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Skips(reasons);
    }

    Set<String> ids() {
        return reasons.keySet();
    }
}
