package dev.freehold.protocol.rest;

import java.util.Locale;

/// Compares media types, without their parameters.
final class MediaTypes {
    private MediaTypes() {}

    static boolean same(String sent, String expected) {
        return essence(sent).equals(expected);
    }

    /// Whether an `Accept` header takes that type.
    static boolean accepts(String header, String type) {
        String wildcard = type.substring(0, type.indexOf('/')) + "/*";
        for (String range : header.split(",", -1)) {
            String accepted = essence(range);
            if (accepted.equals(type) || accepted.equals("*/*") || accepted.equals(wildcard)) {
                return true;
            }
        }
        return header.isBlank();
    }

    private static String essence(String type) {
        int end = type.indexOf(';');
        return (end < 0 ? type : type.substring(0, end)).strip().toLowerCase(Locale.ROOT);
    }
}
